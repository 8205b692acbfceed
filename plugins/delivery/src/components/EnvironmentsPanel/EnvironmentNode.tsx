import type {
  Environment,
  LogicalDeployment,
} from 'backstage-plugin-delivery-common';
import type { ReactNode } from 'react';
import { plainText } from '../../format/plainText';
import type { Pair } from '../../hooks/useEnvironmentChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  CommitMark,
  HealthBadge,
  isRolling,
  RolloutBadge,
  shownCommits,
} from '../EnvironmentState';
import { Ago } from '../Time';
import { useCanvasStyles } from './canvasStyles';
import { EnvironmentChips } from './EnvironmentChips';
import { RolloutLine } from './RolloutLine';

/** Who brought it, and who let it: `ravi · approved by cleo`. */
function peopleOf(deployment: LogicalDeployment | undefined, t: T): string {
  const actor = plainText(deployment?.by ?? '');
  const actors = (deployment?.approvedBy ?? []).map(plainText).join(', ');
  if (actor && actors) {
    return t('environments.deployedAndApproved', { actor, actors });
  }
  if (actors) return t('environments.approvedBy', { actors });
  return actor;
}

function Problem(props: { environment: Environment }) {
  const classes = useCanvasStyles();
  const t = useT();
  const { problem, asOf } = props.environment;
  if (!problem) return null;
  const sentence = plainText(problem.message);
  return (
    <div className={classes.problem}>
      <div className={classes.asOf}>
        {asOf === undefined
          ? t('environments.neverRead')
          : t('environments.lastGood', { when: <Ago at={asOf} /> })}
      </div>
      <div className={classes.sentence} dir="auto" title={sentence}>
        {sentence}
      </div>
    </div>
  );
}

/** Age and people on one line, as far as known. */
function Facts(props: { environment: Environment }) {
  const classes = useCanvasStyles();
  const t = useT();
  const { environment } = props;
  const title = plainText(shownCommits(environment).now?.title ?? '');
  // What is shown as the commit is what comes: so is who brings it, and since when.
  const coming = isRolling(environment.rollout)
    ? environment.newest
    : undefined;
  const people = peopleOf(coming ?? environment.deployment, t);
  const at = coming?.startedAt ?? environment.since;
  const since: ReactNode = at !== undefined && <Ago at={at} />;
  return (
    <div className={classes.facts}>
      {title && (
        <bdi className={classes.line} title={title}>
          {title}
        </bdi>
      )}
      {(since || people) && (
        <span className={classes.people} title={people || undefined}>
          {since}
          {since && people && ' · '}
          {people && <bdi>{people}</bdi>}
        </span>
      )}
    </div>
  );
}

/** One environment on the way to production. The whole card chooses it; its links and chips act for themselves. */
export function EnvironmentNode(props: {
  environment: Environment;
  chosen: boolean;
  /** Id of the region that shows the chosen one. */
  controls: string;
  onChoose: () => void;
  onCompare: (pair: Pair) => void;
}) {
  const classes = useCanvasStyles();
  const t = useT();
  const { environment, chosen } = props;
  const name = plainText(environment.name);
  const { now, old } = shownCommits(environment);
  const never = environment.basis === 'none';
  const troubled =
    environment.health.state === 'unhealthy' ||
    environment.health.state === 'degraded' ||
    (environment.health.state === 'unknown' && !environment.problem);
  const health = plainText(environment.health.message);
  return (
    <div
      className={classes.card}
      data-environment={environment.name}
      data-basis={environment.basis}
      data-chosen={chosen}
      data-loud={environment.drift.some(({ kind }) => kind === 'out_of_band')}
    >
      <div className={classes.head}>
        <button
          type="button"
          className={classes.button}
          aria-pressed={chosen}
          aria-controls={props.controls}
          title={name}
          onClick={props.onChoose}
        >
          <bdi>{name}</bdi>
        </button>
        <HealthBadge environment={environment} />
      </div>
      {never ? (
        <div className={classes.facts}>{t('environments.nothingYet')}</div>
      ) : (
        <>
          <div className={classes.commit}>
            <span>
              <CommitMark commit={now} />
              {old && (
                <span className={classes.old}>
                  <span aria-hidden>{' ← '}</span>
                  <span
                    aria-label={t('environments.replaces', {
                      sha: plainText(old.sha ?? '').slice(0, 7),
                    })}
                    role="img"
                  >
                    <CommitMark commit={old} plain />
                  </span>
                </span>
              )}
            </span>
            {environment.rollout && (
              <RolloutBadge rollout={environment.rollout} />
            )}
          </div>
          <RolloutLine environment={environment} />
          <Facts environment={environment} />
        </>
      )}
      {troubled && !never && health && (
        <div className={classes.sentence} dir="auto" title={health}>
          {health}
        </div>
      )}
      <Problem environment={environment} />
      <div className={classes.foot}>
        <EnvironmentChips
          environment={environment}
          onCompare={props.onCompare}
        />
      </div>
    </div>
  );
}
