import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import type { ChartColumn, ChartRow } from './chartModel';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      padding: theme.spacing(0.75, 1),
      borderRadius: 6,
      border: `1px solid ${lineColor(theme)}`,
      backgroundColor: theme.palette.background.paper,
      color: theme.palette.text.primary,
      ...theme.typography.body2,
      fontSize: '0.75rem',
      fontVariantNumeric: 'tabular-nums',
    },
    title: { fontWeight: 700 },
    note: { color: secondaryText(theme) },
    line: {
      display: 'flex',
      justifyContent: 'space-between',
      gap: theme.spacing(2),
    },
  }),
  { name: 'DeliveryDoraChartTip' },
);

/** What stands behind one bar or dot; for the mouse. The table says the same to everybody. */
export function ChartTip(props: {
  columns: readonly ChartColumn[];
  /** Both are given by the chart. */
  active?: boolean;
  payload?: { payload: ChartRow }[];
}) {
  const classes = useStyles();
  const row = props.active ? props.payload?.[0]?.payload : undefined;
  if (!row) return null;
  return (
    <div className={classes.root}>
      <div className={classes.title}>{row.span}</div>
      {props.columns.map(({ id, of, title }) => (
        <div key={id} className={classes.line}>
          <span>{title}</span>
          <span>{of(row)}</span>
        </div>
      ))}
      {row.note && <div className={classes.note}>{row.note}</div>}
    </div>
  );
}
