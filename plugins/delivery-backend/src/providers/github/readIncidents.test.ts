import {
  answeringGithub,
  HOST,
  type Asked,
} from '../../__testUtils__/answeringGithub';

const scope = { host: HOST, slug: 'acme/vaultex' };
const { signal } = new AbortController();
const at = (day: number) => Date.UTC(2026, 10, day, 10);
const iso = (day: number) => new Date(at(day)).toISOString();

const issue = (n: number, more: object = {}) => ({
  number: n,
  title: `Outage ${n}`,
  body: 'root cause: unknown',
  html_url: `http://${HOST}/acme/vaultex/issues/${n}`,
  labels: [{ name: 'incident' }],
  created_at: iso(1),
  closed_at: null,
  updated_at: iso(n),
  ...more,
});

/** A vendor with these issues a label; a list is as before as long as it is as long. */
function vendor(byLabel: Record<string, unknown[]>) {
  return answeringGithub(({ query, etag }: Asked) => {
    const all = byLabel[query.labels] ?? [];
    const valid = `"${query.labels} ${all.length}"`;
    if (etag === valid) return { status: 304, etag: valid };
    const begin = (Number(query.page) - 1) * 100;
    return { body: all.slice(begin, begin + 100), etag: valid };
  });
}
const request = { scope, since: at(1), labels: ['incident'], signal };

describe('incidents', () => {
  it('are issues with a label, open or closed', async () => {
    const { calls, provider } = vendor({
      incident: [issue(7, { closed_at: iso(6) }), issue(5)],
    });
    const page = await provider.listIncidents(request);
    expect(calls).toMatchObject([
      {
        path: '/repos/acme/vaultex/issues',
        query: {
          ...{ labels: 'incident', state: 'all', since: iso(1) },
          ...{ sort: 'updated', direction: 'desc', per_page: '100', page: '1' },
        },
      },
    ]);
    expect(page).toMatchObject({ calls: 1, cursor: undefined });
    expect(page.items).toEqual([
      {
        ...{ number: 7, title: 'Outage 7', body: 'root cause: unknown' },
        url: `http://${HOST}/acme/vaultex/issues/7`,
        ...{ labels: ['incident'], openedAt: at(1) },
        ...{ closedAt: at(6), updatedAt: at(7) },
      },
      expect.objectContaining({ number: 5 }),
    ]);
    expect(page.items[1].closedAt).toBeUndefined();
  });

  it('are no pull requests', async () => {
    const { provider } = vendor({
      incident: [issue(7, { pull_request: { url: 'x' } }), issue(5)],
    });
    const { items } = await provider.listIncidents(request);
    expect(items.map(({ number }) => number)).toEqual([5]);
  });

  it('are asked for label by label, and told once', async () => {
    const { calls, provider } = vendor({
      incident: [issue(7), issue(5)],
      'sev-1 & more': [issue(9), issue(7)],
    });
    const labels = ['incident', 'sev-1 & more', 'incident'];
    const page = await provider.listIncidents({ ...request, labels });
    expect(calls.map(({ query }) => query.labels)).toEqual([
      'incident',
      'sev-1 & more',
    ]);
    expect(page.items.map(({ number }) => number)).toEqual([9, 7, 5]);
    expect(page.calls).toBe(2);
  });

  it('cost nothing while nothing changes, and are told whole when something does', async () => {
    const lists: Record<string, unknown[]> = { a: [issue(5)], b: [issue(6)] };
    const { calls, provider } = vendor(lists);
    const of = { ...request, labels: ['a', 'b'] };
    const { etag } = await provider.listIncidents(of);
    expect(await provider.listIncidents({ ...of, etag })).toEqual({
      ...{ items: [], unchanged: true, etag, calls: 2 },
    });
    lists.b = [issue(8), issue(6)];
    const changed = await provider.listIncidents({ ...of, etag });
    expect(changed.items.map(({ number }) => number)).toEqual([8, 6, 5]);
    expect(changed.calls).toBe(3);
    expect(calls).toHaveLength(7);
    const again = await provider.listIncidents({ ...of, etag: changed.etag });
    expect(again.unchanged).toBe(true);
  });

  it('are told page by page, each label as far as it goes', async () => {
    const many = Array.from({ length: 150 }, (_, n) => issue(n + 1));
    const { calls, provider } = vendor({ a: many, b: [issue(500)] });
    const of = { ...request, labels: ['a', 'b'] };
    const first = await provider.listIncidents(of);
    expect(first.items).toHaveLength(101);
    const last = await provider.listIncidents({ ...of, cursor: first.cursor });
    expect(calls.slice(2)).toMatchObject([
      { query: { labels: 'a', page: '2' } },
    ]);
    expect(last.items).toHaveLength(50);
    expect(last).toMatchObject({ cursor: undefined, etag: undefined });
  });

  it('are cut where they are long, and linked only to their own host', async () => {
    const { provider } = vendor({
      incident: [
        issue(5, {
          title: 't'.repeat(9000),
          body: 'b'.repeat(90_000),
          labels: Array.from({ length: 300 }, () => 'x'),
          html_url: 'https://evil.example/x',
        }),
        issue(4, { body: null, labels: null, html_url: null }),
      ],
    });
    const [long, bare] = (await provider.listIncidents(request)).items;
    expect([long.title.length, long.body?.length]).toEqual([500, 20_000]);
    expect(long.labels).toHaveLength(100);
    expect(long.url).toBeUndefined();
    expect(bare).toMatchObject({ number: 4, labels: [] });
    expect(bare.body).toBeUndefined();
  });

  it('are refused when they are no list', async () => {
    const { provider } = answeringGithub(() => ({ body: { message: 'no' } }));
    await expect(provider.listIncidents(request)).rejects.toThrow('issues');
  });
});

describe('events of issues and pull requests', () => {
  const { provider } = answeringGithub(() => ({}));
  const parse = (name: string, payload: object) =>
    provider.parseEvent({
      name,
      receivedAt: at(20),
      payload: {
        repository: {
          ...{ id: 9, full_name: 'acme/vaultex' },
          html_url: `http://${HOST}/acme/vaultex`,
        },
        ...payload,
      },
    });
  const pull = (more: object) => ({
    action: 'closed',
    pull_request: { number: 5, merged_at: iso(2), ...more },
  });

  it('only hint at what to ask for', () => {
    const parsed = parse('issues', {
      action: 'labeled',
      issue: { number: 5, title: 'x'.repeat(9000) },
    });
    expect(parsed).toMatchObject({
      kind: 'changes',
      hints: ['incidents'],
      changes: [{ fact: { kind: 'repository', slug: 'acme/vaultex' } }],
    });
    expect(parse('pull_request', pull({}))).toMatchObject({
      hints: ['pullRequests'],
    });
  });

  it.each([
    ['pull_request', pull({ merged_at: null })],
    ['issues', { action: 'assigned', issue: { number: 5 } }],
  ])('are ignored where %s says nothing that is stored', (name, payload) => {
    expect(parse(name, payload)).toMatchObject({ kind: 'ignored' });
  });

  it.each([
    ['pull_request', { action: 'closed' }],
    ['issues', { action: 'opened', issue: { number: -1 } }],
    ['issues', { issue: { number: 5 } }],
  ])('are refused in another shape than that of %s', (name, payload) => {
    expect(() => parse(name, payload)).toThrow(name);
  });
});
