import type { LogicalDeployment } from '../../contract';
import type { RuntimeDeploymentFact, RuntimeServiceFact } from '../../runtime';
import type { Matched } from './matchSteps';
import type { PipelineGroup } from './pipelineGroups';
import { isMovingStatus } from './RuntimeSteps';
import { plain, withoutStop } from './vendorText';

type Status = LogicalDeployment['status'];

/** What the runtime alone says of one deployment of its own. */
export function statusOfStep({ status }: RuntimeDeploymentFact): Status {
  if (isMovingStatus(status)) return 'in_progress';
  switch (status) {
    case 'succeeded':
      return 'succeeded';
    case 'rolled_back':
      return 'rolled_back';
    case 'failed':
    case 'rollback_failed':
    case 'stopped':
      return 'failed';
    default:
      return 'unknown';
  }
}

/** What both sides say together; the runtime is right about what runs, the pipeline about why. */
export function statusOfGroup(
  group: PipelineGroup,
  matched: Matched | undefined,
  context: {
    /** Somebody else brought the old revision back right after. */
    cameBack: boolean;
    service?: RuntimeServiceFact;
    observedAt?: number;
  },
): Status {
  const { outcome } = group;
  const last = matched?.own.at(-1)?.fact;
  if (!matched || !last) {
    return group.putBack && outcome === 'failed' ? 'rolled_back' : outcome;
  }
  const back = matched.back.at(-1)?.fact;
  if (back) {
    const status = statusOfStep(back);
    return status === 'succeeded' ? 'rolled_back' : status;
  }
  const status = statusOfStep(last);
  if (status === 'unknown') {
    return outcome === 'in_progress' ? outcome : 'unknown';
  }
  if (last.status === 'stopped' && outcome === 'cancelled') return 'cancelled';
  if (status !== 'succeeded') return status;
  if (outcome === 'failed' || outcome === 'cancelled') {
    const stillThere =
      context.service?.currentDeployment === last.deploymentKey &&
      (context.observedAt ?? 0) >= (group.end ?? Infinity);
    const isBack = context.cameBack || (group.putBack && !stillThere);
    return isBack ? 'rolled_back' : outcome;
  }
  return outcome === 'in_progress' || outcome === 'waiting'
    ? outcome
    : 'succeeded';
}

/** Why it ended as it did, in a sentence; undefined when there is nothing to say. */
export function messageOf(
  status: Status,
  outcome: PipelineGroup['outcome'] | undefined,
  matched: Matched,
): string | undefined {
  const last = matched.own.at(-1)?.fact;
  if (status === 'rolled_back') {
    if (matched.back.length > 0) {
      return 'The pipeline failed and put the revision before back.';
    }
    const why = withoutStop(
      plain(last?.rollback?.reason ?? last?.statusReason),
    );
    if (last?.status === 'rolled_back') {
      return why
        ? `ECS rolled it back: ${why}.`
        : 'ECS rolled it back to the revision before.';
    }
    return 'The pipeline failed and the revision before came back.';
  }
  if (!last) return undefined;
  const reason = withoutStop(plain(last.statusReason));
  if (status === 'failed' || status === 'cancelled') {
    if (last.status === 'succeeded') {
      return `The pipeline ${
        status === 'failed' ? 'failed' : 'was cancelled'
      } after ECS had deployed: the new revision runs.`;
    }
    return reason ? `ECS: ${reason}.` : undefined;
  }
  if (last.status === 'rolling_back') {
    return `ECS is rolling back${reason ? `: ${reason}` : ''}.`;
  }
  return status === 'in_progress' && outcome && last.status === 'succeeded'
    ? 'ECS has deployed; the pipeline still checks.'
    : undefined;
}
