import { mockServices } from '@backstage/backend-test-utils';
import type { PushFact } from 'backstage-plugin-delivery-common';
import { createGithubProvider } from './createGithubProvider';

const AT = Date.UTC(2026, 10, 20);
const HOST = '127.0.0.1:7011';
const API = `http://${HOST}/api/v3`;
const scope = { host: HOST, slug: 'acme/vaultex' };
const run = {
  ...scope,
  repoKey: '127_0_0_1_7011/9',
  runKey: '127_0_0_1_7011.5',
};
const { signal } = new AbortController();
const sha = (n: number) => n.toString(16).padStart(40, '0');

/** A provider whose vendor gives this one answer, and the calls it got. */
function answering(body: unknown, status = 200) {
  const calls: string[] = [];
  const provider = createGithubProvider({
    hosts: [{ host: HOST, apiBaseUrl: API, app: false }],
    credentials: {
      getCredentials: async () => ({ type: 'app', token: 'ghs_canary' }),
    },
    logger: mockServices.logger.mock(),
    clock: () => AT,
    fetch: async input => {
      calls.push(decodeURIComponent(String(input).slice(API.length)));
      return Response.json(body, { status });
    },
    retries: 0,
  });
  return { calls, provider };
}

describe('comparing commits', () => {
  const commit = (n: number, message: string, more: object = {}) => ({
    sha: sha(n),
    commit: {
      message,
      author: { name: 'Dana Kovac', date: '2026-11-01T10:00:00Z' },
      committer: { name: 'GitHub', date: '2026-11-02T10:00:00Z' },
    },
    author: { login: 'dana' },
    ...more,
  });
  const comparison = (more: object = {}) => ({
    ...{ status: 'ahead', ahead_by: 2, behind_by: 0, total_commits: 2 },
    html_url: `http://${HOST}/acme/vaultex/compare/a...b`,
    commits: [commit(2, 'Two (#12)'), commit(3, 'Three\n\nwhy')],
    ...more,
  });
  const compare = async (body: unknown, base = sha(1), status = 200) => {
    const { calls, provider } = answering(body, status);
    const range = await provider.compareCommits!(
      scope,
      { base, head: sha(3) },
      signal,
    );
    return { calls, range };
  };

  it('asks once, without paging, and gives the newest first', async () => {
    const { calls, range } = await compare(comparison());
    expect(calls).toEqual([
      `/repos/acme/vaultex/compare/${sha(1)}...${sha(3)}`,
    ]);
    const at = Date.UTC(2026, 10, 2, 10);
    expect(range).toEqual({
      ...{ status: 'ahead', aheadBy: 2, behindBy: 0 },
      url: `http://${HOST}/acme/vaultex/compare/a...b`,
      commits: [
        { sha: sha(3), title: 'Three', author: 'dana', at },
        {
          ...{ sha: sha(2), title: 'Two (#12)', author: 'dana', at },
          pullRequest: 12,
        },
      ],
    });
  });

  it.each([
    ['identical', 0, 0],
    ['behind', 0, 4],
    ['diverged', 1, 4],
  ])('says %s', async (status, ahead, behind) => {
    const counts = { ahead_by: ahead, behind_by: behind, status: 'vaporised' };
    const { range } = await compare(comparison({ ...counts, commits: [] }));
    expect(range).toMatchObject({
      ...{ status, aheadBy: ahead, behindBy: behind, commits: [] },
    });
  });

  it.each([
    ['Merge pull request #7 from acme/fix (#9)', 7],
    ['Fix #8', undefined],
    ['Revert "Two (#12)" (#13)  ', 13],
    ['(#12) at the beginning', undefined],
    ['Huge (#1234567890)', undefined],
    ['First\nMerge pull request #7', undefined],
  ])('finds the pull request of %s', async (message, pullRequest) => {
    const { range } = await compare(
      comparison({ commits: [commit(2, message)] }),
    );
    expect(range.commits[0].pullRequest).toBe(pullRequest);
  });

  it('takes what is missing for missing, and cuts what is too long', async () => {
    const bare = {
      sha: sha(2),
      commit: { message: `a\0b${'x'.repeat(9000)}` },
    };
    const unsigned = commit(3, '', {
      author: null,
      commit: { message: '', author: { name: 'Mei', date: 'soon' } },
    });
    const { range } = await compare(
      comparison({
        html_url: 'https://evil.example/x',
        commits: [bare, unsigned],
      }),
    );
    expect(range.url).toBeUndefined();
    expect(range.commits[0]).toEqual({ sha: sha(3), title: '', author: 'Mei' });
    expect(range.commits[1].title).toMatch(/^abx{298}$/);
    const many = Array.from({ length: 400 }, (_, n) => commit(n, `C ${n}`));
    const cut = await compare(comparison({ commits: many, ahead_by: 400 }));
    expect(cut.range.commits).toHaveLength(250);
    expect(cut.range.aheadBy).toBe(400);
  });

  it.each([
    ['no object', []],
    ['no counts', { ...comparison(), ahead_by: 'many' }],
    ['a commit without a name', comparison({ commits: [{ sha: '../x' }] })],
  ])('refuses %s', async (_, body) => {
    await expect(compare(body)).rejects.toMatchObject({ name: 'InputError' });
  });

  it('says when one of them is gone', async () => {
    await expect(compare({}, sha(1), 404)).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it.each(['main', 'evil:main', '../../x', 'abc'])(
    'makes no call for %s',
    async base => {
      const { calls, provider } = answering(comparison());
      const range = { base, head: sha(3) };
      await expect(
        provider.compareCommits!(scope, range, signal),
      ).rejects.toMatchObject({ name: 'InputError' });
      expect(calls).toEqual([]);
    },
  );
});

describe('resolving a short SHA', () => {
  const full = `abc1234${'0'.repeat(33)}`;
  const body = (found: string) => ({ sha: found, commit: { message: 'T' } });
  const resolve = async (short: string, answer: unknown, status = 200) => {
    const { calls, provider } = answering(answer, status);
    return {
      calls,
      found: await provider.resolveCommit!(scope, short, signal),
    };
  };

  it('asks once for the commit that begins like that', async () => {
    expect(await resolve('ABC1234', body(full))).toEqual({
      calls: ['/repos/acme/vaultex/commits/ABC1234'],
      found: full,
    });
  });

  it('never takes a branch of that name', async () => {
    const { found } = await resolve('deadbeef', body(full));
    expect(found).toBeUndefined();
  });

  it.each([404, 422])('gives nothing for HTTP %s', async status => {
    const { found } = await resolve('abc1234', { message: 'no' }, status);
    expect(found).toBeUndefined();
  });

  it.each([
    [403, 'NotAllowedError'],
    [502, 'ServiceUnavailableError'],
  ])(
    'tells of HTTP %s: the answer may be another later',
    async (status, name) => {
      await expect(resolve('abc1234', {}, status)).rejects.toMatchObject({
        name,
      });
    },
  );

  it.each(['main', 'abc', '../..', ''])('makes no call for %s', async short => {
    expect(await resolve(short, body(full))).toEqual({
      calls: [],
      found: undefined,
    });
  });
});

describe('approvals of a run', () => {
  const approval = (more: object) => ({
    environments: [{ id: 1, name: 'production' }, { name: 'prod/eu' }],
    ...{ state: 'approved', user: { login: 'ravi' }, comment: 'Ship it' },
    ...more,
  });

  it('are told with who decided', async () => {
    const { calls, provider } = answering([
      approval({}),
      approval({ state: 'rejected', comment: '', environments: null }),
      approval({ state: 'vaporised', comment: 'x'.repeat(5000) }),
      approval({ user: null }),
    ]);
    const found = await provider.listApprovals!(run, signal);
    expect(calls).toEqual(['/repos/acme/vaultex/actions/runs/5/approvals']);
    expect(found).toEqual([
      {
        environments: ['production', 'prod/eu'],
        ...{ state: 'approved', user: 'ravi', comment: 'Ship it' },
      },
      { environments: [], state: 'rejected', user: 'ravi' },
      {
        environments: ['production', 'prod/eu'],
        ...{ state: 'unknown', user: 'ravi', comment: 'x'.repeat(1000) },
      },
    ]);
  });

  it('that are no list are refused', async () => {
    const { provider } = answering({ message: 'no' });
    await expect(provider.listApprovals!(run, signal)).rejects.toThrow(
      'approvals',
    );
  });
});

describe('commits of a push', () => {
  const { provider } = answering({});
  const commit = (n: number, more: object = {}) => ({
    ...{ id: sha(n), message: `C ${n}\n\nwhy`, added: [`f${n}`] },
    author: { name: 'Dana Kovac', username: 'dana' },
    timestamp: '2026-11-01T12:00:00+02:00',
    ...more,
  });
  const push = (commits: unknown[], more: object = {}) => {
    const parsed = provider.parseEvent({
      name: 'push',
      receivedAt: AT,
      payload: {
        ...{ ref: 'refs/heads/main', before: sha(1), after: sha(9) },
        repository: {
          ...{ id: 9, full_name: 'acme/vaultex' },
          html_url: `http://${HOST}/acme/vaultex`,
        },
        commits,
        ...more,
      },
    });
    const facts = parsed.kind === 'changes' ? parsed.changes : [];
    return facts
      .map(({ fact }) => fact)
      .find((fact): fact is PushFact => fact.kind === 'push');
  };

  it('are told as the vendor sends them', () => {
    expect(push([commit(2), commit(3, { author: { name: 'Mei' } })])).toEqual({
      kind: 'push',
      repoKey: '127_0_0_1_7011/9',
      ...{ branch: 'main', before: sha(1), after: sha(9) },
      files: ['f2', 'f3'],
      commits: [
        {
          ...{ sha: sha(2), title: 'C 2', author: 'dana' },
          at: Date.UTC(2026, 10, 1, 10),
        },
        {
          ...{ sha: sha(3), title: 'C 3', author: 'Mei' },
          at: Date.UTC(2026, 10, 1, 10),
        },
      ],
    });
  });

  it('are cut to the newest, and their texts are cut', () => {
    const many = Array.from({ length: 300 }, (_, n) => commit(n));
    const told = push(many)?.commits ?? [];
    expect(told).toHaveLength(250);
    expect([told[0].sha, told[249].sha]).toEqual([sha(50), sha(299)]);
    const [long] = push([commit(2, { message: 'x'.repeat(9000) })])!.commits!;
    expect(long.title).toHaveLength(300);
  });

  it.each([
    ['nothing', []],
    ['a commit without a name', [commit(2), commit(3, { id: null })]],
  ])('are not told of %s', (_, commits) => {
    expect(push(commits)?.commits).toBeUndefined();
  });

  it('need not have a message, an author or a time', () => {
    const [bare] = push([
      commit(2, { message: null, author: null, timestamp: 7 }),
    ])!.commits!;
    expect(bare).toEqual({ sha: sha(2), title: '' });
  });

  it('are refused with a name that is none', () => {
    expect(() => push([commit(2, { id: '../../x' })])).toThrow('push.commits');
  });
});
