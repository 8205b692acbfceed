import type { DeploymentSource, SourceStatus } from './facts';
import { AS_OF, at, merge, MINUTE, source } from './testUtils/sources';

const run = (id: string, attempt?: number) => ({ run: { id, attempt } });
const RUN = { source: 'run' } as const;
const VENDOR = { source: 'vendor_deployment' } as const;
const RUNTIME = { source: 'runtime_deployment' } as const;
const idsOf = (found: ReturnType<typeof merge>) =>
  found.deployments.map(({ sources }) =>
    sources
      .map(({ id }) => id)
      .sort()
      .join(' '),
  );

describe('what became of it', () => {
  const outcomeOf = (...parts: Partial<DeploymentSource>[]) =>
    merge(
      parts.map((part, i) => source(`${i}`, [0, 5], { group: 'g', ...part })),
    ).deployments[0].outcome;

  it.each<[SourceStatus, Partial<DeploymentSource>, string]>([
    ['succeeded', {}, 'succeeded'],
    ['failed', {}, 'failed_in_production'],
    ['failed', { startedAt: undefined }, 'failed_before_production'],
    ['failed', { touched: false }, 'failed_before_production'],
    ['failed', { startedAt: undefined, touched: true }, 'failed_in_production'],
    ['timed_out', {}, 'failed_in_production'],
    ['failed', { ...RUNTIME, startedAt: undefined }, 'failed_in_production'],
    ['startup_failure', {}, 'failed_before_production'],
    ['rolled_back', {}, 'failed_in_production'],
    ['cancelled', {}, 'cancelled'],
    ['superseded', {}, 'superseded'],
    ['waiting', { finishedAt: undefined }, 'in_progress'],
    ['in_progress', { finishedAt: undefined }, 'in_progress'],
    ['unknown', {}, 'unknown'],
  ])('%s with %j: %s', (status, part, expected) => {
    expect(outcomeOf({ status, ...part })).toBe(expected);
  });

  it('a failure in the runtime beats a green pipeline', () => {
    expect(outcomeOf({ ...RUN }, { ...RUNTIME, status: 'rolled_back' })).toBe(
      'failed_in_production',
    );
  });

  it("the vendor's deployment beats its run, whichever of them failed", () => {
    const failed = { status: 'failed' } as const;
    expect(outcomeOf({ ...RUN }, { ...VENDOR, ...failed })).toBe(
      'failed_in_production',
    );
    expect(outcomeOf({ ...RUN, ...failed }, { ...VENDOR })).toBe('succeeded');
  });

  it('what the runtime brought to its end was deployed although the run was cancelled', () => {
    expect(outcomeOf({ ...RUN, status: 'cancelled' }, { ...RUNTIME })).toBe(
      'succeeded',
    );
  });
});

describe('times', () => {
  it("live when the runtime's last part is", () => {
    const [deployment] = merge([
      source('1', [0, 5], { ...VENDOR, group: 'g' }),
      source('2', [1, 9], { ...RUNTIME, group: 'g' }),
      source('3', [1, 7], { ...RUNTIME, group: 'g' }),
    ]).deployments;
    expect(deployment).toMatchObject({
      ...{ startedAt: at(0), finishedAt: at(9), durationMs: 9 * MINUTE },
    });
  });

  it('a gate is no working time, and no time in the queue', () => {
    const [deployment] = merge([
      source('1', [30, 40], { createdAt: at(0), waitedMs: 20 * MINUTE }),
    ]).deployments;
    expect(deployment).toMatchObject({
      ...{ durationMs: 10 * MINUTE, queuedMs: 10 * MINUTE },
      waitedMs: 20 * MINUTE,
    });
    const [unbegun] = merge([
      source('1', [0, 40], {
        ...{ createdAt: at(0), startedAt: undefined },
        waitedMs: 20 * MINUTE,
      }),
    ]).deployments;
    expect(unbegun).toMatchObject({ durationMs: 20 * MINUTE });
    expect(unbegun.queuedMs).toBeUndefined();
  });

  it('a success without an end has none', () => {
    const [deployment] = merge([
      source('1', [0, 0], { finishedAt: undefined }),
    ]).deployments;
    expect(deployment.finishedAt).toBeUndefined();
    expect(deployment.durationMs).toBeUndefined();
  });
});

describe('attempts', () => {
  it('the first that failed in production stays visible behind the second that did not', () => {
    const [deployment] = merge([
      source('1', [0, 5], { ...RUN, ...run('r', 1), status: 'failed' }),
      source('2', [30, 36], { ...RUN, ...run('r', 2) }),
      source('3', [31, 35], { ...RUNTIME, group: undefined, ...run('r') }),
    ]).deployments;
    expect(deployment).toMatchObject({
      ...{ outcome: 'succeeded', startedAt: at(30), finishedAt: at(35) },
      attempts: [
        { attempt: 1, outcome: 'failed_in_production', finishedAt: at(5) },
        { attempt: 2, outcome: 'succeeded', finishedAt: at(35) },
      ],
    });
  });

  it('a later attempt does not move the first success', () => {
    const [deployment] = merge([
      source('1', [0, 5], run('r', 1)),
      source('2', [600, 610], run('r', 2)),
    ]).deployments;
    expect(deployment).toMatchObject({ finishedAt: at(5), startedAt: at(0) });
    expect(deployment.attempts).toHaveLength(2);
  });

  it('a failure stays one while the next attempt goes on', () => {
    const [deployment] = merge([
      source('1', [0, 5], { ...run('r', 1), status: 'failed' }),
      source('2', [9, 9], {
        ...run('r', 2),
        ...{ status: 'in_progress', finishedAt: undefined },
      }),
    ]).deployments;
    expect(deployment).toMatchObject({
      outcome: 'failed_in_production',
      finishedAt: at(5),
    });
  });
});

describe('what makes no deployment is listed', () => {
  it.each<[string, Partial<DeploymentSource>, string]>([
    ['another tier', { tier: 'staging' }, 'not_production'],
    ['no tier', { tier: undefined }, 'not_production'],
    ['no environment', { environment: undefined }, 'no_environment'],
    ['a blank environment', { environment: ' ' }, 'no_environment'],
    ['skipped', { status: 'skipped' }, 'skipped'],
    ['later than now', { finishedAt: AS_OF + 1 }, 'future'],
    ['an end before its beginning', { finishedAt: at(-1) }, 'negative_span'],
    ['a time that is none', { startedAt: NaN }, 'malformed'],
    ['no service', { service: '' }, 'malformed'],
  ])('%s', (_, part, reason) => {
    const found = merge([source('1', [0, 5], part)]);
    expect(found.deployments).toEqual([]);
    expect(found.excluded).toMatchObject([
      { what: 'deployment', id: '1', reason },
    ]);
  });

  it('told twice it is the same; told otherwise the other one is listed', () => {
    const one = source('1', [0, 5]);
    expect(merge([one, { ...one }])).toEqual(merge([one]));
    const running = {
      ...one,
      status: 'in_progress',
      finishedAt: undefined,
    } as const;
    for (const sources of [
      [one, running],
      [running, one],
    ]) {
      const found = merge(sources);
      expect(found.deployments.map(({ outcome }) => outcome)).toEqual([
        'succeeded',
      ]);
      expect(found.excluded).toMatchObject([{ reason: 'duplicate' }]);
    }
  });

  it('a member of a group happened where the others did', () => {
    const found = merge([
      source('1', [0, 5], { group: 'g' }),
      source('2', [0, 6], {
        ...{ group: 'g', environment: undefined, tier: undefined },
      }),
    ]);
    expect(idsOf(found)).toEqual(['1 2']);
    expect(found.excluded).toEqual([]);
  });
});
