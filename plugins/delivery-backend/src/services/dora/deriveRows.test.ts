import { TestDatabases } from '@backstage/backend-test-utils';
import {
  API,
  DAY,
  HOUR,
  makeDoraWorld,
  MINUTE,
  NOON,
  REPO,
  shaOf,
} from '../../__testUtils__/dora/makeDoraWorld';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const [A, B] = [1, 2].map(shaOf);

const STEPS: [name: string, conclusion: string][] = [
  ['Set up job', 'success'],
  ['Deploy to ECS', 'success'],
  ['Smoke test', 'failure'],
  ['Roll back', 'success'],
];

async function make(options?: Parameters<typeof makeDoraWorld>[1]) {
  const world = await makeDoraWorld(await databases.init('SQLITE_3'), options);
  await world.bind();
  return world;
}

describe('Rows of the metrics', () => {
  it('a smoke test that fails after the deployment, and is put back by its run, is a failure that was recovered', async () => {
    const { keeper, rows, tell } = await make();
    await tell(
      { id: 1, sha: A, at: NOON },
      {
        ...{ id: 2, sha: B, at: NOON + HOUR, job: 'failure' },
        states: ['in_progress', 'failure'],
        steps: STEPS,
      },
    );
    await keeper.now(API);
    const [good, bad] = await rows();
    expect(good).toMatchObject({ outcome: 'succeeded', failed: false });
    expect(bad).toMatchObject({
      ...{ outcome: 'failed_in_production', failed: true, kind: 'regular' },
      evidence: [{ code: 'check_failed', confidence: 'certain' }],
      // It was live when the step that deploys was done.
      failedAt: NOON + HOUR + 2 * MINUTE,
      detectedAt: NOON + HOUR + 3 * MINUTE,
      recoveredAt: NOON + HOUR + 4 * MINUTE,
      recovery: { by: 'run_rollback' },
    });
  });

  it('a smoke test in a job of its own fails the deployment; a job that tells a channel does not', async () => {
    const { keeper, rows, tell } = await make();
    const later = (name: string) => [
      {
        name,
        state: {
          status: 'completed' as const,
          conclusion: 'failure' as const,
          rawStatus: 'completed',
        },
      },
    ];
    await tell(
      { id: 1, sha: A, at: NOON, conclusion: 'failure', jobs: later('Notify') },
      {
        ...{ id: 2, sha: B, at: NOON + HOUR, conclusion: 'failure' },
        jobs: later('Smoke tests'),
      },
    );
    await keeper.now(API);
    expect(await rows()).toMatchObject([
      { failed: false },
      { failed: true, evidence: [{ code: 'check_failed' }] },
    ]);
  });

  it('what the circuit breaker took back failed, with the reason ECS gives', async () => {
    const { keeper, rows, tell, ecs, withRuntime } = await make();
    await withRuntime();
    await tell({
      ...{ id: 2, sha: B, at: NOON + HOUR, job: 'failure' },
      states: ['in_progress', 'failure'],
    });
    await ecs(1, A, { createdAt: NOON, finishedAt: NOON + 4 * MINUTE });
    await ecs(2, B, {
      createdAt: NOON + HOUR + MINUTE,
      finishedAt: NOON + HOUR + 9 * MINUTE,
      ...{ status: 'rolled_back', rawStatus: 'ROLLBACK_SUCCESSFUL' },
      rollback: {
        reason: 'tasks failed to start',
        startedAt: NOON + HOUR + 5 * MINUTE,
      },
      circuitBreaker: { state: 'triggered', failures: 3, threshold: 3 },
    });
    await keeper.now(API);
    const stored = await rows();
    expect(stored.map(row => row.id)).toEqual([
      'dep/api/1',
      'run:github_com.2@production',
    ]);
    expect(stored[1]).toMatchObject({
      ...{ outcome: 'failed_in_production', failed: true, sha: B },
      evidence: [
        {
          code: 'runtime_rollback',
          text: expect.stringContaining('circuit breaker: tasks failed'),
        },
      ],
      recovery: { by: 'runtime_rollback' },
      recoveredAt: NOON + HOUR + 9 * MINUTE,
    });
  });

  it('attempt 2 after an attempt 1 that failed in production is one deployment, failed and recovered by it', async () => {
    const { keeper, rows, tell } = await make();
    await tell(
      {
        ...{ id: 1, sha: A, at: NOON, job: 'failure' },
        ...{ states: ['in_progress', 'failure'] },
        steps: [['Deploy', 'failure']],
      },
      { id: 1, sha: A, at: NOON + HOUR, attempt: 2 },
    );
    await keeper.now(API);
    expect(await rows()).toMatchObject([
      {
        ...{ id: 'run:github_com.1@production', failed: true },
        attempts: [
          { attempt: 1, outcome: 'failed_in_production' },
          { attempt: 2, outcome: 'succeeded' },
        ],
        recovery: { by: 'attempt' },
        recoveredAt: NOON + HOUR + 2 * MINUTE,
      },
    ]);
  });

  it('attempt 1 that never got to production is shown, and no failure', async () => {
    const { keeper, rows, tell, store } = await make();
    await tell({
      ...{
        id: 1,
        sha: A,
        at: NOON,
        job: 'failure',
        environment: '',
        states: [],
      },
    });
    await tell({ id: 1, sha: A, at: NOON + HOUR, attempt: 2 });
    expect(await store.attempts('github_com.1')).toHaveLength(2);
    await keeper.now(API);
    expect(await rows()).toMatchObject([
      {
        ...{ failed: false, outcome: 'succeeded' },
        attempts: [
          { attempt: 1, outcome: 'failed_before_production' },
          { attempt: 2, outcome: 'succeeded' },
        ],
      },
    ]);
  });

  it('a workflow that puts the commit before back is a rollback, and fails what was live', async () => {
    const { keeper, rows, tell, ecs, withRuntime } = await make();
    await withRuntime();
    const rollback = { pipelineKey: `${REPO}/8`, event: 'workflow_dispatch' };
    await tell(
      { id: 1, sha: A, at: NOON },
      { id: 2, sha: B, at: NOON + HOUR },
      // It runs at the head of the branch.
      { id: 3, sha: B, at: NOON + 2 * HOUR, run: rollback },
    );
    const done = (at: number) => ({
      ...{ createdAt: at + MINUTE, finishedAt: at + 3 * MINUTE },
    });
    await ecs(1, A, done(NOON));
    await ecs(2, B, done(NOON + HOUR));
    await ecs(3, A, done(NOON + 2 * HOUR));
    await keeper.now(API);
    expect(await rows()).toMatchObject([
      { sha: A, failed: false, kind: 'regular' },
      {
        ...{ sha: B, failed: true, rolledBack: true },
        evidence: [{ code: 'rolled_back' }],
        recovery: { by: 'rollback' },
      },
      { sha: A, kind: 'rollback', failed: false },
    ]);
  });

  it('an incident fails the deployment before it, and its end is the recovery', async () => {
    const { keeper, rows, tell, changes } = await make();
    await tell(
      { id: 1, sha: A, at: NOON },
      { id: 2, sha: B, at: NOON + 10 * HOUR },
    );
    await changes.saveIncidents(REPO, [
      {
        ...{ number: 12, title: 'Checkout is down', labels: ['incident'] },
        openedAt: NOON + 12 * HOUR,
        closedAt: NOON + 13 * HOUR,
        ...{ updatedAt: NOON + 13 * HOUR, isIncident: true },
      },
    ]);
    await keeper.now(API);
    expect(await rows()).toMatchObject([
      { failed: false },
      {
        ...{ failed: true, recoveredAt: NOON + 13 * HOUR },
        evidence: [{ code: 'incident_by_time', inferred: true }],
      },
    ]);
  });

  it('rows of long ago stay when nobody tells of them any more', async () => {
    const { keeper, rows, tell, clock, environments } = await make();
    await tell({ id: 1, sha: A, at: NOON });
    await keeper.now(API);
    environments.pipelineDeployments = async () => [];
    clock.at = NOON + 500 * DAY;
    await keeper.now(API);
    expect(await rows()).toMatchObject([{ sha: A }]);
    // What is not old has to be told still.
    clock.at = NOON + DAY;
    await keeper.now(API);
    expect(await rows()).toEqual([]);
  });
});
