import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

const NARROW = '@container (max-width: 720px)';

export const useAuditStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      // Else the widest thing decides, and the page scrolls.
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(1.5),
      minWidth: 0,
    },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
    },
    filters: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(170px, 1fr))',
      alignItems: 'center',
      gap: theme.spacing(1.5, 1),
      maxWidth: 900,
      paddingTop: theme.spacing(1),
    },
    // Wide tables scroll for themselves; the page never does.
    frame: {
      containerType: 'inline-size',
      overflowX: 'auto',
      minWidth: 0,
    },
    stale: { opacity: 0.6 },
    table: {
      width: '100%',
      minWidth: 470,
      tableLayout: 'fixed',
      borderCollapse: 'collapse',
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
    },
    head: {
      padding: theme.spacing(0.75, 1),
      textAlign: 'left',
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.6875rem',
      fontWeight: 700,
      letterSpacing: '0.06em',
      textTransform: 'uppercase',
      color: secondaryText(theme),
      borderBottom: `1px solid ${lineColor(theme)}`,
    },
    cell: {
      padding: theme.spacing(0.75, 1),
      verticalAlign: 'top',
      overflowWrap: 'anywhere',
      borderBottom: `1px solid ${lineColor(theme)}`,
    },
    when: { width: 92, [NARROW]: { width: 72 } },
    who: { width: 150, [NARROW]: { width: 78 } },
    what: { width: 170, [NARROW]: { width: 112 } },
    where: { width: 190, [NARROW]: { width: 94 } },
    why: {},
    block: { display: 'block', overflowWrap: 'anywhere' },
    strong: { display: 'block', fontWeight: 700 },
    side: {
      display: 'block',
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
    },
    code: { fontFamily: 'monospace', fontSize: '0.75rem' },
    foot: {
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'center',
      alignItems: 'center',
      gap: theme.spacing(0, 0.75),
      minHeight: 40,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
    proof: {
      display: 'grid',
      gap: theme.spacing(1),
      paddingTop: theme.spacing(1.5),
      borderTop: `1px solid ${lineColor(theme)}`,
    },
  }),
  { name: 'DeliveryAudit' },
);

export const COLUMNS = ['when', 'who', 'what', 'where', 'why'] as const;
