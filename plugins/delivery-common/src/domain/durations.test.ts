import fc from 'fast-check';
import { expectedAt, medianOf, mediansOf, workOf } from './durations';
import { toState } from './vendorWords';

describe('medianOf', () => {
  it.each([
    [[], undefined],
    [[5], 5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[100, 20, 3], 20],
    [[NaN, -1, Infinity], undefined],
    [[NaN, 7], 7],
  ])('of %j is %s', (values, median) => {
    expect(medianOf(values)).toBe(median);
  });

  it('leaves its argument as it was', () => {
    const values = [3, 1, 2];
    medianOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('mediansOf', () => {
  it('needs three successes, for the run and for each job name', () => {
    const job = (name: string, durationMs: number) => ({ name, durationMs });
    const samples = [
      { durationMs: 10, jobs: [job('test', 4), job('constructor', 1)] },
      { durationMs: 30, jobs: [job('test', 6)] },
      { durationMs: 20, jobs: [job('test', 5)] },
    ];
    expect(mediansOf(samples.slice(0, 2))).toEqual({
      run: undefined,
      jobs: new Map(),
    });
    expect(mediansOf(samples)).toEqual({
      run: { durationMs: 20, n: 3 },
      jobs: new Map([['test', { durationMs: 5, n: 3 }]]),
    });
  });
});

describe('expectedAt', () => {
  const median = { durationMs: 1_000, n: 5 };
  const moving = {
    state: toState('in_progress'),
    startedAt: 5_000,
    median,
    now: 5_500,
  };

  it('is the start and the median', () => {
    expect(expectedAt(moving)).toBe(6_000);
  });

  it.each([
    ['it waits at a gate', { state: toState('waiting') }],
    ['it is queued', { state: toState('queued') }],
    ['it is completed', { state: toState('completed', 'success') }],
    ['its state is unknown', { state: toState('hibernating') }],
    ['it has not started', { startedAt: undefined }],
    ['there is no median', { median: undefined }],
    ['it is overdue', { now: 6_000 }],
  ])('is not told when %s', (_, part) => {
    expect(expectedAt({ ...moving, ...part })).toBeUndefined();
  });
});

describe('workOf', () => {
  const job = (
    status: 'completed' | 'in_progress' | 'waiting' | 'queued',
    startedAt?: number,
    completedAt?: number,
    conclusion: 'success' | 'skipped' = 'success',
  ) => ({
    state: {
      status,
      rawStatus: status,
      conclusion: status === 'completed' ? conclusion : undefined,
    },
    startedAt,
    completedAt,
  });

  it('leaves out the time a gate was closed', () => {
    const jobs = [
      job('completed', 0, 10),
      job('completed', 5, 30),
      job('completed', 1_000, 1_020),
    ];
    expect(workOf(jobs)).toEqual({ doneMs: 50 });
  });

  it('counts the stretch that goes on apart', () => {
    const jobs = [
      job('completed', 0, 10),
      job('completed', 100, 120),
      job('in_progress', 110),
    ];
    expect(workOf(jobs)).toEqual({ doneMs: 10, since: 100 });
  });

  it('knows nothing of runs whose jobs never started', () => {
    expect(workOf([])).toBeUndefined();
    expect(
      workOf([
        job('waiting', 5),
        job('queued'),
        job('completed', 5, 5, 'skipped'),
      ]),
    ).toBeUndefined();
  });

  it('never counts more than the whole span, nor less than the longest job', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 500 })), {
          minLength: 1,
        }),
        spans => {
          const jobs = spans.map(([start, length]) =>
            job('completed', start, start + length),
          );
          const { doneMs = -1 } = workOf(jobs) ?? {};
          const starts = spans.map(([start]) => start);
          const ends = spans.map(([start, length]) => start + length);
          expect(doneMs).toBeLessThanOrEqual(
            Math.max(...ends) - Math.min(...starts),
          );
          expect(doneMs).toBeGreaterThanOrEqual(
            Math.max(...spans.map(([, length]) => length)),
          );
        },
      ),
    );
  });
});
