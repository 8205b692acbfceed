import type { DoraMetric, DoraPoint } from 'backstage-plugin-delivery-common';
import { formatDoraValue } from '../../format/doraValue';
import { zonedDay } from '../../format/zonedTime';
import type { T } from '../../translation/deliveryTranslationRef';
import { isRate, RATES } from '../DoraPanel/metricWords';
import type { RateId } from '../DoraPanel/metricWords';

/** What is drawn: shares, counts, or times. */
export type ChartKind = 'rate' | 'count' | 'time';

export function kindOf(id: string): ChartKind {
  if (isRate(id)) return 'rate';
  return id === 'deployment_frequency' || id === 'rollback_frequency'
    ? 'count'
    : 'time';
}

/** One week or month of a chart. Null: a gap. */
export interface ChartRow {
  key: number;
  /** Below the axis: the day it begins. */
  label: string;
  /** `12 Feb – 18 Feb`. */
  span: string;
  n: number;
  /** Above, and the rest below, the line of a rate. */
  hits: number;
  rest: number;
  value: number | null;
  /** Of a count: how many. */
  count: number | null;
  beside: number;
  p75: number | null;
  p90: number | null;
  /** From three of four to nine of ten. */
  spread: [number, number] | null;
  /** The value where it is final, and where it is not: two lines. */
  firm: number | null;
  open: number | null;
  /** Cut by the window, or may still change. */
  isOpen: boolean;
  note: string;
}

const isOpen = (point: DoraPoint | undefined) =>
  point !== undefined && (point.partial || point.provisional);

function noteOf(point: DoraPoint, t: T): string {
  return [
    point.partial && t('dora.chart.part'),
    point.provisional && t('dora.chart.provisional'),
    point.value === null && t('dora.chart.nothing'),
  ]
    .filter(Boolean)
    .join(', ');
}

/** The points of a metric, ready to be drawn and to be written in a table. */
export function chartRows(
  metric: Pick<DoraMetric, 'id' | 'trend'>,
  zone: string,
  t: T,
): ChartRow[] {
  const { trend } = metric;
  return trend.map((point, index) => {
    const { from, to, n, value } = point;
    const open = isOpen(point);
    // A line that is not final begins at its last final neighbour.
    const touches =
      open || isOpen(trend[index - 1]) || isOpen(trend[index + 1]);
    const hits = point.hits ?? 0;
    const p75 = point.p75 ?? null;
    const p90 = point.p90 ?? null;
    const first = zonedDay(from, zone);
    const end = zonedDay(to - 1, zone);
    return {
      key: from,
      label: first,
      span: first === end ? first : t('dora.range', { from: first, to: end }),
      n,
      hits,
      rest: Math.max(0, n - hits),
      value,
      count: value === null ? null : n,
      beside: point.beside ?? 0,
      p75,
      p90,
      spread: p75 === null || p90 === null ? null : [p75, p90],
      firm: open ? null : value,
      open: touches ? value : null,
      isOpen: open,
      note: noteOf(point, t),
    };
  });
}

/** A column of the table behind a chart. */
export interface ChartColumn {
  id: string;
  title: string;
  of: (row: ChartRow) => string;
}

/** What the table behind a chart has beside when and note. */
export function chartColumns(
  metric: Pick<DoraMetric, 'id' | 'unit' | 'trend'>,
  t: T,
): ChartColumn[] {
  const { unit, trend } = metric;
  const say = (value: number | null) =>
    value === null ? '–' : formatDoraValue(value, unit, t);
  const value = (title: string): ChartColumn => ({
    id: 'value',
    title,
    of: row => say(row.value),
  });
  const n = (title: string): ChartColumn => ({
    id: 'n',
    title,
    of: row => `${row.n}`,
  });
  switch (kindOf(metric.id)) {
    case 'rate':
      return [
        {
          id: 'hits',
          title: t(`dora.chart.${RATES[metric.id as RateId]}`),
          of: row => `${row.hits}`,
        },
        n(t('dora.chart.total')),
        value(t('dora.chart.rate')),
      ];
    case 'count': {
      const ofRollbacks = metric.id === 'rollback_frequency';
      const count: ChartColumn = {
        id: 'count',
        title: t(
          ofRollbacks ? 'dora.chart.rollbacks' : 'dora.chart.deployments',
        ),
        of: row => (row.count === null ? '–' : `${row.count}`),
      };
      return trend.some(({ beside }) => beside !== undefined)
        ? [
            count,
            {
              id: 'beside',
              title: t('dora.chart.beside'),
              of: row => `${row.beside}`,
            },
          ]
        : [count];
    }
    default:
      return [
        n(t('dora.chart.n')),
        value(t('dora.chart.median')),
        ...(trend.some(({ p75 }) => typeof p75 === 'number')
          ? [
              {
                id: 'p75',
                title: t('dora.chart.p75'),
                of: (row: ChartRow) => say(row.p75),
              },
              {
                id: 'p90',
                title: t('dora.chart.p90'),
                of: (row: ChartRow) => say(row.p90),
              },
            ]
          : []),
      ];
  }
}
