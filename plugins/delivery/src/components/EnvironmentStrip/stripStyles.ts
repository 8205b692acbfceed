import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

export const useStripStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.75, 0.5),
      margin: 0,
      padding: 0,
      listStyle: 'none',
      minWidth: 0,
    },
    item: {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      minWidth: 0,
      maxWidth: '100%',
    },
    arrow: { flex: 'none', fontSize: '0.875rem', color: secondaryText(theme) },
    pill: {
      display: 'inline-flex',
      minWidth: 0,
      maxWidth: '100%',
      margin: 0,
      padding: '2px 10px 2px 7px',
      overflow: 'hidden',
      boxSizing: 'border-box',
      borderRadius: 14,
      border: `1px solid ${lineColor(theme)}`,
      backgroundColor: theme.palette.background.paper,
      font: 'inherit',
      color: theme.palette.text.primary,
      textDecoration: 'none',
      '&[data-basis=none]': { borderStyle: 'dashed' },
      'button&, a&': { cursor: 'pointer' },
      'button&:hover, a&:hover, &[aria-current=true]': {
        borderColor: theme.palette.primary.main,
        textDecoration: 'none',
      },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 1,
      },
    },
  }),
  { name: 'DeliveryEnvironmentStrip' },
);
