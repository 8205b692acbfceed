import type { DoraOutcome, DoraSettings } from '../../contract';
import type { DoraChange, DoraDeployment, Excluded } from './linked';
import type { ChangeVerdicts, DeploymentVerdicts } from './measured';

type Reason = Excluded['reason'];

const FAILED = 'failed_in_production';

const NOTHING: DeploymentVerdicts = {
  deployed: false,
  judged: false,
  failed: false,
  reworkJudged: false,
  rework: false,
  tried: false,
  succeeded: false,
  attempts: 0,
  attemptsSucceeded: 0,
  rolledBack: false,
  open: false,
};

/**
 * How a deployment counts: the one place that says so.
 *
 * - Every deployment that is not known to be a rollback or a redeployment counts in deployment frequency (when it succeeded) and below the
 *   line of change fail rate (when it reached production); these two kinds only with `includeRollbacks` and `includeRedeploys`.
 * - Whatever failed is below the line as well, so that the rate never exceeds 1. With `changeFailDenominator: succeeded` what never
 *   succeeded is on neither side.
 * - Below the line of rework rate are the same and the rollbacks, which are done because of an incident.
 * - Success rate and durations are of the pipeline and take deployments of every kind.
 * - What is said to have failed in production did reach it, whatever its run says: a person may have said so.
 *
 * `excluded` says why it is not in deployment frequency; other metrics count some of these (see `excludedOf`).
 */
export function verdictsOf(
  deployment: DoraDeployment,
  settings: DoraSettings,
): DeploymentVerdicts {
  const at = finite(deployment.finishedAt);
  const outcome = outcomeOf(deployment);
  const otherKind = kindLeftOut(deployment, settings);
  const excluded = leftOutBecause(at, outcome, otherKind);
  if (at === undefined || outcome === 'in_progress') {
    return { ...NOTHING, excluded };
  }
  const reached = outcome === 'succeeded' || outcome === 'failed_in_production';
  const succeeded = outcome === 'succeeded';
  const judged =
    !otherKind &&
    (settings.changeFailDenominator === 'succeeded' ? succeeded : reached);
  const reworkJudged = reached && otherKind !== 'redeploy';
  return {
    at,
    deployed: succeeded && !otherKind,
    judged,
    failed: judged && deployment.failed,
    reworkJudged,
    rework: reworkJudged && deployment.rework,
    tried: isTry(outcome),
    succeeded,
    ...attemptsOf(deployment, outcome),
    rolledBack:
      (reached && deployment.kind === 'rollback') || wasPutBack(deployment),
    ...(succeeded && durationsOf(deployment)),
    ...failureOf(deployment, !otherKind && reached),
    ...(excluded && { excluded }),
  };
}

/** How a change counts in lead time. */
export function changeVerdictsOf(
  change: DoraChange,
  settings: DoraSettings,
): ChangeVerdicts {
  const at = finite(change.deployedAt);
  const out = (excluded: Reason): ChangeVerdicts => ({
    ...(at !== undefined && { at }),
    leadsMs: [],
    excluded,
  });
  if (at === undefined || change.deploymentId === undefined) {
    return out('not_deployed');
  }
  if (change.isBot === true && !settings.includeBots) return out('bot');
  const leads = (
    settings.leadTimeStart === 'commit'
      ? change.commitLeadsMs ?? [change.leadMs]
      : [change.leadMs]
  ).filter(isNumber);
  if (leads.length === 0) return out('no_start');
  const leadsMs = leads.filter(lead => lead >= 0);
  return leadsMs.length === 0 ? out('negative_lead') : { at, leadsMs };
}

/** The moment that places a deployment in a window: its finish, without one its start or creation. */
export function momentOf(deployment: DoraDeployment): number | undefined {
  return (
    finite(deployment.finishedAt) ??
    finite(deployment.startedAt) ??
    finite(deployment.createdAt)
  );
}

/** The moment that places a change in a window: deployed, otherwise merged. */
export function changeMomentOf(change: DoraChange): number | undefined {
  return finite(change.deployedAt) ?? finite(change.mergedAt);
}

/**
 * What an earlier attempt broke is broken, also when the last attempt never got there; what was put back had been in production; and so had
 * what is said to have failed.
 */
function outcomeOf(deployment: DoraDeployment): DoraOutcome {
  const { outcome, failed, attempts } = deployment;
  if (outcome === 'succeeded' || outcome === 'in_progress') return outcome;
  const wasThere =
    failed ||
    wasPutBack(deployment) ||
    attempts.some(each => each.outcome === FAILED);
  return wasThere ? FAILED : outcome;
}

function kindLeftOut(
  { kind }: DoraDeployment,
  settings: DoraSettings,
): 'rollback' | 'redeploy' | undefined {
  if (kind === 'rollback' && !settings.includeRollbacks) return kind;
  if (kind === 'redeploy' && !settings.includeRedeploys) return kind;
  return undefined;
}

/** What keeps it from being tried comes first: then a reason of kind is always one of something that reached production. */
function leftOutBecause(
  at: number | undefined,
  outcome: DoraOutcome,
  otherKind: 'rollback' | 'redeploy' | undefined,
): Reason | undefined {
  switch (outcome) {
    case 'in_progress':
    case 'cancelled':
    case 'superseded':
      return outcome;
    case 'succeeded':
      return at === undefined ? 'no_finish' : otherKind;
    case 'failed_in_production':
      return at === undefined ? 'no_finish' : otherKind ?? outcome;
    case 'failed_before_production':
      return at === undefined ? 'no_finish' : outcome;
    default:
      return 'unknown_outcome';
  }
}

function isTry(outcome: DoraOutcome): boolean {
  return (
    outcome === 'succeeded' ||
    outcome === 'failed_in_production' ||
    outcome === 'failed_before_production'
  );
}

function attemptsOf(
  { attempts }: DoraDeployment,
  outcome: DoraOutcome,
): { attempts: number; attemptsSucceeded: number } {
  const outcomes =
    attempts.length === 0 ? [outcome] : attempts.map(each => each.outcome);
  return {
    attempts: outcomes.filter(isTry).length,
    attemptsSucceeded: outcomes.filter(each => each === 'succeeded').length,
  };
}

function wasPutBack({ hints, evidence }: DoraDeployment): boolean {
  return (
    hints.runtimeRollback !== undefined ||
    hints.putBack !== undefined ||
    evidence.some(({ code }) => code === 'runtime_rollback')
  );
}

function durationsOf({ durationMs, queuedMs, waitedMs }: DoraDeployment) {
  if (!isDuration(durationMs)) return {};
  return {
    durationMs,
    ...(isDuration(queuedMs) && { queuedMs }),
    ...(isDuration(waitedMs) && { waitedMs }),
  };
}

function failureOf(
  deployment: DoraDeployment,
  counts: boolean,
): Pick<
  DeploymentVerdicts,
  'recoveredAt' | 'recoveryMs' | 'detectMs' | 'open'
> {
  if (!counts || !deployment.failed) return { open: false };
  const { recoveredAt, recoveryMs, failedAt, detectedAt } = deployment;
  if (!isNumber(recoveredAt) || !isDuration(recoveryMs)) return { open: true };
  const detectMs =
    isNumber(failedAt) && isNumber(detectedAt)
      ? detectedAt - failedAt
      : undefined;
  return {
    recoveredAt,
    recoveryMs,
    ...(isDuration(detectMs) && { detectMs }),
    open: false,
  };
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}

function isDuration(value: number | undefined): value is number {
  return isNumber(value) && value >= 0;
}

function finite(value: number | undefined): number | undefined {
  return isNumber(value) ? value : undefined;
}
