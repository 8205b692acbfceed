import type { DoraPoint } from 'backstage-plugin-delivery-common';
import { makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';

const WIDTH = 120;
const HEIGHT = 28;
const EDGE = 2;

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'block',
      width: '100%',
      height: HEIGHT,
      '& *': { vectorEffect: 'non-scaling-stroke' },
    },
    line: {
      fill: 'none',
      stroke: tonesOf(theme).running.solid,
      strokeWidth: 1.5,
      strokeLinejoin: 'round',
      strokeLinecap: 'round',
    },
    bar: { fill: tonesOf(theme).running.border },
    open: { strokeDasharray: '2 3' },
    openBar: {
      fill: 'none',
      stroke: tonesOf(theme).running.solid,
      strokeDasharray: '2 2',
    },
    base: { stroke: secondaryText(theme), opacity: 0.35 },
  }),
  { name: 'DeliveryDoraSpark' },
);

interface Segment {
  from: [number, number];
  to: [number, number];
  open: boolean;
}

/** Lines between neighbours that both have a value; a gap stays a gap. */
export function segmentsOf(
  points: readonly Pick<DoraPoint, 'value' | 'partial' | 'provisional'>[],
): { segments: Segment[]; single: [number, number][] } {
  const most = Math.max(...points.map(({ value }) => value ?? 0), 0) || 1;
  const step = WIDTH / Math.max(1, points.length - 1);
  const place = (index: number, value: number): [number, number] => [
    Math.round(index * step * 10) / 10,
    Math.round((HEIGHT - EDGE - (value / most) * (HEIGHT - 2 * EDGE)) * 10) /
      10,
  ];
  const segments: Segment[] = [];
  const single: [number, number][] = [];
  points.forEach(({ value, partial, provisional }, index) => {
    if (value === null) return;
    const before = points[index - 1];
    const after = points[index + 1]?.value ?? null;
    if (before && before.value !== null) {
      segments.push({
        from: place(index - 1, before.value),
        to: place(index, value),
        open: partial || provisional || before.partial || before.provisional,
      });
    } else if (after === null) {
      single.push(place(index, value));
    }
  });
  return { segments, single };
}

function Lines(props: { points: readonly DoraPoint[] }) {
  const classes = useStyles();
  const { segments, single } = segmentsOf(props.points);
  return (
    <>
      {segments.map(({ from, to, open }) => (
        <line
          key={from[0]}
          className={`${classes.line} ${open ? classes.open : ''}`}
          x1={from[0]}
          y1={from[1]}
          x2={to[0]}
          y2={to[1]}
        />
      ))}
      {single.map(([x, y]) => (
        <line
          key={x}
          className={classes.line}
          x1={x - 1}
          y1={y}
          x2={x + 1}
          y2={y}
        />
      ))}
    </>
  );
}

function Bars(props: { points: readonly DoraPoint[] }) {
  const classes = useStyles();
  const { points } = props;
  const most = Math.max(...points.map(({ n }) => n), 1);
  const step = WIDTH / Math.max(1, points.length);
  return (
    <>
      {points.map(({ from, n, value, partial, provisional }, index) => {
        const height = (n / most) * (HEIGHT - EDGE);
        return value === null || n === 0 ? null : (
          <rect
            key={from}
            className={partial || provisional ? classes.openBar : classes.bar}
            x={index * step + step * 0.15}
            y={HEIGHT - height}
            width={step * 0.7}
            height={height}
          />
        );
      })}
    </>
  );
}

/** The trend of a metric, as small as a word. Only a picture: the large chart has the numbers, and a table. */
export function Spark(props: {
  points: readonly DoraPoint[];
  /** Counts are bars. */
  bars?: boolean;
}) {
  const classes = useStyles();
  const { points } = props;
  return (
    <svg
      aria-hidden
      focusable="false"
      className={classes.root}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      <line
        className={classes.base}
        x1={0}
        y1={HEIGHT - 0.5}
        x2={WIDTH}
        y2={HEIGHT - 0.5}
      />
      {props.bars ? <Bars points={points} /> : <Lines points={points} />}
    </svg>
  );
}
