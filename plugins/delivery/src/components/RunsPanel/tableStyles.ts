import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

const MEDIUM = '@container (max-width: 1120px)';
const NARROW = '@container (max-width: 720px)';
const TINY = '@container (max-width: 560px)';

/**
 * Shape of the table of runs, shared by its rows and by their skeleton so that nothing moves when data arrives. Columns fold by the
 * room the table has, not by the window: a portal's sidebar takes some of it.
 */
export const useTableStyles = makeStyles<Theme>(
  theme => ({
    frame: { containerType: 'inline-size' },
    table: {
      width: '100%',
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
      whiteSpace: 'nowrap',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    row: {
      height: 54,
      [NARROW]: { height: 74 },
      borderBottom: `1px solid ${lineColor(theme)}`,
      '&:hover': { backgroundColor: theme.palette.action.hover },
      '&:last-child': { borderBottom: 'none' },
    },
    link: { cursor: 'pointer' },
    cell: {
      padding: theme.spacing(0.5, 1),
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      verticalAlign: 'middle',
    },
    status: { width: 126, [NARROW]: { width: 118 } },
    number: {
      width: 62,
      'td&': { fontFamily: 'monospace' },
      [NARROW]: { display: 'none' },
    },
    change: {},
    branch: { width: 144, [NARROW]: { display: 'none' } },
    actor: { width: 110, [MEDIUM]: { display: 'none' } },
    stages: { width: 136, [NARROW]: { display: 'none' } },
    duration: { width: 116, [NARROW]: { width: 110 } },
    started: {
      width: 92,
      [NARROW]: { width: 88 },
      [TINY]: { display: 'none' },
    },
    title: {
      display: 'block',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      [NARROW]: {
        display: '-webkit-box',
        '-webkit-line-clamp': 2,
        '-webkit-box-orient': 'vertical',
        whiteSpace: 'normal',
        overflowWrap: 'anywhere',
      },
      fontWeight: 700,
      color: theme.palette.text.primary,
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: -2,
        borderRadius: 2,
      },
    },
    facts: {
      display: 'block',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
    },
    sha: { fontFamily: 'monospace' },
    /** Second line of the branch as long as there is no column for who. */
    under: {
      display: 'none',
      [MEDIUM]: {
        display: 'block',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        fontSize: '0.75rem',
        lineHeight: '18px',
        color: secondaryText(theme),
      },
    },
    side: {
      display: 'block',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
    },
    foldedMost: { display: 'none', [TINY]: { display: 'inline' } },
    foldedMore: { display: 'none', [NARROW]: { display: 'inline' } },
    unfolded: { [NARROW]: { display: 'none' } },
    foldedLine: {
      display: 'none',
      [NARROW]: {
        display: 'block',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        fontSize: '0.75rem',
        lineHeight: '18px',
        color: secondaryText(theme),
      },
    },
  }),
  { name: 'DeliveryRunsTable' },
);

export const COLUMNS = [
  'status',
  'run',
  'change',
  'branch',
  'actor',
  'stages',
  'duration',
  'started',
] as const;

/** Class of a column. */
export function columnClass(
  classes: ReturnType<typeof useTableStyles>,
  column: (typeof COLUMNS)[number],
): string {
  return column === 'run' ? classes.number : classes[column];
}
