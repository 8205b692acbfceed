import type { Change } from 'backstage-plugin-delivery-common';
import { jobs, makeVendor, repository, run } from '../__testUtils__/makeVendor';
import type { JobRow } from '../database/rows';
import { MissingStrips } from './MissingStrips';
import { RunGaps } from './RunGaps';

const over = { ...run, status: 'completed' as const };
const change: Change = {
  observed: { source: 'api', at: 1 },
  fact: {
    kind: 'repository',
    repoKey: 'gh/7',
    slug: 'acme/api',
    url: 'https://github.com/acme/api',
  },
};

function make(remaining = 5_000) {
  let stored: JobRow[] = [];
  const readRun = jest.fn(async () => [change]);
  const readAttempt = jest.fn(async () => [change]);
  const { options, clock } = makeVendor({
    readRun,
    readAttempt,
    budget: () => ({ remaining, limit: 5_000, resetAt: 0 }),
  });
  const applied = jest.fn(async () => {});
  const gaps = new RunGaps({
    ...options,
    feed: { applied },
    store: {
      jobs: async () => stored,
      apply: async () => {
        stored = jobs;
        return { repoKeys: ['gh/7'], runKeys: ['gh.1'], needsConfirm: [] };
      },
    },
  });
  const strips = new MissingStrips({ ...options, gaps });
  return { gaps, strips, readRun, readAttempt, applied, clock };
}

describe('RunGaps', () => {
  it('reads the jobs of a run that only a list told of, and tells open pages', async () => {
    const { gaps, readRun, applied } = make();
    expect(await gaps.jobs(over, repository, 1)).toBe(jobs);
    expect(await gaps.jobs(over, repository, 1)).toBe(jobs);
    expect(readRun).toHaveBeenCalledTimes(1);
    expect(applied).toHaveBeenCalledWith(
      expect.objectContaining({ runKeys: ['gh.1'] }),
    );
  });

  it('reads an earlier attempt as that attempt', async () => {
    const { gaps, readRun, readAttempt } = make();
    await gaps.jobs({ ...over, attempt: 3 }, repository, 2);
    expect(readRun).not.toHaveBeenCalled();
    expect(readAttempt).toHaveBeenCalledWith(
      expect.objectContaining({ runKey: 'gh.1', slug: 'acme/api' }),
      2,
      expect.any(AbortSignal),
    );
  });

  it('shows the run without jobs while the vendor is down, and asks again', async () => {
    const { gaps, readRun } = make();
    readRun.mockRejectedValueOnce(new Error('down'));
    expect(await gaps.jobs(over, repository, 1)).toEqual([]);
    expect(await gaps.jobs(over, repository, 1)).toBe(jobs);
  });

  it('asks rarely for a run that has no jobs at all', async () => {
    const { gaps, readRun, clock } = make();
    for (const ms of [0, 59 * 60_000, 60_000]) {
      clock.now += ms;
      await gaps.fill(over, repository, 1);
    }
    expect(readRun).toHaveBeenCalledTimes(2);
    clock.now += 30_000;
    await gaps.fill(run, repository, 1);
    clock.now += 30_000;
    await gaps.fill(run, repository, 1);
    expect(readRun).toHaveBeenCalledTimes(4);
  });
});

describe('MissingStrips', () => {
  it('fetches jobs of runs without a strip, each once', async () => {
    const { strips, readRun } = make();
    const drawn = {
      ...over,
      runKey: 'gh.2',
      stages: [{ name: 'a', ...over.state }],
    };
    strips.wanted(repository, [over, over, drawn]);
    await strips.idle();
    expect(readRun.mock.calls).toHaveLength(1);
  });

  it('leaves the second half of the budget to what is live', async () => {
    const { strips, readRun } = make(2_500);
    strips.wanted(repository, [over]);
    await strips.idle();
    expect(readRun).not.toHaveBeenCalled();
  });
});
