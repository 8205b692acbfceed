import { makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

export const useDoraStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      // Else the widest thing decides, and the page scrolls.
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(2),
      minWidth: 0,
      containerType: 'inline-size',
    },
    body: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(2),
      minWidth: 0,
    },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 2),
      minWidth: 0,
    },
    buttons: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5) },
    place: { display: 'grid', minWidth: 0 },
    end: { marginLeft: 'auto' },
    side: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
    },
    code: { fontFamily: 'monospace' },
    stale: { opacity: 0.6 },
    notes: { margin: 0, paddingLeft: theme.spacing(2.5) },
    opened: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 11fr) minmax(0, 12fr)',
      alignItems: 'start',
      gap: theme.spacing(2),
      minWidth: 0,
      '@container (max-width: 860px)': {
        gridTemplateColumns: 'minmax(0, 1fr)',
      },
    },
    below: { marginTop: theme.spacing(2) },
    facts: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      gap: theme.spacing(0.5, 1.5),
    },
    value: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '2rem',
      fontWeight: 700,
      lineHeight: '38px',
      fontVariantNumeric: 'tabular-nums',
    },
    none: { fontSize: '1.25rem', color: secondaryText(theme) },
    small: { color: secondaryText(theme), fontWeight: 400 },
    text: {
      margin: 0,
      ...theme.typography.body2,
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    chips: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.75) },
    pair: {
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'space-between',
      gap: theme.spacing(0, 2),
    },
    details: {
      display: 'grid',
      gap: theme.spacing(0.25),
      margin: 0,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      '& dt': { color: secondaryText(theme) },
      '& dd': { margin: 0, fontVariantNumeric: 'tabular-nums' },
    },
  }),
  { name: 'DeliveryDora' },
);
