import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

export const useCardStyles = makeStyles<Theme>(
  theme => ({
    groups: { display: 'grid', gap: theme.spacing(2), minWidth: 0 },
    group: { minWidth: 0, border: 'none', margin: 0, padding: 0 },
    name: {
      margin: theme.spacing(0, 0, 0.75),
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.6875rem',
      fontWeight: 700,
      letterSpacing: '0.06em',
      textTransform: 'uppercase',
      color: secondaryText(theme),
    },
    cards: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(176px, 1fr))',
      gap: theme.spacing(1.5),
    },
    card: {
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'stretch',
      gap: theme.spacing(0.5),
      minWidth: 0,
      minHeight: 168,
      margin: 0,
      padding: theme.spacing(1.5),
      boxSizing: 'border-box',
      borderRadius: 8,
      border: `1px solid ${lineColor(theme)}`,
      backgroundColor: theme.palette.background.paper,
      color: theme.palette.text.primary,
      font: 'inherit',
      textAlign: 'left',
      overflowWrap: 'anywhere',
      'button&': { cursor: 'pointer' },
      'button&:hover': { borderColor: secondaryText(theme) },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 2,
      },
      // Not colour alone: the chosen one has a thick edge.
      '&[aria-pressed=true]': {
        borderColor: theme.palette.primary.main,
        boxShadow: `inset 0 3px 0 ${theme.palette.primary.main}`,
      },
    },
    title: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.8125rem',
      fontWeight: 700,
      lineHeight: '18px',
    },
    value: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '1.5rem',
      fontWeight: 700,
      lineHeight: '30px',
      fontVariantNumeric: 'tabular-nums',
    },
    none: { fontSize: '1.125rem', color: secondaryText(theme) },
    small: { color: secondaryText(theme), fontWeight: 400 },
    side: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
    },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0, 1),
    },
    grow: { flex: 1 },
  }),
  { name: 'DeliveryDoraCard' },
);
