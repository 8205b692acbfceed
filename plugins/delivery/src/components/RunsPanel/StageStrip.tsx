import type { Stage } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Hint,
  lineColor,
  makeStyles,
  secondaryText,
  tonesOf,
  trackColor,
} from '../../ui';
import type { Theme } from '../../ui';
import { STATE_LOOKS, stateKey, stateWord } from '../StatusBadge';

const useStyles = makeStyles<Theme>(
  theme => {
    const tones = tonesOf(theme);
    return {
      root: {
        display: 'flex',
        alignItems: 'center',
        gap: 3,
        height: 18,
        margin: 0,
        padding: 0,
        listStyle: 'none',
        maxWidth: 140,
      },
      none: { position: 'relative', color: secondaryText(theme) },
      item: {
        width: 24,
        flex: '0 1 24px',
        minWidth: 4,
        height: 8,
        borderRadius: 2,
        boxSizing: 'border-box',
        // The shapes differ too: not by colour alone.
        '&[data-tone=ok]': { backgroundColor: tones.ok.solid },
        '&[data-tone=error]': {
          backgroundColor: tones.error.solid,
          height: 14,
        },
        '&[data-tone=warning]': {
          backgroundColor: tones.warning.solid,
          height: 14,
        },
        '&[data-tone=running]': {
          backgroundColor: tones.running.solid,
          height: 11,
        },
        '&[data-tone=waiting]': {
          backgroundColor: tones.waiting.fill,
          border: `2px dashed ${tones.waiting.solid}`,
          height: 11,
        },
        '&[data-tone=quiet], &[data-tone=neutral]': {
          backgroundColor: trackColor(theme),
          border: `1px solid ${lineColor(theme)}`,
        },
      },
      words: {
        position: 'absolute',
        width: 1,
        height: 1,
        overflow: 'hidden',
        clipPath: 'inset(50%)',
        whiteSpace: 'nowrap',
      },
    };
  },
  { name: 'DeliveryStageStrip' },
);

/** Columns of the job graph as one small strip. */
export function StageStrip(props: { runNumber: number; stages: Stage[] }) {
  const classes = useStyles();
  const t = useT();
  if (props.stages.length === 0) {
    return (
      <Hint text={t('runs.noStages')}>
        <span className={classes.none}>
          <span aria-hidden>–</span>
          <span className={classes.words}>{t('runs.noStages')}</span>
        </span>
      </Hint>
    );
  }
  return (
    <ul
      className={classes.root}
      aria-label={t('runs.stageList', { n: `${props.runNumber}` })}
    >
      {props.stages.map((stage, index) => {
        const name = plainText(stage.name);
        const state = stateWord(stage, t);
        const text = stage.environment
          ? t('runs.stageEnvironment', {
              name,
              state,
              environment: plainText(stage.environment),
            })
          : t('runs.stage', { name, state });
        return (
          <Hint key={`${index}-${stage.name}`} text={text}>
            <li
              className={classes.item}
              data-tone={STATE_LOOKS[stateKey(stage)].tone}
            >
              <span className={classes.words}>{text}</span>
            </li>
          </Hint>
        );
      })}
    </ul>
  );
}
