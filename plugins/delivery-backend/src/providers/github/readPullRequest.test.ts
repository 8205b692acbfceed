import { answeringGithub, HOST } from '../../__testUtils__/answeringGithub';

const scope = { host: HOST, slug: 'acme/vaultex' };
const { signal } = new AbortController();
const sha = (n: number) => n.toString(16).padStart(40, '0');
const at = (day: number) => Date.UTC(2026, 10, day, 10);
const list = <T>(count: number, make: (n: number) => T) =>
  Array.from({ length: count }, (_, n) => make(n));

const rawCommit = (n: number) => ({
  sha: sha(n),
  parents: [],
  commit: { message: `C ${n}`, author: { name: 'Dana' } },
});
const review = (login: string | null, day: number, more: object = {}) => ({
  user: login && { login, type: 'User' },
  submitted_at: new Date(at(day)).toISOString(),
  state: 'COMMENTED',
  ...more,
});

describe('parts of a pull request', () => {
  const read = async (
    parts: { commits?: unknown[]; reviews?: unknown[]; files?: unknown[] },
    files = false,
  ) => {
    const { calls, provider } = answeringGithub(({ path, query }) => {
      const part = path.split('/').at(-1) as keyof typeof parts;
      const begin = (Number(query.page) - 1) * Number(query.per_page);
      return { body: (parts[part] ?? []).slice(begin, begin + 100) };
    });
    const found = await provider.readPullRequest(
      scope,
      { number: 5, author: 'dana', files },
      signal,
    );
    return { found, calls: calls.map(({ path }) => path) };
  };

  it('are its own commits and the first look of somebody else', async () => {
    const { calls, found } = await read({
      commits: [rawCommit(1), rawCommit(2)],
      reviews: [review('Dana', 1), review('mei', 3), review('ravi', 2)],
    });
    expect(calls).toEqual([
      '/repos/acme/vaultex/pulls/5/commits',
      '/repos/acme/vaultex/pulls/5/reviews',
    ]);
    expect(found.commits.map(one => one.sha)).toEqual([sha(1), sha(2)]);
    expect(found.firstReviewAt).toBe(at(2));
    expect(found).not.toHaveProperty('files');
  });

  it.each([
    ['nobody', []],
    ['its author alone', [review('DANA', 1)]],
    ['a robot', [review('lint[bot]', 1), review('scan', 1, bot())]],
    ['somebody who is gone', [review(null, 1)]],
    ['somebody who has not handed it in', [review('mei', 1, pending())]],
  ])('have no first review of %s', async (_, reviews) => {
    const { found } = await read({ reviews });
    expect(found.firstReviewAt).toBeUndefined();
  });

  it('have as many commits as the vendor tells', async () => {
    const { calls, found } = await read({ commits: list(400, rawCommit) });
    expect(found.commits).toHaveLength(250);
    expect(calls).toHaveLength(4);
  });

  it('have files when asked for them', async () => {
    const { calls, found } = await read(
      { files: list(150, n => ({ filename: `f${n}` })) },
      true,
    );
    expect(found.files).toHaveLength(150);
    expect(found.tooManyFiles).toBeUndefined();
    expect(calls.slice(2)).toEqual([
      '/repos/acme/vaultex/pulls/5/files',
      '/repos/acme/vaultex/pulls/5/files',
    ]);
  });

  it('have no files where there are more than the vendor tells', async () => {
    const many = list(3001, n => ({ filename: `f${n}` }));
    const { calls, found } = await read({ files: many }, true);
    expect(found).toMatchObject({ tooManyFiles: true });
    expect(found).not.toHaveProperty('files');
    expect(calls).toHaveLength(2 + 30);
  });

  it('are refused when they are no lists', async () => {
    const { provider } = answeringGithub(() => ({ body: { message: 'no' } }));
    const pull = { number: 5, files: false };
    await expect(
      provider.readPullRequest(scope, pull, signal),
    ).rejects.toMatchObject({ name: 'InputError' });
  });
});

function bot() {
  return { user: { login: 'scan', type: 'Bot' } };
}

function pending() {
  return { submitted_at: null, state: 'PENDING' };
}
