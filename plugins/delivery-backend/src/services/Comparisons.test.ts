import { NotFoundError } from '@backstage/errors';
import type { CommitRange } from 'backstage-plugin-delivery-node';
import { makeVendor, repository } from '../__testUtils__/makeVendor';
import { Comparisons, countOf } from './Comparisons';

const [A, B] = ['a', 'b'].map(letter => letter.repeat(40));
const RANGE: CommitRange = {
  status: 'ahead',
  commits: [{ sha: B, title: 'Two', at: 2_000 }],
  aheadBy: 300,
  behindBy: 0,
};

function make(answer: () => Promise<CommitRange> = async () => RANGE) {
  const compareCommits = jest.fn(answer);
  const { options } = makeVendor({ compareCommits });
  const kept = new Map<string, CommitRange>();
  const pushed = new Map<string, { sha: string; at: number }[]>();
  const comparisons = new Comparisons({
    ...options,
    store: {
      pushedBetween: async (_repo, base, head) => pushed.get(`${base} ${head}`),
      comparison: async (_repo, base, head) => kept.get(`${base} ${head}`),
      saveComparison: async (_repo, base, head, range) => {
        kept.set(`${base} ${head}`, range);
      },
    },
  });
  return { comparisons, compareCommits, pushed };
}

describe('Comparisons', () => {
  it('asks nobody when pushes tell what lies between', async () => {
    const { comparisons, compareCommits, pushed } = make();
    pushed.set(`${A} ${B}`, [
      { sha: B, at: 2_000 },
      { sha: 'c'.repeat(40), at: 1_000 },
    ]);
    const ahead = await comparisons.between(repository, A, B);
    expect(ahead).toMatchObject({
      source: 'store',
      range: {
        status: 'ahead',
        aheadBy: 2,
        commits: [{ title: 'bbbbbbb' }, {}],
      },
    });
    expect(ahead && countOf(ahead)).toEqual({ commits: 2, oldestAt: 1_000 });
    expect(await comparisons.between(repository, B, A)).toMatchObject({
      range: { status: 'behind', aheadBy: 0, behindBy: 2, commits: [] },
    });
    expect(await comparisons.between(repository, A, A)).toMatchObject({
      range: { status: 'identical', aheadBy: 0 },
    });
    expect(compareCommits).not.toHaveBeenCalled();
  });

  it('asks the vendor once, however many want it, and never again', async () => {
    const { comparisons, compareCommits } = make();
    expect(await comparisons.stored('gh/7', A, B)).toBeUndefined();
    const answers = await Promise.all([
      comparisons.between(repository, A, B),
      comparisons.between(repository, A, B),
    ]);
    expect(answers).toEqual(Array(2).fill({ range: RANGE, source: 'vendor' }));
    await comparisons.between(repository, A, B);
    expect(compareCommits).toHaveBeenCalledTimes(1);
    // The list is cut: the oldest of 300 is not among them.
    expect(countOf(answers[0]!)).toEqual({ commits: 300, oldestAt: undefined });
  });

  it('keeps no failure', async () => {
    let gone = true;
    const { comparisons } = make(async () => {
      if (gone) throw new NotFoundError('The commit is gone.');
      return RANGE;
    });
    await expect(comparisons.between(repository, A, B)).rejects.toThrow('gone');
    gone = false;
    expect(await comparisons.between(repository, A, B)).toBeDefined();
  });
});
