import { makeStyles, tonesOf } from '../../ui';
import type { Theme } from '../../ui';
import { STATE_LOOKS, stateKey } from './stateOf';
import type { ShownState } from './stateOf';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { fontSize: '1.125rem', flex: 'none' },
    spin: {
      animation: '$spin 2s linear infinite',
      '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
    },
    '@keyframes spin': {
      from: { transform: 'rotate(0deg)' },
      to: { transform: 'rotate(360deg)' },
    },
    ...Object.fromEntries(
      Object.entries(tonesOf(theme)).map(([tone, { text }]) => [
        `tone-${tone}`,
        { color: text },
      ]),
    ),
  }),
  { name: 'DeliveryStateIcon' },
);

/** Sign of a state; the word belongs beside it or into the name of what holds it. */
export function StateIcon(props: {
  state: ShownState | undefined;
  className?: string;
}) {
  const classes: Record<string, string> = useStyles();
  const key = stateKey(props.state);
  const { tone, Icon } = STATE_LOOKS[key];
  return (
    <Icon
      aria-hidden
      data-state={key}
      className={[
        classes.root,
        classes[`tone-${tone}`],
        key === 'in_progress' ? classes.spin : '',
        props.className ?? '',
      ].join(' ')}
    />
  );
}
