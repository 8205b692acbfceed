import { lineColor, makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';

export const useDrawerStyles = makeStyles<Theme>(
  theme => ({
    frame: { containerType: 'inline-size', minWidth: 0 },
    columns: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1.6fr) minmax(300px, 1fr)',
      gap: theme.spacing(1.5),
      alignItems: 'start',
      '@container (max-width: 820px)': {
        gridTemplateColumns: 'minmax(0, 1fr)',
      },
    },
    column: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
    text: {
      margin: 0,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    side: {
      margin: 0,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
    },

    list: { margin: 0, padding: 0, listStyle: 'none' },
    item: {
      display: 'flex',
      alignItems: 'flex-start',
      gap: theme.spacing(0.25, 1),
      padding: theme.spacing(0.75, 0),
      borderBottom: `1px solid ${lineColor(theme)}`,
      '&:last-child': { borderBottom: 'none' },
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
      minWidth: 0,
    },
    grow: {
      flex: '1 1 auto',
      minWidth: 0,
      display: '-webkit-box',
      '-webkit-line-clamp': 4,
      '-webkit-box-orient': 'vertical',
      overflow: 'hidden',
    },
    end: {
      flex: '0 1 auto',
      marginLeft: 'auto',
      textAlign: 'right',
      maxWidth: '50%',
      fontSize: '0.75rem',
      lineHeight: '1.25rem',
      color: secondaryText(theme),
    },
    icon: { flex: 'none', fontSize: '1.125rem', marginTop: 1 },
    word: {
      flex: 'none',
      fontWeight: 700,
      fontSize: '0.75rem',
      lineHeight: '1.25rem',
    },
    code: { fontFamily: 'monospace', fontSize: '0.75rem' },
    bullets: {
      margin: 0,
      paddingLeft: theme.spacing(2.5),
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    subtitle: {
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      fontWeight: 700,
      margin: theme.spacing(1, 0, 0.25),
      '&:first-child': { marginTop: 0 },
    },
    gapAbove: { marginTop: theme.spacing(1) },
    ...Object.fromEntries(
      Object.entries(tonesOf(theme)).map(([tone, { text }]) => [
        `tone-${tone}`,
        { color: text },
      ]),
    ),
  }),
  { name: 'DeliveryApprovalDrawer' },
);
