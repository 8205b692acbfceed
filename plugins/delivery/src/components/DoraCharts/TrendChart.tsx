import type { DoraMetric } from 'backstage-plugin-delivery-common';
import { useId } from 'react';
import type { ReactElement } from 'react';
import {
  Area,
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  Line,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatDoraValue } from '../../format/doraValue';
import { useT } from '../../translation/deliveryTranslationRef';
import { ChartTip } from './ChartTip';
import { DASH, MARGIN, STILL, useChartColors } from './chartLook';
import type { ChartColors } from './chartLook';
import { kindOf } from './chartModel';
import type { ChartColumn, ChartKind, ChartRow } from './chartModel';

/** Room above a small rate, and never more than all. */
const topOfRates = (largest: number) =>
  Math.min(1, Math.max(0.2, Math.ceil(largest * 10) / 10));

interface Parts {
  rows: readonly ChartRow[];
  colors: ChartColors;
  /** Fill of what is not final, by what it stands for. */
  hatch: (name: string) => string;
  /** True: what is counted is what one does not want. */
  badHits: boolean;
}

/** Bars of what is final are full, the others hatched with a dashed edge. */
function cells(
  { rows, hatch }: Parts,
  name: string,
  fill: string,
  edge: string,
) {
  return rows.map(row => (
    <Cell
      key={row.key}
      fill={row.isOpen ? `url(#${hatch(name)})` : fill}
      stroke={edge}
      strokeDasharray={row.isOpen ? DASH : undefined}
    />
  ));
}

/** One line where the values are final, a dashed one where they are not; neither bridges a gap. */
function lines(colors: ChartColors, yAxisId: string): ReactElement[] {
  const common = {
    ...STILL,
    yAxisId,
    type: 'linear' as const,
    stroke: colors.line,
    strokeWidth: 2,
    connectNulls: false,
    activeDot: false as const,
  };
  return [
    <Line
      {...common}
      key="open"
      dataKey="open"
      strokeDasharray={DASH}
      dot={{ r: 3, fill: colors.paper, strokeDasharray: '' }}
    />,
    <Line
      {...common}
      key="firm"
      dataKey="firm"
      dot={{ r: 3, fill: colors.line }}
    />,
  ];
}

const bars: Record<ChartKind, (parts: Parts) => ReactElement[]> = {
  rate: parts => {
    const { colors, badHits } = parts;
    const common = { ...STILL, yAxisId: 'n', stackId: 'n' };
    return [
      <Bar key="hits" {...common} dataKey="hits">
        {cells(
          parts,
          'hits',
          badHits ? colors.bad : colors.good,
          badHits ? colors.bad : colors.barEdge,
        )}
      </Bar>,
      <Bar key="rest" {...common} dataKey="rest">
        {cells(
          parts,
          'rest',
          badHits ? colors.bar : colors.paper,
          colors.barEdge,
        )}
      </Bar>,
    ];
  },
  count: parts => {
    const { colors } = parts;
    const common = { ...STILL, yAxisId: 'n', stackId: 'n' };
    return [
      <Bar key="count" {...common} dataKey="count">
        {cells(parts, 'rest', colors.good, colors.barEdge)}
      </Bar>,
      <Bar key="beside" {...common} dataKey="beside">
        {cells(parts, 'beside', colors.rollback, colors.rollback)}
      </Bar>,
    ];
  },
  time: ({ colors }) => [
    <Area
      key="spread"
      {...STILL}
      yAxisId="value"
      type="linear"
      dataKey="spread"
      stroke={colors.spread}
      strokeDasharray="1 3"
      fill={colors.spread}
      fillOpacity={0.35}
      connectNulls={false}
      activeDot={false}
    />,
  ],
};

function Hatch(props: { id: string; color: string; paper: string }) {
  return (
    <pattern
      id={props.id}
      width={6}
      height={6}
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width={6} height={6} fill={props.paper} />
      <line x1={0} y1={0} x2={0} y2={6} stroke={props.color} strokeWidth={3} />
    </pattern>
  );
}

/** A metric week by week. Loaded on its own, because the library that draws it is large. */
export default function TrendChart(props: {
  metric: Pick<DoraMetric, 'id' | 'unit'>;
  rows: ChartRow[];
  columns: readonly ChartColumn[];
  width: number;
  height: number;
}) {
  const { columns, height, metric, rows, width } = props;
  const t = useT();
  const id = useId().replace(/\W/g, '');
  const colors = useChartColors();
  const kind = kindOf(metric.id);
  const parts: Parts = {
    rows,
    colors,
    hatch: name => `${id}-${name}`,
    badHits: metric.id !== 'deployment_success_rate',
  };
  const axis = {
    tick: { ...colors.font, fill: colors.text },
    tickLine: false,
    axisLine: false,
  };
  return (
    <ComposedChart
      width={width}
      height={height}
      data={rows}
      margin={MARGIN}
      barCategoryGap="20%"
    >
      <defs>
        <Hatch
          id={parts.hatch('hits')}
          color={parts.badHits ? colors.bad : colors.good}
          paper={colors.paper}
        />
        <Hatch
          id={parts.hatch('rest')}
          color={colors.bar}
          paper={colors.paper}
        />
        <Hatch
          id={parts.hatch('beside')}
          color={colors.rollback}
          paper={colors.paper}
        />
      </defs>
      <CartesianGrid vertical={false} stroke={colors.grid} />
      <XAxis {...axis} dataKey="label" minTickGap={16} />
      {kind !== 'time' && (
        <YAxis
          {...axis}
          yAxisId="n"
          width={32}
          allowDecimals={false}
          domain={[0, 'auto']}
        />
      )}
      {kind !== 'count' && (
        <YAxis
          {...axis}
          yAxisId="value"
          orientation={kind === 'rate' ? 'right' : 'left'}
          width={kind === 'rate' ? 52 : 64}
          domain={[0, kind === 'rate' ? topOfRates : 'auto']}
          tickFormatter={(value: number) =>
            formatDoraValue(value, metric.unit, t)
          }
        />
      )}
      <Tooltip
        {...STILL}
        cursor={{ fill: colors.grid, fillOpacity: 0.4, stroke: colors.grid }}
        content={<ChartTip columns={columns} />}
      />
      {bars[kind](parts)}
      {kind !== 'count' && lines(colors, 'value')}
    </ComposedChart>
  );
}
