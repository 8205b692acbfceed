import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

/** Shape of the matrix, shared with its skeleton so that nothing moves when data arrives. */
export const useMatrixStyles = makeStyles<Theme>(
  theme => ({
    scroller: {
      overflow: 'auto',
      // As high as its rows, but never higher than what is seen: the table scrolls, its head stays.
      maxHeight: 'max(320px, calc(100vh - 230px))',
      border: `1px solid ${lineColor(theme)}`,
      borderRadius: 8,
      backgroundColor: theme.palette.background.paper,
      color: theme.palette.text.primary,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: -2,
      },
    },
    row: {
      display: 'grid',
      borderBottom: `1px solid ${lineColor(theme)}`,
    },
    placed: { position: 'absolute', top: 0, left: 0, right: 0 },
    head: {
      position: 'sticky',
      top: 0,
      zIndex: 2,
      backgroundColor: theme.palette.background.paper,
    },
    title: {
      padding: theme.spacing(1),
      fontSize: '0.6875rem',
      fontWeight: 700,
      letterSpacing: '0.06em',
      textTransform: 'uppercase',
      color: secondaryText(theme),
      backgroundColor: theme.palette.background.paper,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    first: {
      position: 'sticky',
      left: 0,
      zIndex: 1,
      backgroundColor: theme.palette.background.paper,
      borderRight: `1px solid ${lineColor(theme)}`,
    },
    service: {
      display: 'flex',
      flexDirection: 'column',
      justifyContent: 'center',
      gap: 2,
      minWidth: 0,
      padding: theme.spacing(0.5, 1),
    },
    name: {
      color: theme.palette.primary.main,
      textDecoration: 'none',
      '&:hover': { textDecoration: 'underline' },
      fontWeight: 700,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    quiet: {
      fontSize: '0.75rem',
      color: secondaryText(theme),
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    group: { backgroundColor: theme.palette.background.default },
    groupName: {
      position: 'sticky',
      left: 0,
      display: 'flex',
      gap: 8,
      alignItems: 'center',
      justifySelf: 'start',
      padding: theme.spacing(0, 1),
      fontWeight: 700,
    },
    cell: { minWidth: 0 },
    never: {
      margin: 3,
      border: `1px dashed ${lineColor(theme)}`,
      borderRadius: 4,
    },
    absent: {
      display: 'flex',
      alignItems: 'center',
      height: '100%',
      padding: theme.spacing(0, 1),
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryMatrix' },
);
