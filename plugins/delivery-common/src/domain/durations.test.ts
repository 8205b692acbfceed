import { expectedAt, medianOf, mediansOf } from './durations';
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
