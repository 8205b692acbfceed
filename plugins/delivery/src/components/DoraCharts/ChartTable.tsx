import { useT } from '../../translation/deliveryTranslationRef';
import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import type { ChartColumn, ChartRow } from './chartModel';

const useStyles = makeStyles<Theme>(
  theme => ({
    frame: { overflowX: 'auto', minWidth: 0, maxHeight: 360 },
    table: {
      width: '100%',
      borderCollapse: 'collapse',
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      fontVariantNumeric: 'tabular-nums',
    },
    caption: {
      textAlign: 'left',
      fontSize: '0.75rem',
      color: secondaryText(theme),
      padding: theme.spacing(0, 0, 0.5),
    },
    cell: {
      padding: theme.spacing(0.5, 1),
      textAlign: 'right',
      fontWeight: 400,
      borderBottom: `1px solid ${lineColor(theme)}`,
      '&:first-child, &:last-child': { textAlign: 'left' },
    },
    head: { fontSize: '0.75rem', color: secondaryText(theme) },
  }),
  { name: 'DeliveryDoraChartTable' },
);

/** The numbers of a chart. */
export function ChartTable(props: {
  caption: string;
  columns: readonly ChartColumn[];
  rows: readonly ChartRow[];
}) {
  const classes = useStyles();
  const t = useT();
  const head = `${classes.cell} ${classes.head}`;
  return (
    <div
      className={classes.frame}
      role="region"
      aria-label={props.caption}
      // What scrolls has to be reached with the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table className={classes.table}>
        <caption className={classes.caption}>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={head}>
              {t('dora.chart.when')}
            </th>
            {props.columns.map(({ id, title }) => (
              <th key={id} scope="col" className={head}>
                {title}
              </th>
            ))}
            <th scope="col" className={head}>
              {t('dora.chart.note')}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map(row => (
            <tr key={row.key}>
              <th scope="row" className={classes.cell}>
                {row.span}
              </th>
              {props.columns.map(({ id, of }) => (
                <td key={id} className={classes.cell}>
                  {of(row)}
                </td>
              ))}
              <td className={classes.cell}>{row.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
