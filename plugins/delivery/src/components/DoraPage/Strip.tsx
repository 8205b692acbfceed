import { makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';

const WIDTH = 600;
const HEIGHT = 30;
const EDGE = 6;

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'block',
      width: '100%',
      height: HEIGHT,
      '& *': { vectorEffect: 'non-scaling-stroke' },
    },
    base: { stroke: secondaryText(theme), opacity: 0.4 },
    // Many services at one place become darker.
    mark: {
      stroke: tonesOf(theme).running.solid,
      strokeWidth: 3,
      opacity: 0.6,
    },
    ends: {
      display: 'flex',
      justifyContent: 'space-between',
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryDoraStrip' },
);

/** Where each service lies between the smallest and the largest value. */
export function Strip(props: {
  values: readonly number[];
  label: string;
  format: (value: number) => string;
}) {
  const classes = useStyles();
  const { values } = props;
  const from = Math.min(0, ...values);
  const to = Math.max(...values);
  const span = to - from || 1;
  const place = (value: number) =>
    EDGE + ((value - from) / span) * (WIDTH - 2 * EDGE);
  return (
    <div>
      <svg
        role="img"
        aria-label={props.label}
        className={classes.root}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <line
          className={classes.base}
          x1={EDGE}
          x2={WIDTH - EDGE}
          y1={HEIGHT / 2}
          y2={HEIGHT / 2}
        />
        {values.map((value, index) => (
          <line
            // Values repeat; their order is that of the services.
            key={index}
            className={classes.mark}
            x1={place(value)}
            x2={place(value)}
            y1={4}
            y2={HEIGHT - 4}
          />
        ))}
      </svg>
      <div className={classes.ends} aria-hidden>
        <span>{props.format(from)}</span>
        <span>{props.format(to)}</span>
      </div>
    </div>
  );
}
