import type { Finding, LogicalDeployment, Tier } from '../../contract';
import { plain, shortSha } from '../environments/vendorText';

/** A deployment with what is known of who let it in. */
export interface DeploymentForFinding {
  entityRef: string;
  environment: string;
  tier: Tier;
  deployment: LogicalDeployment;
  /** Decisions at the vendor about the run; undefined: never asked. */
  attemptApprovals: { login: string; state: string }[] | undefined;
  /** Acts through the portal that brought it. */
  portal: { userRef: string; kind: 'approve' | 'emergency_rollback' }[];
}

/** A finding without what the keeper gives it; `deploymentId` with kind and entity makes its id. */
export interface FoundDeployment
  extends Omit<Finding, 'id' | 'state' | 'review'> {
  kind: 'unapproved_deployment' | 'unknown_deployment';
  environment: string;
  deploymentId: string;
  key?: never;
}

/**
 * Deployments that went into production although no named approver is known, and those no pipeline told of. What was never asked is no
 * finding: nobody is accused of what is not known.
 *
 * @param since - epoch milliseconds; nothing older is told
 */
export function findingsOf(
  items: DeploymentForFinding[],
  since: number,
): FoundDeployment[] {
  return items.flatMap(item => {
    const { tier, deployment, portal } = item;
    const counts =
      tier === 'production' &&
      deployment.startedAt >= since &&
      portal.length === 0 &&
      wentIn(deployment);
    const kind = counts ? kindOf(item) : undefined;
    return kind ? [found(item, kind)] : [];
  });
}

/** What failed before the runtime heard of it changed nothing. */
function wentIn({ status, ranHealthy, evidence }: LogicalDeployment): boolean {
  if (status === 'succeeded' || status === 'rolled_back') return true;
  return (
    status === 'failed' &&
    (ranHealthy ||
      evidence.some(({ source }) => source === 'runtime_deployment'))
  );
}

function kindOf({
  deployment,
  attemptApprovals,
}: DeploymentForFinding): FoundDeployment['kind'] | undefined {
  if (deployment.kind === 'out_of_band') return 'unknown_deployment';
  const approved = attemptApprovals?.some(
    ({ login, state }) => state === 'approved' && isPerson(login),
  );
  return approved === false ? 'unapproved_deployment' : undefined;
}

function isPerson(login: string): boolean {
  return login.trim() !== '' && !/\[bot\]$/i.test(login.trim());
}

function found(
  { entityRef, environment, deployment }: DeploymentForFinding,
  kind: FoundDeployment['kind'],
): FoundDeployment {
  const { sha } = deployment.commit;
  const what = sha === undefined ? 'Something' : shortSha(sha);
  const where = plain(environment, 100);
  const run =
    deployment.runNumber === undefined
      ? ''
      : ` with run #${deployment.runNumber}`;
  return {
    kind,
    entityRef,
    environment,
    deploymentId: deployment.id,
    at: deployment.startedAt,
    message:
      kind === 'unknown_deployment'
        ? `${what} was deployed to ${where} and no pipeline of this service did it.`
        : `${what} went into ${where}${run} and no approval by a named person is known.`,
    runId: deployment.runId,
    sha,
    by: deployment.by,
  };
}
