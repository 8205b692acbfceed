import type { RuntimeDeploymentFact, RuntimeServiceFact } from '../../runtime';
import { currentFact, isMovingService } from '../environments/isMovingService';

/** How a service goes back now, and what that does or why it cannot be done. */
export type RollbackWay =
  | {
      way: 'continue_hook' | 'stop_deployment';
      deploymentKey: string;
      message: string;
    }
  | { way: 'pipeline' | 'emergency' | 'refused'; message: string };

export interface RollbackInput {
  /** Absent: the environment is not read from a runtime. */
  service?: RuntimeServiceFact;
  deployments: RuntimeDeploymentFact[];
  /** The repository has the workflow that rolls back. */
  hasWorkflow: boolean;
  /** Run that holds the environment now. */
  heldBy?: { runId: string; runNumber: number };
}

/**
 * The decision table of docs/approvals.md. A deployment that is under way is taken back where it is, even while its own run holds the
 * environment; only what starts a new run waits for that.
 */
export function rollbackWay(input: RollbackInput): RollbackWay {
  const { service, deployments } = input;
  return (
    (service && (unsupported(service) ?? underWay(service, deployments))) ??
    byPipeline(input)
  );
}

function unsupported(service: RuntimeServiceFact): RollbackWay | undefined {
  if (service.status === 'missing' || service.status === 'inactive') {
    return refused(
      'The service is not there any more, so there is nothing to roll back.',
    );
  }
  if (service.status === 'draining') {
    return refused('The service is being deleted.');
  }
  switch (service.controller) {
    case 'ecs':
      return undefined;
    case 'code_deploy':
      return refused(
        'CodeDeploy deploys this service: stop or redeploy it there. The portal does not act on CodeDeploy yet.',
      );
    case 'external':
      return refused(
        'A controller outside of ECS deploys this service: only that controller can roll it back.',
      );
    default:
      return refused(
        'What deploys this service is not known to the portal, so it cannot roll it back.',
      );
  }
}

function underWay(
  service: RuntimeServiceFact,
  deployments: RuntimeDeploymentFact[],
): RollbackWay | undefined {
  const current = currentFact(service, deployments);
  if (current?.status === 'stopping' || current?.status === 'rolling_back') {
    return refused('ECS is going back already. Wait until it has ended.');
  }
  if (!isMovingService(service, deployments)) return undefined;
  const deploymentKey = current?.deploymentKey ?? service.currentDeployment;
  if (deploymentKey === undefined) {
    return refused(
      'The service is changing, but ECS does not say by which deployment. Wait until it is steady.',
    );
  }
  const paused = current?.hooks.some(
    ({ state }) => state.toUpperCase() === 'AWAITING_ACTION',
  );
  return paused
    ? {
        ...{ way: 'continue_hook', deploymentKey },
        message:
          'The deployment waits at a hook. ECS is told to go on by rolling back to the revision before.',
      }
    : {
        ...{ way: 'stop_deployment', deploymentKey },
        message:
          'The deployment is under way. ECS is told to stop it and to roll back to the revision before.',
      };
}

function byPipeline({ hasWorkflow, heldBy }: RollbackInput): RollbackWay {
  if (heldBy) {
    return refused(
      `Run #${heldBy.runNumber} holds the environment. Wait until it has ended, or cancel it.`,
    );
  }
  return hasWorkflow
    ? {
        way: 'pipeline',
        message:
          'Starts the workflow that rolls back. It deploys the chosen version as any other, with approval and smoke test.',
      }
    : refused(
        'The repository has no workflow that rolls back. Add .github/workflows/rollback.yml with workflow_dispatch, or name another file in the policy of the environment.',
      );
}

function refused(message: string): RollbackWay {
  return { way: 'refused', message };
}
