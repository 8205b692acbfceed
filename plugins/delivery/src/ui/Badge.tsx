import type { ComponentType, ReactNode } from 'react';
import { Hint } from './Hint';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import type { SvgIconProps } from '@material-ui/core/SvgIcon';
import { tonesOf } from './tones';
import type { Tone } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone }>(
  theme => ({
    root: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: 4,
      maxWidth: '100%',
      padding: '1px 9px 1px 5px',
      borderRadius: 12,
      border: ({ tone }) => `1px solid ${tonesOf(theme)[tone].border}`,
      backgroundColor: ({ tone }) => tonesOf(theme)[tone].fill,
      color: ({ tone }) => tonesOf(theme)[tone].text,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      fontWeight: 700,
      lineHeight: '20px',
      whiteSpace: 'nowrap',
    },
    word: { overflow: 'hidden', textOverflow: 'ellipsis' },
    icon: { flex: 'none', fontSize: '1rem' },
    spin: {
      animation: '$spin 2s linear infinite',
      '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
    },
    '@keyframes spin': {
      from: { transform: 'rotate(0deg)' },
      to: { transform: 'rotate(360deg)' },
    },
  }),
  { name: 'DeliveryBadge' },
);

/** Sign, word and colour of a state. */
export function Badge(props: {
  tone: Tone;
  Icon: ComponentType<SvgIconProps>;
  children: ReactNode;
  /** Says more on hover. */
  hint?: string;
  /** It goes on by itself: the sign turns. */
  moving?: boolean;
}) {
  const { Icon } = props;
  const classes = useStyles({ tone: props.tone });
  const badge = (
    <span className={classes.root}>
      <Icon
        aria-hidden
        className={`${classes.icon} ${props.moving ? classes.spin : ''}`}
      />
      <span className={classes.word} dir="auto">
        {props.children}
      </span>
    </span>
  );
  return props.hint ? <Hint text={props.hint}>{badge}</Hint> : badge;
}
