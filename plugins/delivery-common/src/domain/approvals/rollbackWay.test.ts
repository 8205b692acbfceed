import * as fc from 'fast-check';
import {
  deploymentKey,
  moving,
  runtimeDeployment,
  service,
} from '../environments/testUtils/environmentFacts';
import {
  ROLLOUT_STATUSES,
  type RuntimeDeploymentFact,
  type RuntimeServiceFact,
} from '../../runtime';
import { rollbackWay, type RollbackInput } from './rollbackWay';

const KEY = deploymentKey(1);
const heldBy = { runId: 'gh.7', runNumber: 1287 };

function input(
  fact: Partial<RuntimeDeploymentFact>,
  part: Partial<RollbackInput> = {},
  of: Partial<RuntimeServiceFact> = {},
): RollbackInput {
  return {
    service: service({ currentDeployment: KEY, ...of }),
    deployments: [runtimeDeployment(1, { from: 1, to: 2, at: 0 }, fact)],
    hasWorkflow: true,
    ...part,
  };
}
const hook = (state: string) => ({ hooks: [{ type: 'PAUSE', state }] });
const baking = { ...moving, stage: 'BAKE_TIME' };

describe('rollbackWay', () => {
  it.each<[string, RollbackInput, string]>([
    ['continue_hook', input({ ...moving, ...hook('AWAITING_ACTION') }), KEY],
    ['stop_deployment', input({ ...moving, ...hook('SUCCEEDED') }), KEY],
    ['stop_deployment', input(moving), KEY],
    ['stop_deployment', input(baking), KEY],
    ['stop_deployment', input({ ...moving, status: 'pending' }), KEY],
    // The run that deploys holds the environment: that is what is taken back.
    ['stop_deployment', input(moving, { heldBy, hasWorkflow: false }), KEY],
    [
      'stop_deployment',
      input(
        {},
        { deployments: [] },
        {
          deployments: [
            {
              ...{ id: 'x', role: 'primary', rollout: 'in_progress' },
              ...{ desired: 1, running: 0, pending: 1, failedTasks: 0 },
            },
          ],
        },
      ),
      KEY,
    ],
  ])('%s for what is under way: %#', (way, given, key) => {
    expect(rollbackWay(given)).toMatchObject({ way, deploymentKey: key });
  });

  it.each<[string, RollbackInput, RegExp]>([
    ['pipeline', input({}), /^Starts the workflow/],
    ['pipeline', input({ status: 'failed' }), /^Starts the workflow/],
    // A hook of a deployment that has ended holds nothing.
    ['pipeline', input(hook('AWAITING_ACTION')), /^Starts the workflow/],
    ['pipeline', input({}, { service: undefined }), /^Starts the workflow/],
    ['refused', input({}, { hasWorkflow: false }), /Add \S+rollback\.yml/],
    ['refused', input({}, { heldBy }), /^Run #1287 holds the environment/],
    ['refused', input({ status: 'rolling_back' }), /going back already/],
    ['refused', input({ status: 'stopping' }), /going back already/],
    ['refused', input(moving, {}, { controller: 'code_deploy' }), /CodeDeploy/],
    ['refused', input({}, {}, { controller: 'code_deploy' }), /CodeDeploy/],
    ['refused', input({}, {}, { controller: 'external' }), /outside of ECS/],
    ['refused', input({}, {}, { controller: 'unknown' }), /not known/],
    ['refused', input(moving, {}, { status: 'missing' }), /not there any more/],
    ['refused', input({}, {}, { status: 'inactive' }), /not there any more/],
    ['refused', input({}, {}, { status: 'draining' }), /being deleted/],
    [
      'refused',
      input(
        {},
        { deployments: [] },
        {
          currentDeployment: undefined,
          deployments: [
            {
              ...{ id: 'x', role: 'primary', rollout: 'in_progress' },
              ...{ desired: 1, running: 0, pending: 1, failedTasks: 0 },
            },
          ],
        },
      ),
      /does not say by which deployment/,
    ],
  ])('%s with the reason: %#', (way, given, words) => {
    const result = rollbackWay(given);
    expect(result.way).toBe(way);
    expect(result.message).toMatch(words);
  });

  it('never stops what is not the newest deployment of an ECS service that moves', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ROLLOUT_STATUSES),
        fc.constantFrom<RuntimeServiceFact['controller'][]>(
          ...(['ecs', 'code_deploy', 'external', 'unknown'] as const),
        ),
        fc.constantFrom<RuntimeServiceFact['status'][]>(
          ...([
            'active',
            'draining',
            'inactive',
            'missing',
            'unknown',
          ] as const),
        ),
        fc.constantFrom('AWAITING_ACTION', 'IN_PROGRESS', ''),
        fc.boolean(),
        fc.boolean(),
        (status, controller, serviceStatus, state, hasWorkflow, held) => {
          const result = rollbackWay(
            input(
              { status, ...hook(state) },
              { hasWorkflow, heldBy: held ? heldBy : undefined },
              { controller, status: serviceStatus },
            ),
          );
          const acts =
            result.way === 'continue_hook' || result.way === 'stop_deployment';
          const mayAct =
            controller === 'ecs' &&
            ['active', 'unknown'].includes(serviceStatus) &&
            ['pending', 'in_progress'].includes(status);
          expect(acts).toBe(mayAct);
          expect(result.way === 'continue_hook').toBe(
            mayAct && state === 'AWAITING_ACTION',
          );
          expect(!held || result.way !== 'pipeline').toBe(true);
          expect(hasWorkflow || result.way !== 'pipeline').toBe(true);
          expect(result.message).toMatch(/^\S.*\.$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
