import type { Environment } from 'backstage-plugin-delivery-common';
import { Fragment } from 'react';
import { formatDuration, formatEstimate } from '../../format/duration';
import { plainText } from '../../format/plainText';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import { Bar, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import {
  isRolling,
  progressOf,
  ROLLOUT_LOOKS,
  rolloutCounts,
  rolloutKey,
} from '../EnvironmentState';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: 4, minWidth: 0 },
    text: {
      minWidth: 0,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
      fontVariantNumeric: 'tabular-nums',
    },
    reason: {
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
      display: '-webkit-box',
      '-webkit-line-clamp': 3,
      '-webkit-box-orient': 'vertical',
      overflow: 'hidden',
    },
  }),
  { name: 'DeliveryRolloutLine' },
);

/** How long a rollout will still take; leaf, because it renders every second. */
function Left(props: { expectedAt: number }) {
  const t = useT();
  const left = props.expectedAt - useNow();
  return (
    <span>
      {left >= 0
        ? t('runs.left', { duration: formatEstimate(left, t) })
        : t('runs.overdue', { duration: formatDuration(-left, t) })}
    </span>
  );
}

/** How far the rollout of an environment is: bar, counts, time left, and the reason when it went wrong. Its word stands beside it. */
export function RolloutLine(props: { environment: Environment }) {
  const classes = useStyles();
  const t = useT();
  const { rollout, name } = props.environment;
  if (!rollout) return null;
  const rolling = isRolling(rollout);
  const key = rolloutKey(rollout);
  const { tone } = ROLLOUT_LOOKS[key];
  const progress = progressOf(rollout);
  const reason = plainText(rollout.reason ?? '');
  const counts = rolling ? rolloutCounts(rollout, t) : [];
  return (
    <div className={classes.root}>
      {rolling && progress !== undefined && (
        <Bar
          value={progress}
          tone={tone}
          label={t('rollout.progress', { environment: plainText(name) })}
        />
      )}
      <div className={classes.text}>
        {counts.map((words, index) => (
          <Fragment key={words}>
            {index > 0 && ' · '}
            <span>{words}</span>
          </Fragment>
        ))}
        {key === 'in_progress' && rollout.expectedAt !== undefined && (
          <>
            {counts.length > 0 && ' · '}
            <Left expectedAt={rollout.expectedAt} />
          </>
        )}
      </div>
      {reason && key !== 'in_progress' && (
        <div className={classes.reason} dir="auto" title={reason}>
          {reason}
        </div>
      )}
    </div>
  );
}
