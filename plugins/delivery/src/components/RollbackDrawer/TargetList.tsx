import type { RollbackOptions } from 'backstage-plugin-delivery-common';
import { useId } from 'react';
import { formatDuration } from '../../format/duration';
import { cutText, shortSha } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { CheckLine } from '../ApprovalDrawer/CheckLine';
import { CommitMark } from '../EnvironmentState';
import { Ago } from '../Time';
import { useRollbackStyles } from './rollbackStyles';

export type Target = RollbackOptions['targets'][number];

function whyImpossible({ checks, possible }: Target, t: T): string | undefined {
  if (possible) return undefined;
  // Which one is said below, among the others.
  const failed = checks.some(({ state }) => state === 'fail');
  return failed ? t('rollback.checkFailed') : t('rollback.impossible');
}

function factsOf(target: Target, t: T): string {
  const by = cutText(target.by ?? '', 60);
  const approvers = target.approvedBy
    .map(name => cutText(name, 60))
    .filter(Boolean)
    .join(', ');
  return [
    target.ranMs !== undefined &&
      t('rollback.ran', { duration: formatDuration(target.ranMs, t) }),
    by && t('rollback.by', { who: by }),
    approvers
      ? t('rollback.approvedBy', { who: approvers })
      : t('rollback.approvedByNobody'),
  ]
    .filter(Boolean)
    .join(' · ');
}

function TargetItem(props: {
  target: Target;
  group: string;
  chosen: boolean;
  disabled: boolean;
  onChoose: () => void;
}) {
  const classes = useRollbackStyles();
  const t = useT();
  const id = useId();
  const { target } = props;
  const { commit } = target;
  const why = whyImpossible(target, t);
  const title = cutText(commit.title ?? '', 200);
  const definition = cutText(target.taskDefinition ?? '', 120);
  return (
    <div
      className={classes.target}
      data-target={target.deploymentId}
      data-chosen={props.chosen}
      data-possible={target.possible}
    >
      <input
        id={id}
        type="radio"
        className={classes.radio}
        name={props.group}
        checked={props.chosen}
        disabled={why !== undefined || props.disabled}
        aria-describedby={`${id}-facts ${id}-checks`}
        onChange={props.onChoose}
      />
      <div className={classes.body}>
        <div className={classes.bar}>
          <label htmlFor={id} className={classes.title} title={title}>
            <CommitMark commit={commit} plain /> <bdi>{title}</bdi>
          </label>
          <span className={classes.side}>
            {t('rollback.deployed', { when: <Ago at={target.startedAt} /> })}
          </span>
        </div>
        <bdi id={`${id}-facts`} className={classes.side}>
          {factsOf(target, t)}
          {definition && ` · ${definition}`}
          {why && (
            <>
              {' '}
              <span className={classes.no}>{why}</span>
            </>
          )}
        </bdi>
        {target.checks.length > 0 && (
          <ul
            id={`${id}-checks`}
            className={classes.checks}
            aria-label={t('rollback.checks', {
              sha: shortSha(commit.sha ?? ''),
            })}
          >
            {target.checks.map(({ code, message, state }, index) => (
              <CheckLine key={`${index}-${code}`} look={state}>
                <bdi>{cutText(message, 300)}</bdi>
              </CheckLine>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** Deployments that ran healthy, newest first; those that cannot be chosen say why. */
export function TargetList(props: {
  targets: Target[];
  chosen: string | undefined;
  disabled: boolean;
  onChoose: (deploymentId: string) => void;
}) {
  const classes = useRollbackStyles();
  const t = useT();
  const group = useId();
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t('rollback.targets')}</legend>
      {props.targets.map(target => (
        <TargetItem
          key={target.deploymentId}
          target={target}
          group={group}
          chosen={target.deploymentId === props.chosen}
          disabled={props.disabled}
          onChoose={() => props.onChoose(target.deploymentId)}
        />
      ))}
    </fieldset>
  );
}
