import type { Environment, Rollout } from 'backstage-plugin-delivery-common';
import { absoluteTime } from '../../format/absoluteTime';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { Bar } from '../../ui';
import { CommitMark, isRolling, RolloutBadge } from '../EnvironmentState';
import { Ago, Elapsed } from '../Time';
import { FactList, Section } from './FactList';
import type { Fact } from './FactList';
import { RolloutLine } from './RolloutLine';
import { useSectionStyles } from './sectionStyles';

/** A word of the runtime as one reads it: `BAKE_TIME` becomes `bake time`. */
function stageWord(stage: string): string {
  return plainText(stage).toLowerCase().replaceAll('_', ' ');
}

function partWords(part: NonNullable<Rollout['new']>, t: T): string {
  const counts = { running: `${part.running}`, requested: `${part.requested}` };
  const words: string[] = [
    part.pending > 0
      ? t('rollout.partPending', { ...counts, pending: `${part.pending}` })
      : t('rollout.part', counts),
  ];
  if (part.traffic !== undefined) {
    words.push(
      t('rollout.partTraffic', { percent: `${Math.round(part.traffic)}` }),
    );
  }
  if (part.testTraffic !== undefined) {
    words.push(
      t('rollout.testTraffic', { percent: `${Math.round(part.testTraffic)}` }),
    );
  }
  return words.join(' · ');
}

function partFact(label: string, part: Rollout['new'], t: T): Fact {
  return [
    label,
    part && (
      <>
        <CommitMark commit={part.commit} />
        {' · '}
        {partWords(part, t)}
      </>
    ),
  ];
}

function pauseWords(paused: NonNullable<Rollout['paused']>, t: T): string {
  if (paused.stage === undefined) return t('rollout.pausedHere');
  const stage = stageWord(paused.stage);
  return paused.expiresAt === undefined
    ? t('rollout.pausedAt', { stage })
    : t('rollout.pausedUntil', { stage, when: absoluteTime(paused.expiresAt) });
}

function alarmWords(alarms: NonNullable<Rollout['alarms']>, t: T): string {
  const list = (names: string[]) => names.map(plainText).join(', ');
  return alarms.triggered.length > 0
    ? t('rollout.alarmsFiring', { names: list(alarms.triggered) })
    : t('rollout.alarmsQuiet', { names: list(alarms.names) });
}

/** How the runtime replaces one revision by another: counts, traffic, what would stop it. */
export function RolloutSection(props: { environment: Environment }) {
  const classes = useSectionStyles();
  const t = useT();
  const { rollout, name } = props.environment;
  if (!rollout) return null;
  const { alarms, circuitBreaker, paused } = rollout;
  const traffic = rollout.new?.traffic;
  return (
    <Section title={t('rollout.title')}>
      <div className={classes.line}>
        <RolloutBadge rollout={rollout} />
      </div>
      <div className={classes.gapAbove}>
        <RolloutLine environment={props.environment} />
      </div>
      {traffic !== undefined && (
        <div className={classes.gapAbove}>
          <Bar
            value={traffic / 100}
            tone="ok"
            label={t('rollout.trafficBar', { environment: plainText(name) })}
          />
          <span className={classes.side}>
            {t('rollout.trafficSplit', {
              now: `${Math.round(traffic)}`,
              before: `${Math.round(100 - traffic)}`,
            })}
          </span>
        </div>
      )}
      <div className={classes.gapAbove}>
        <FactList
          facts={[
            [t('rollout.strategyLabel'), t(`strategy.${rollout.strategy}`)],
            [
              t('rollout.stageLabel'),
              rollout.stage !== undefined && stageWord(rollout.stage),
            ],
            [
              t('rollout.pausedLabel'),
              paused && isRolling(rollout) && pauseWords(paused, t),
            ],
            partFact(t('rollout.newLabel'), rollout.new, t),
            partFact(t('rollout.oldLabel'), rollout.old, t),
            [
              t('rollout.failedTasksLabel'),
              rollout.failedTasks > 0 && `${rollout.failedTasks}`,
            ],
            [
              t('rollout.breakerLabel'),
              circuitBreaker &&
                t('rollout.breaker', {
                  failures: `${circuitBreaker.failures}`,
                  threshold: `${circuitBreaker.threshold}`,
                  state: stageWord(circuitBreaker.state),
                }),
            ],
            [
              t('rollout.alarmsLabel'),
              alarms && alarms.names.length + alarms.triggered.length > 0 && (
                <bdi>{alarmWords(alarms, t)}</bdi>
              ),
            ],
            [
              t('rollout.startedLabel'),
              rollout.startedAt !== undefined && <Ago at={rollout.startedAt} />,
            ],
            [
              t('rollout.tookLabel'),
              rollout.startedAt !== undefined &&
                rollout.endedAt !== undefined && (
                  <Elapsed from={rollout.startedAt} to={rollout.endedAt} />
                ),
            ],
          ]}
        />
      </div>
    </Section>
  );
}
