import type { DoraMetric } from 'backstage-plugin-delivery-common';
import { Component, lazy, Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { Action, makeStyles, secondaryText, Skeleton } from '../../ui';
import type { Theme } from '../../ui';
import { isRate, RATES } from '../DoraPanel/metricWords';
import { chartColumns, chartRows, kindOf } from './chartModel';
import type { ChartColumn, ChartRow } from './chartModel';
import { ChartTable } from './ChartTable';
import { useWidth } from './useWidth';

const TrendChart = lazy(() => import('./TrendChart'));
const HEIGHT = 220;

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(1), minWidth: 0 },
    head: {
      display: 'flex',
      alignItems: 'center',
      justifyContent: 'space-between',
      gap: theme.spacing(1),
    },
    title: { margin: 0, ...theme.typography.body2, fontWeight: 700 },
    box: { minWidth: 0, height: HEIGHT, overflow: 'hidden' },
    legend: {
      ...theme.typography.body2,
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryDoraTrend' },
);

/** A chart that cannot be loaded leaves its place to the table. */
class OrElse extends Component<
  { children: ReactNode; else: ReactNode },
  { failed: boolean }
> {
  static getDerivedStateFromError() {
    return { failed: true };
  }

  state = { failed: false };

  render() {
    return this.state.failed ? this.props.else : this.props.children;
  }
}

/** What the marks of the chart stand for. */
function legendOf(id: string, rows: readonly ChartRow[], t: T): string {
  const kind = kindOf(id);
  return [
    isRate(id) &&
      t('dora.chart.legendRate', { hits: t(`dora.chart.${RATES[id]}`) }),
    kind === 'count' &&
      t('dora.chart.legendCount', {
        what: t(
          id === 'rollback_frequency'
            ? 'dora.chart.rollbacks'
            : 'dora.chart.deployments',
        ),
      }),
    rows.some(({ beside }) => beside > 0) && t('dora.chart.legendBeside'),
    kind === 'time' && t('dora.chart.legendTime'),
    rows.some(({ spread }) => spread) && t('dora.chart.legendSpread'),
    rows.some(row => row.isOpen) && t('dora.chart.legendOpen'),
    rows.some(({ value }) => value === null) && t('dora.chart.legendGap'),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The chart at the width there is. */
function ChartBox(props: {
  name: string;
  metric: DoraMetric;
  rows: ChartRow[];
  columns: readonly ChartColumn[];
}) {
  const classes = useStyles();
  const { ref, width } = useWidth<HTMLDivElement>();
  const { name, ...chart } = props;
  return (
    <div ref={ref} className={classes.box} role="img" aria-label={name}>
      <Suspense fallback={<Skeleton height={HEIGHT} />}>
        <TrendChart {...chart} width={width} height={HEIGHT} />
      </Suspense>
    </div>
  );
}

/** A metric over time: a chart, or the table behind it. */
export function MetricTrend(props: {
  metric: DoraMetric;
  title: string;
  zone: string;
}) {
  const classes = useStyles();
  const t = useT();
  const [asTable, setAsTable] = useState(false);
  const { metric, title, zone } = props;
  const rows = chartRows(metric, zone, t);
  const columns = chartColumns(metric, t);
  if (rows.length === 0) {
    return <div className={classes.legend}>{t('dora.chart.none')}</div>;
  }
  const name = t('dora.chart.name', {
    metric: title,
    n: `${rows.length}`,
    from: rows[0].span,
    to: rows[rows.length - 1].span,
  });
  const table = <ChartTable caption={name} columns={columns} rows={rows} />;
  return (
    <div className={classes.root}>
      <div className={classes.head}>
        <h3 className={classes.title}>{t('dora.chart.title')}</h3>
        <Action onClick={() => setAsTable(!asTable)}>
          {asTable ? t('dora.chart.asChart') : t('dora.chart.asTable')}
        </Action>
      </div>
      {asTable ? (
        table
      ) : (
        <OrElse
          else={
            <>
              <div role="status">{t('dora.chart.failed')}</div>
              {table}
            </>
          }
        >
          <ChartBox name={name} metric={metric} rows={rows} columns={columns} />
          <div className={classes.legend}>{legendOf(metric.id, rows, t)}</div>
        </OrElse>
      )}
    </div>
  );
}
