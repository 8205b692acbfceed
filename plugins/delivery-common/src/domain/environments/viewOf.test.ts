import type { EnvironmentFacts } from './facts';
import { viewOf } from './viewOf';
import {
  deploymentKey,
  facts,
  moving,
  NOW,
  pipelineDeployment as pipeline,
  revisionKey,
  runtime,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
} from './testUtils/environmentFacts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T = 10_000_000;
const tags = [sha('a'), sha('b'), sha('c')];
const first = pipeline(1, { letter: 'a', at: T });
const firstEcs = ecs(1, { to: 1, at: T + MINUTE });
const second = pipeline(2, { letter: 'b', at: T + HOUR });
const secondEcs = (part = {}) =>
  ecs(2, { from: 1, to: 2, at: T + HOUR + MINUTE }, part);
const view = (given: EnvironmentFacts, now = NOW) =>
  viewOf(given, now).environment;
const rolledBack = {
  ...{ status: 'rolled_back', rawStatus: 'ROLLBACK_SUCCESSFUL' },
  rollback: { reason: 'circuit breaker', revisionKey: revisionKey(1) },
} as const;

describe('what runs', () => {
  it('is what the last deployment brought, since it ended', () => {
    const given = facts(
      [first, second],
      runtimeOf([firstEcs, secondEcs()], tags),
    );
    expect(view(given)).toMatchObject({
      ...{ basis: 'observed', since: T + HOUR + 3 * MINUTE, asOf: NOW },
      ...{ commit: { sha: sha('b') }, deployment: { id: 'gh.2' }, drift: [] },
      ...{ tasks: { running: 3, desired: 3 }, newest: undefined },
      rollout: undefined,
    });
  });

  it('is the old revision until a rollout has ended', () => {
    const given = facts(
      [
        first,
        pipeline(2, { letter: 'b', at: T + HOUR, ending: 'in_progress' }),
      ],
      runtimeOf([firstEcs, secondEcs(moving)], tags),
    );
    const environment = view(given);
    expect(environment).toMatchObject({
      ...{ commit: { sha: sha('a') }, since: T + 3 * MINUTE, drift: [] },
      ...{ deployment: { id: 'gh.1' }, newest: { id: 'gh.2' } },
      rollout: {
        ...{ status: 'in_progress', strategy: 'rolling' },
        new: { commit: { sha: sha('b') }, requested: 3 },
        old: { commit: { sha: sha('a') } },
      },
    });
    expect(environment.rollout?.expectedAt).toBeUndefined();
  });

  it('is the old revision after ECS rolled back, and the pipeline that says otherwise is drift', () => {
    const given = facts(
      [first, second],
      runtimeOf([firstEcs, secondEcs(rolledBack)], tags),
    );
    expect(view(given)).toMatchObject({
      ...{ commit: { sha: sha('a') }, since: T + 3 * MINUTE },
      ...{ deployment: { id: 'gh.1' } },
      newest: { id: 'gh.2', status: 'rolled_back' },
      rollout: { status: 'rolled_back', reason: 'circuit breaker' },
      drift: [
        {
          ...{ kind: 'out_of_band', code: 'running_other' },
          message: 'Running aaaaaaa, pipeline says bbbbbbb.',
        },
      ],
    });
  });

  it('is no drift when the pipeline itself rolled back', () => {
    const failed = pipeline(2, {
      ...{ letter: 'b', at: T + HOUR, ending: 'failure', minutes: 9 },
      rollBack: 'success',
    });
    const back = ecs(3, { from: 2, to: 3, at: T + HOUR + 4 * MINUTE });
    const state = runtimeOf(
      [firstEcs, secondEcs(), back],
      [sha('a'), sha('b'), sha('a')],
    );
    expect(view(facts([first, failed], state))).toMatchObject({
      ...{ commit: { sha: sha('a') }, since: T + 3 * MINUTE, drift: [] },
      ...{ deployment: { id: 'gh.1' } },
      newest: { id: 'gh.2', status: 'rolled_back' },
    });
  });

  it('is what the pipeline says where nothing is read', () => {
    const failed = pipeline(2, {
      letter: 'b',
      at: T + HOUR,
      ending: 'failure',
    });
    expect(view(facts([first, failed]))).toMatchObject({
      ...{ basis: 'declared', commit: { sha: sha('a'), source: 'declared' } },
      ...{ health: { state: 'none', code: 'declared' }, runtime: undefined },
      newest: { status: 'failed' },
    });
  });

  it('is told with the gate that waits', () => {
    const waiting = pipeline(2, {
      letter: 'b',
      at: T + HOUR,
      ending: 'waiting',
    });
    const environment = view(
      facts([first, waiting], runtimeOf([firstEcs], tags)),
    );
    expect(environment.waiting).toEqual({
      ...{ runId: 'gh.92', runNumber: 2, sha: sha('b') },
      since: T + HOUR - MINUTE,
    });
    expect(environment.newest).toBeUndefined();
  });

  it('is nothing for a service that was deleted; its history stays', () => {
    const state = runtimeOf([firstEcs], tags, {
      ...{ status: 'missing', desired: 0, running: 0 },
    });
    const found = viewOf(facts([first], state), NOW);
    expect(found.environment).toMatchObject({
      ...{ commit: undefined, tasks: undefined },
      health: { state: 'none', code: 'service_missing' },
    });
    expect(found.deployments).toHaveLength(1);
  });

  it('is unknown for a revision nobody knows', () => {
    const state = runtimeOf([ecs(1, { to: 9, at: T })], tags);
    expect(view(facts([], state)).commit).toMatchObject({
      ...{ source: 'none', reason: { code: 'revision_not_read' } },
    });
  });

  it('stays as it was when it cannot be read, and says so', () => {
    const problem = { code: 'throttled', message: 'AWS is busy.', at: NOW };
    const state = { ...runtimeOf([firstEcs], tags), problem };
    expect(view(facts([first], state))).toMatchObject({
      ...{ problem, commit: { sha: sha('a') }, tasks: { running: 3 } },
    });
  });

  it('says the service was never read', () => {
    expect(view(facts([first], runtime()))).toMatchObject({
      ...{ basis: 'declared', commit: { sha: sha('a') } },
      health: { state: 'unknown', code: 'not_read' },
    });
  });

  it('leaves out of the history what it knows only half of, also when it runs', () => {
    const of = (completeSince: number) =>
      viewOf(
        facts([second], runtimeOf([firstEcs, secondEcs()], tags), {
          completeSince,
        }),
        NOW,
      );
    expect(of(T + HOUR - MINUTE).deployments.map(item => item.id)).toEqual([
      'gh.2',
    ]);
    expect(of(T + 2 * HOUR).deployments).toEqual([]);
    expect(of(T + 2 * HOUR).environment.deployment?.id).toBe('gh.2');
  });
});

it('accuses nobody where no pipeline ever names the environment, and says what to add', () => {
  const state = runtimeOf([firstEcs], tags);
  const { deployment, drift } = view(facts([], state));
  expect(deployment).toMatchObject({
    ...{ id: deploymentKey(1), kind: 'regular' },
    message: expect.stringContaining('Add "environment: production" to'),
  });
  expect(drift).toEqual([]);
});
