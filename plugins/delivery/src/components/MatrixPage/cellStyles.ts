import { makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';

/** Looks of a cell; asked for once a table, because a page has hundreds of cells. */
export const useCellStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'flex-start',
      justifyContent: 'center',
      gap: 2,
      height: '100%',
      minWidth: 0,
      padding: theme.spacing(0.5, 1),
      color: theme.palette.text.primary,
      textDecoration: 'none',
      '&:hover': { backgroundColor: theme.palette.action.hover },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: -2,
      },
    },
    line: {
      display: 'flex',
      gap: 6,
      alignItems: 'baseline',
      maxWidth: '100%',
      whiteSpace: 'nowrap',
      overflow: 'hidden',
    },
    sha: { fontFamily: 'monospace', fontSize: '0.8125rem' },
    quiet: { fontSize: '0.75rem', color: secondaryText(theme) },
    chips: {
      display: 'flex',
      gap: 4,
      maxWidth: '100%',
      minWidth: 0,
      overflow: 'hidden',
    },
    badge: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: 3,
      flex: 'none',
      padding: '0 7px 0 3px',
      borderRadius: 10,
      border: '1px solid',
      fontSize: '0.6875rem',
      fontWeight: 700,
      lineHeight: '17px',
      whiteSpace: 'nowrap',
    },
    icon: { fontSize: '0.875rem' },
    note: {
      minWidth: 0,
      padding: '1px 6px',
      borderRadius: 3,
      fontSize: '0.6875rem',
      lineHeight: '17px',
      whiteSpace: 'nowrap',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    ...Object.fromEntries(
      Object.entries(tonesOf(theme)).map(([tone, { text, fill, border }]) => [
        `tone-${tone}`,
        { color: text, backgroundColor: fill, borderColor: border },
      ]),
    ),
  }),
  { name: 'DeliveryMatrixCell' },
);
