import type { OperationRow } from '../../database/ApprovalStore';
import type { RunRow } from '../../database/rows';
import { RollbackWorld } from './__testUtils__/RollbackWorld';
import {
  deploymentFact,
  deploymentKey,
  NOW,
  primary,
  REF,
  RUNTIME_KEY,
  service,
  taskDefinition,
} from './__testUtils__/shop';

const MINUTE = 60_000;
let world: RollbackWorld;
beforeEach(() => {
  world = new RollbackWorld();
});

const settle = (resume: Record<string, string>) => {
  const row: OperationRow = {
    ...{ id: 'op', kind: 'rollback', entityRef: REF, state: 'unknown' },
    ...{ steps: [], startedAt: NOW, actorRef: 'user:default/cleo' },
    ...{ idempotencyKey: 'k', leaseKey: 'l' },
    resume: { environment: 'production', ...resume },
  };
  return world.rollbacks.settle(row, new AbortController().signal);
};
const put = {
  ...{ way: 'emergency', runtimeKey: RUNTIME_KEY },
  taskDefinition: taskDefinition(2),
};
const stop = {
  ...{ ...put, way: 'stop_deployment' },
  deploymentKey: deploymentKey(3),
};
const pipeline = {
  ...{ way: 'pipeline', login: 'cleo', accountId: '1' },
  ...{ workflow: 'rollback.yml', ref: 'main' },
};
const run = (more: Partial<RunRow> = {}) =>
  ({
    ...{ runKey: 'run/5', event: 'workflow_dispatch', createdAt: NOW + 1_000 },
    pipelinePath: '.github/workflows/rollback.yml',
    ...more,
  } as RunRow);

describe('a rollback of which nobody knew the end', () => {
  it('is done when the chosen version serves', async () => {
    world.service = service(2);
    expect(await settle(put)).toMatchObject({
      ...{ state: 'succeeded', outcome: { code: 'rolled_back' } },
    });
  });

  it('goes on while that version comes up', async () => {
    world.service = service(2, { deployments: [primary(2, 'in_progress')] });
    expect(await settle(put)).toMatchObject({
      outcome: { code: 'rollback_started' },
    });
  });

  it('is open for a while, and then was not done', async () => {
    world.deployments = [];
    expect(await settle(put)).toBeUndefined();
    world.now = NOW + 11 * MINUTE;
    expect(await settle(put)).toMatchObject({
      ...{ state: 'failed', outcome: { code: 'not_done' } },
    });
  });

  it('was done when something else was deployed on top of it', async () => {
    world.now = NOW + 11 * MINUTE;
    world.deployments = [deploymentFact(4), deploymentFact(2)];
    expect(await settle(put)).toMatchObject({
      ...{ state: 'succeeded', outcome: { code: 'rollback_started' } },
    });
  });

  it('that came too late has failed', async () => {
    expect(await settle(stop)).toMatchObject({
      ...{ state: 'failed', outcome: { code: 'conflict' } },
    });
  });

  it('is not asked of a runtime that is gone', async () => {
    world.service = 'unreadable';
    expect(await settle({ ...put, runtimeKey: 'x/1/2/3/4' })).toBeUndefined();
  });
});

describe('a workflow of which nobody knew whether it was started', () => {
  it('was, when its run is known', async () => {
    expect(await settle({ ...pipeline, runKey: 'run/1' })).toMatchObject({
      ...{ state: 'succeeded', outcome: { runId: 'run/1' } },
    });
  });

  it('was, when the person has exactly one such run; who asked is remembered', async () => {
    world.now = NOW + 11 * MINUTE;
    world.runs = [
      run(),
      run({ runKey: 'a', event: 'push' }),
      run({ runKey: 'b', pipelinePath: '.github/workflows/ci.yml' }),
      run({ runKey: 'c', createdAt: NOW - 5 * MINUTE }),
    ];
    expect(await settle(pipeline)).toMatchObject({
      outcome: { runId: 'run/5' },
    });
    expect(world.requests).toEqual([
      {
        runKey: 'run/5',
        request: {
          ...{ userRef: 'user:default/cleo', accountId: '1', attempt: 1 },
          entityRef: 'component:default/shop',
        },
      },
    ]);
  });

  it.each([
    ['it is too early', [run()], NOW + MINUTE],
    ['there are two', [run(), run({ runKey: 'b' })], NOW + 11 * MINUTE],
    ['there is none', [], NOW + 11 * MINUTE],
  ])('is still not known when %s', async (_, runs, now) => {
    Object.assign(world, { runs, now });
    expect(await settle(pipeline)).toBeUndefined();
    expect(world.requests).toEqual([]);
  });
});
