import type { Environment } from 'backstage-plugin-delivery-common';
import { plainText, shortSha } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  AlarmIcon,
  GateIcon,
  makeStyles,
  secondaryText,
  StartupFailureIcon,
  tonesOf,
} from '../../ui';
import type { Theme, Tone } from '../../ui';
import {
  HEALTH_LOOKS,
  healthKey,
  isRolling,
  progressOf,
  ROLLOUT_LOOKS,
  rolloutKey,
  rolloutWord,
  shownCommits,
} from '../EnvironmentState';

const useStyles = makeStyles<Theme, { tone: Tone }>(
  theme => ({
    root: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: 6,
      maxWidth: '100%',
      minWidth: 0,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '20px',
      whiteSpace: 'nowrap',
      color: theme.palette.text.primary,
    },
    icon: {
      flex: 'none',
      fontSize: '1rem',
      color: ({ tone }) => tonesOf(theme)[tone].text,
    },
    name: {
      fontWeight: 700,
      minWidth: 0,
      maxWidth: 160,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    sha: { fontFamily: 'monospace' },
    word: { color: ({ tone }) => tonesOf(theme)[tone].text },
    behind: { color: secondaryText(theme) },
    alarm: { flex: 'none', fontSize: '1rem', color: tonesOf(theme).error.text },
    gate: {
      flex: 'none',
      fontSize: '1rem',
      color: tonesOf(theme).waiting.text,
    },
    hidden: {
      position: 'absolute',
      width: 1,
      height: 1,
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
    },
  }),
  { name: 'DeliveryEnvironmentPill' },
);

/** What one sees first of an environment: its rollout while that moves or went wrong, else its health. */
function stateOf(environment: Environment, t: T) {
  const { rollout } = environment;
  const health = healthKey(environment);
  if (rollout && (isRolling(rollout) || health !== 'unhealthy')) {
    const key = rolloutKey(rollout);
    const progress = progressOf(rollout);
    const done =
      (key === 'in_progress' || key === 'rolling_back') &&
      progress !== undefined
        ? ` ${Math.round(progress * 100)} %`
        : '';
    return {
      ...ROLLOUT_LOOKS[key],
      word: rolloutWord(rollout, t) + done,
      quiet: false,
    };
  }
  return {
    ...HEALTH_LOOKS[health],
    word: t(`health.${health}`),
    // The sign says it; the word is for those who cannot see it.
    quiet: health === 'healthy',
  };
}

/** An environment in one line: sign and word of its state, name, commit, and what is wrong. */
export function EnvironmentPill(props: { environment: Environment }) {
  const t = useT();
  const { environment } = props;
  const { tone, Icon, word, quiet } = stateOf(environment, t);
  const classes = useStyles({ tone });
  const sha = shownCommits(environment).now?.sha;
  const drift = environment.drift.find(({ kind }) => kind === 'out_of_band');
  return (
    <span className={classes.root}>
      <Icon aria-hidden className={classes.icon} />
      <bdi className={classes.name}>{plainText(environment.name)}</bdi>
      {sha !== undefined && (
        <code className={classes.sha}>{shortSha(sha)}</code>
      )}
      <span className={quiet ? classes.hidden : classes.word} dir="auto">
        {word}
      </span>
      {environment.problem && (
        <span className={classes.behind}>{t('environments.stale')}</span>
      )}
      {drift && (
        <StartupFailureIcon
          className={classes.alarm}
          titleAccess={plainText(drift.message)}
        />
      )}
      {environment.alarmsFiring.length > 0 && (
        <AlarmIcon
          className={classes.alarm}
          titleAccess={t('environments.alarms', {
            count: environment.alarmsFiring.length,
          })}
        />
      )}
      {environment.waiting && (
        <GateIcon
          className={classes.gate}
          titleAccess={t('environments.waiting')}
        />
      )}
    </span>
  );
}
