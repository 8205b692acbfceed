import type {
  ActOperation,
  RollbackOptions,
} from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { useOperation } from '../../hooks/useOperation';
import { useRollback } from '../../hooks/useRollback';

/** Outcome and problem alike: a workflow is started, and nobody is signed in. */
const TOKEN_MISSING = 'user_token_missing';

function firstTarget(options: RollbackOptions, wanted: string | undefined) {
  const possible = options.targets.filter(target => target.possible);
  if (wanted !== undefined) {
    return possible.find(({ deploymentId }) => deploymentId === wanted);
  }
  // What is under way can only go back to what was there before it.
  return options.way === 'continue_hook' || options.way === 'stop_deployment'
    ? possible[0]
    : undefined;
}

/** What the person chose and wrote, what they saw when they did, and what became of it. */
export function useRollbackForm(
  options: RollbackOptions,
  facts: { repositoryUrl: string | undefined; wanted: string | undefined },
) {
  const { entityRef, environment } = options;
  const { act, send } = useRollback(
    entityRef,
    environment,
    facts.repositoryUrl,
  );
  const [seen, setSeen] = useState(options.viewHash);
  const [lookedAfter, setLookedAfter] = useState<string>();
  const [chosen, setChosen] = useState(
    () => firstTarget(options, facts.wanted)?.deploymentId,
  );
  const [comment, setComment] = useState('');
  const { data, error } = useOperation(act.operationId);
  const begun: ActOperation['state'] | undefined =
    act.operationId === undefined || (error && !data)
      ? undefined
      : data?.state ?? 'running';
  const outcome = act.operationId ? data?.outcome : undefined;

  const refusedAsStale =
    outcome?.code === 'stale_view' && lookedAfter !== act.operationId
      ? outcome.message
      : undefined;
  const saidStale =
    act.problem?.kind === 'stale' ? act.problem.message : refusedAsStale;
  // Once it is done the environment is another one, of course.
  const over = begun === 'succeeded';
  const stale =
    !over &&
    begun !== 'running' &&
    (saidStale !== undefined || seen !== options.viewHash);
  const target = options.targets.find(
    ({ deploymentId, possible }) => possible && deploymentId === chosen,
  );
  const needsToken =
    act.problem?.code === TOKEN_MISSING || outcome?.code === TOKEN_MISSING;
  return {
    act,
    begun,
    over,
    comment,
    setComment,
    target,
    choose: setChosen,
    stale,
    saidStale,
    /** An emergency that starts a workflow, which nobody could know before. */
    needsToken,
    looked: () => {
      setSeen(options.viewHash);
      setLookedAfter(act.operationId);
      if (act.problem) act.forget();
    },
    rollBack: (way: 'normal' | 'emergency') =>
      target &&
      send(
        {
          way,
          target: target.deploymentId,
          comment: comment.trim(),
          viewHash: seen,
        },
        // An emergency must not wait for a vendor that may be the very one that is away.
        needsToken || (way === 'normal' && options.way === 'pipeline'),
      ),
  };
}
