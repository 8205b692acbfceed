import {
  answeringGithub,
  HOST,
  type Asked,
} from '../../__testUtils__/answeringGithub';

const scope = { host: HOST, slug: 'acme/vaultex' };
const { signal } = new AbortController();
const sha = (n: number) => n.toString(16).padStart(40, '0');
const at = (day: number) => Date.UTC(2026, 10, day, 10);
const iso = (day: number) => new Date(at(day)).toISOString();
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => from + n);

/** The vendor's commit number n. */
const rawCommit = (n: number, more: object = {}) => ({
  sha: sha(n),
  parents: [{ sha: sha(n - 1) }],
  commit: {
    message: `C ${n}\n\nThis reverts commit ${sha(7)}.`,
    author: { name: 'Dana Kovac', date: iso(1) },
    committer: { name: 'GitHub', date: iso(2) },
  },
  author: { login: 'dana' },
  ...more,
});

function pageOf<T>(items: T[], { query }: Asked): T[] {
  const size = Number(query.per_page);
  return items.slice((Number(query.page) - 1) * size).slice(0, size);
}

describe('commits between two', () => {
  const compare = async (
    count: number,
    more: object = {},
    { limit = 1000, base = sha(1) } = {},
  ) => {
    const all = range(2, 2 + count).map(n => rawCommit(n));
    const { calls, provider } = answeringGithub(asked => ({
      body: {
        ...{ ahead_by: count, behind_by: 0, total_commits: count },
        commits: pageOf(all, asked),
        ...more,
      },
    }));
    const ends = { base, head: sha(9), limit };
    return {
      calls,
      found: await provider.listCommits(scope, ends, signal),
    };
  };

  it('are told whole, the oldest first', async () => {
    const { calls, found } = await compare(2);
    expect(calls).toMatchObject([
      {
        path: `/repos/acme/vaultex/compare/${sha(1)}...${sha(9)}`,
        query: { per_page: '100', page: '1' },
      },
    ]);
    expect(found).toMatchObject({ status: 'ahead', complete: true });
    expect(found.commits).toEqual([
      {
        ...{ sha: sha(2), parents: [sha(1)], author: 'dana' },
        ...{ authoredAt: at(1), committedAt: at(2) },
        message: `C 2\n\nThis reverts commit ${sha(7)}.`,
      },
      expect.objectContaining({ sha: sha(3) }),
    ]);
  });

  it.each([
    [0, 1],
    [100, 1],
    [101, 2],
    [250, 3],
    [600, 6],
  ])('%d of them cost %d calls', async (count, cost) => {
    const { calls, found } = await compare(count);
    expect(calls).toHaveLength(cost);
    expect(found.commits.map(one => one.sha)).toEqual(
      range(2, 2 + count).map(sha),
    );
    expect(found.complete).toBe(true);
  });

  it('are no more than asked for, and then not all', async () => {
    const { calls, found } = await compare(600, {}, { limit: 250 });
    expect(calls).toHaveLength(3);
    expect(found.commits).toHaveLength(250);
    expect(found.commits[249].sha).toBe(sha(251));
    expect(found.complete).toBe(false);
  });

  it('end where the vendor has no more to tell', async () => {
    const { calls, found } = await compare(150, { ahead_by: 9000 });
    expect(calls).toHaveLength(2);
    expect(found).toMatchObject({ complete: false });
    expect(found.commits).toHaveLength(150);
  });

  it.each([
    ['identical', 0, 0],
    ['behind', 0, 4],
    ['diverged', 1, 4],
  ])('say %s by their counts', async (status, ahead, behind) => {
    const counts = { ahead_by: ahead, behind_by: behind, status: 'vaporised' };
    const { found } = await compare(ahead, counts);
    expect(found.status).toBe(status);
  });

  it('need not have an author, times or parents, and are cut', async () => {
    const message = `a\0b${'x'.repeat(90_000)}`;
    const bare = { sha: sha(2), commit: { message } };
    const named = { sha: sha(3), commit: { message, author: { name: 'Mei' } } };
    const { found } = await compare(2, { commits: [bare, named] });
    expect(found.commits[0]).toMatchObject({ sha: sha(2), parents: [] });
    expect(found.commits[0].message).toMatch(/^abx{3998}$/);
    expect(found.commits[0].author).toBeUndefined();
    expect(found.commits[1].author).toBe('Mei');
  });

  it.each(['main', 'evil:main', '../../x'])(
    'are not asked for by the name %s',
    async base => {
      await expect(compare(1, {}, { base })).rejects.toMatchObject({
        name: 'InputError',
      });
    },
  );

  it.each([
    ['no counts', { ahead_by: 'many' }],
    ['a commit without a name', { commits: [{ sha: '../x' }] }],
  ])('are refused with %s', async (_, more) => {
    await expect(compare(1, more)).rejects.toMatchObject({
      name: 'InputError',
    });
  });

  it('are not found when one of the two is gone', async () => {
    const { provider } = answeringGithub(() => ({ body: {}, status: 404 }));
    const ends = { base: sha(1), head: sha(2), limit: 9 };
    await expect(
      provider.listCommits(scope, ends, signal),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});

describe('files of a commit', () => {
  const read = async (files: unknown) => {
    const { calls, provider } = answeringGithub(() => ({
      body: { sha: sha(2), files },
    }));
    const found = await provider.readCommitFiles(scope, sha(2), signal);
    return { calls, found };
  };

  it('are told by one call, with both names of what was moved', async () => {
    const { calls, found } = await read([
      { filename: 'src/b.ts', previous_filename: 'lib/b.ts' },
      { filename: 'src/a.ts', status: 'added' },
      { filename: 'lib/b.ts' },
    ]);
    expect(calls).toMatchObject([
      { path: `/repos/acme/vaultex/commits/${sha(2)}` },
    ]);
    expect(found).toEqual(['lib/b.ts', 'src/a.ts', 'src/b.ts']);
  });

  it('are unknown where the vendor may have left some out', async () => {
    const files = (count: number) =>
      range(0, count).map(n => ({ filename: `f${n}` }));
    expect((await read(files(299))).found).toHaveLength(299);
    expect((await read(files(300))).found).toBeUndefined();
  });

  it('are refused when they are not told', async () => {
    await expect(read(undefined)).rejects.toThrow('commit.files');
    const { calls, provider } = answeringGithub(() => ({ body: {} }));
    await expect(
      provider.readCommitFiles(scope, 'main', signal),
    ).rejects.toMatchObject({ name: 'InputError' });
    expect(calls).toEqual([]);
  });
});
