import { lineColor, makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';

export const useRollbackStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      // Else the widest thing decides, and the page scrolls.
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(2),
      minWidth: 0,
    },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.5, 1),
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
      '& > *': { minWidth: 0 },
    },
    side: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
    },
    text: {
      margin: 0,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    group: {
      display: 'grid',
      gap: theme.spacing(1),
      margin: 0,
      padding: 0,
      border: 'none',
      minWidth: 0,
    },
    legend: {
      padding: 0,
      marginBottom: theme.spacing(1),
      ...theme.typography.body2,
      fontWeight: 700,
      color: theme.palette.text.primary,
    },
    target: {
      display: 'grid',
      gridTemplateColumns: 'auto minmax(0, 1fr)',
      gap: theme.spacing(0.5, 1),
      alignItems: 'start',
      padding: theme.spacing(1, 1.5),
      borderRadius: 8,
      border: `1px solid ${lineColor(theme)}`,
      '&[data-chosen=true]': {
        borderColor: theme.palette.primary.main,
        boxShadow: `inset 3px 0 ${theme.palette.primary.main}`,
      },
      '&[data-possible=false]': { borderStyle: 'dashed' },
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
    },
    radio: {
      width: 16,
      height: 16,
      margin: '2px 0 0',
      accentColor: theme.palette.primary.main,
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 2,
      },
    },
    body: { display: 'grid', gap: 2, minWidth: 0 },
    title: {
      minWidth: 0,
      maxWidth: '100%',
      fontWeight: 700,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    no: { color: tonesOf(theme).error.text },
    checks: { margin: 0, padding: 0, listStyle: 'none' },
    buttons: {
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'flex-end',
      gap: theme.spacing(1),
    },
  }),
  { name: 'DeliveryRollback' },
);
