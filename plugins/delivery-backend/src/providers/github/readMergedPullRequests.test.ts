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

function pageOf<T>(items: T[], { query }: Asked): T[] {
  const size = Number(query.per_page);
  return items.slice((Number(query.page) - 1) * size).slice(0, size);
}

describe('merged pull requests', () => {
  const pull = (n: number, more: object = {}) => ({
    number: n,
    title: `Change ${n}`,
    body: 'Closes #4',
    user: { login: 'dana', type: 'User' },
    html_url: `http://${HOST}/acme/vaultex/pull/${n}`,
    base: { ref: 'main' },
    head: { ref: `change-${n}` },
    labels: [{ name: 'hotfix' }],
    merge_commit_sha: sha(n),
    created_at: iso(1),
    merged_at: iso(2),
    updated_at: iso(3),
    ...more,
  });
  const list = async (
    pulls: unknown,
    request: { since?: number; cursor?: string; etag?: string } = {},
  ) => {
    const { calls, provider } = answeringGithub(asked => ({
      body: Array.isArray(pulls) ? pageOf(pulls, asked) : pulls,
      etag: '"one"',
    }));
    const page = await provider.listMergedPullRequests({
      ...{ scope, since: 0, signal },
      ...request,
    });
    return { calls, page };
  };

  it('are asked for by what changed last', async () => {
    const { calls, page } = await list([pull(5)]);
    expect(calls).toMatchObject([
      {
        path: '/repos/acme/vaultex/pulls',
        query: {
          ...{ state: 'closed', sort: 'updated', direction: 'desc' },
          ...{ per_page: '100', page: '1' },
        },
      },
    ]);
    expect(page).toMatchObject({ calls: 1, cursor: undefined });
    expect(page.items).toEqual([
      {
        ...{ number: 5, title: 'Change 5', body: 'Closes #4' },
        ...{ author: 'dana', isBot: false, base: 'main', branch: 'change-5' },
        ...{ labels: ['hotfix'], mergeSha: sha(5) },
        url: `http://${HOST}/acme/vaultex/pull/5`,
        ...{ openedAt: at(1), mergedAt: at(2), updatedAt: at(3) },
      },
    ]);
  });

  it('are only those that were merged', async () => {
    const { page } = await list([
      pull(5, { merged_at: null }),
      pull(6, { merge_commit_sha: null }),
      pull(7),
    ]);
    expect(page.items.map(({ number }) => number)).toEqual([7]);
  });

  it('are told page by page, down to the moment asked for', async () => {
    const many = range(0, 250).map(n =>
      pull(n + 1, { updated_at: new Date(at(20) - n).toISOString() }),
    );
    const first = await list(many);
    expect(first.page.items).toHaveLength(100);
    expect(first.page.cursor).toBe('2');
    const last = await list(many, { cursor: '3', etag: first.page.etag });
    expect(last.calls[0]).toMatchObject({ query: { page: '3' } });
    expect(last.calls[0].etag).toBeUndefined();
    expect(last.page.items).toHaveLength(50);
    expect(last.page.cursor).toBeUndefined();
    expect(last.page.etag).toBeUndefined();
    const recent = await list(many, { since: at(20) - 9 });
    expect(recent.page.items).toHaveLength(10);
    expect(recent.page.cursor).toBeUndefined();
  });

  it('cost nothing while nothing changes', async () => {
    const { calls, provider } = answeringGithub(({ etag }) =>
      etag === '"one"' ? { status: 304 } : { body: [pull(5)], etag: '"one"' },
    );
    const request = { scope, since: 0, signal };
    const { etag } = await provider.listMergedPullRequests(request);
    const again = await provider.listMergedPullRequests({ ...request, etag });
    expect(again).toEqual({ items: [], unchanged: true, etag, calls: 1 });
    expect(calls).toHaveLength(2);
  });

  it('tell robots from people', async () => {
    const { page } = await list([
      pull(1, { user: { login: 'renovate[bot]', type: 'Bot' } }),
      pull(2, { user: { login: 'old-style[bot]' } }),
      pull(3, { user: null }),
    ]);
    expect(page.items.map(one => [one.author, one.isBot])).toEqual([
      ['renovate[bot]', true],
      ['old-style[bot]', true],
      [undefined, false],
    ]);
  });

  it('are cut where they are long, and linked only to their own host', async () => {
    const { page } = await list([
      pull(1, {
        title: 't'.repeat(9000),
        body: `\0${'b'.repeat(90_000)}`,
        labels: [...range(0, 300).map(n => ({ name: `l${n}` })), 'late'],
        html_url: 'https://evil.example/x',
      }),
    ]);
    const [found] = page.items;
    expect(found.title).toHaveLength(500);
    expect(found.body).toBe('b'.repeat(20_000));
    expect(found.labels).toHaveLength(100);
    expect(found.url).toBeUndefined();
  });

  it.each([
    ['no list', { message: 'no' }],
    ['no number', [pull(5, { number: 'x' })]],
    ['no time', [pull(5, { updated_at: 'soon' })]],
  ])('are refused with %s', async (_, body) => {
    await expect(list(body)).rejects.toThrow(/^pulls/);
  });
});
