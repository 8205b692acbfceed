import {
  rollbackWay,
  type RollbackWay,
} from 'backstage-plugin-delivery-common/domain';
import type { RollbackFacts } from './RollbackFacts';
import type { WorkflowFound } from './RollbackWorkflows';

const NO_ROLE =
  'Nobody can act on this runtime from here: the platform team sets delivery.providers.ecs.actRoleName.';

/** How it goes back now, by the rules and past them. */
export function waysOf(
  facts: Pick<RollbackFacts, 'runtime' | 'workflow' | 'heldBy'>,
): Pick<RollbackFacts, 'way' | 'emergencyWay'> {
  const { runtime, workflow, heldBy } = facts;
  const known = {
    service: runtime?.service,
    deployments: runtime?.deployments ?? [],
  };
  const canAct = runtime?.provider.acts !== undefined;
  const table = rollbackWay({
    ...{ ...known, heldBy },
    hasWorkflow: workflow.kind !== 'missing',
  });
  const way = possible(table, workflow, canAct);
  const past = rollbackWay({ ...known, hasWorkflow: true });
  if (past.way !== 'pipeline') {
    return { way, emergencyWay: possible(past, workflow, canAct) };
  }
  if (runtime && canAct) {
    return {
      way,
      emergencyWay: {
        way: 'emergency',
        message:
          'The runtime gets the earlier version at once, past the pipeline and its gate. Somebody else reviews it afterwards.',
      },
    };
  }
  return {
    way,
    emergencyWay:
      workflow.kind === 'found'
        ? {
            way: 'pipeline',
            message:
              'Starts the workflow that rolls back without the portal’s own rules. Somebody else reviews it afterwards.',
          }
        : refused(
            runtime
              ? NO_ROLE
              : 'Nothing is read from a runtime here and there is no workflow to start, so there is nothing to act on.',
          ),
  };
}

function possible(
  way: RollbackWay,
  workflow: WorkflowFound,
  canAct: boolean,
): RollbackWay {
  if (isUnderWay(way) && !canAct) {
    return refused(`A deployment is under way. ${NO_ROLE}`);
  }
  return way.way === 'pipeline' && workflow.kind === 'unreadable'
    ? refused(workflow.problem.message)
    : way;
}

function refused(message: string): RollbackWay {
  return { way: 'refused', message };
}

export function isUnderWay(
  way: RollbackWay,
): way is Extract<RollbackWay, { deploymentKey: string }> {
  return way.way === 'continue_hook' || way.way === 'stop_deployment';
}
