import { mockServices } from '@backstage/backend-test-utils';
import examples from '@octokit/webhooks-examples';
import type { RunFact } from 'backstage-plugin-delivery-common';
import type {
  DeliveryProvider,
  RawEvent,
} from 'backstage-plugin-delivery-node';
import { providerContractTests } from 'backstage-plugin-delivery-node/testUtils';
import { createGithubProvider } from './createGithubProvider';

const AT = Date.UTC(2026, 10, 20);
const HOST = '127.0.0.1:7011';
const API = 'http://127.0.0.1:7011/api/v3';

interface Recorded {
  name: string;
  examples: Record<string, unknown>[];
}
const events: RawEvent[] = (examples as unknown as Recorded[]).flatMap(
  ({ name, examples: bodies }) =>
    bodies.map(payload => ({ name, payload, receivedAt: AT })),
);
const used = /^(workflow_|deployment|check_run$|push$|repository$)/;
const [runEvent] = events.filter(({ name }) => name === 'workflow_run');
const runBody = runEvent.payload as { workflow_run: object };

/** The recorded body with another run in it. */
function withRun(more: object): RawEvent {
  return {
    ...runEvent,
    payload: { ...runBody, workflow_run: { ...runBody.workflow_run, ...more } },
  };
}

function create(
  fetchApi?: typeof fetch,
  more: { token?: () => string; host?: string; app?: boolean } = {},
): DeliveryProvider {
  const host = more.host ?? 'github.com';
  return createGithubProvider({
    hosts: [
      {
        host,
        apiBaseUrl: host === HOST ? API : 'https://api.github.com',
        app: more.app ?? false,
      },
    ],
    credentials: {
      getCredentials: async () => ({
        type: 'app',
        token: more.token?.() ?? 'ghs_canary',
      }),
    },
    logger: mockServices.logger.mock(),
    clock: () => AT,
    fetch: fetchApi,
    retries: 0,
  });
}

providerContractTests({
  createProvider: ({ fetch: fetchApi }) => create(fetchApi),
  events: events.filter(({ name }) => used.test(name)),
  unknownWords: {
    event: withRun({ status: 'completed', conclusion: 'vaporised' }),
    words: ['vaporised'],
  },
  malformed: withRun({ run_number: 'seven' }),
  framework: { describe, it },
});

it('acts in the name of people only where they can sign in', () => {
  expect(create()).not.toHaveProperty('acts');
  const options = {
    hosts: [{ host: HOST, apiBaseUrl: API, app: false }],
    credentials: { getCredentials: async () => ({ type: 'app' as const }) },
    logger: mockServices.logger.mock(),
    clock: () => AT,
  };
  const signIn = [{ host: HOST, clientId: 'Iv1.x', clientSecret: 'canary' }];
  expect(createGithubProvider({ ...options, signIn: [] })).not.toHaveProperty(
    'acts',
  );
  const provider = createGithubProvider({ ...options, signIn });
  expect(provider.acts?.decide).toBeInstanceOf(Function);
  expect(JSON.stringify(provider)).not.toContain('canary');
});

describe('what a delivery may say', () => {
  const runOf = (event: RawEvent): RunFact | undefined => {
    const parsed = create().parseEvent(event);
    const facts = parsed.kind === 'changes' ? parsed.changes : [];
    return facts.map(c => c.fact).find(fact => fact.kind === 'run');
  };

  it.each([
    `${'javascript'}:alert(1)`,
    'https://evil.example/x',
    'https://user@github.com/x',
    'no address',
  ])('links no address like %s', url => {
    expect(runOf(withRun({ html_url: url }))?.url).toMatch(
      /^https:\/\/github\.com\/Codertocat\/Hello-World\/actions\/runs\/\d+$/,
    );
  });

  it('cuts texts, and leaves out what databases refuse', () => {
    const title = `a\0b${'x'.repeat(9000)}`;
    const run = runOf(withRun({ display_title: title, head_branch: 'b\0' }));
    expect(run?.title).toHaveLength(500);
    expect(run?.title.startsWith('abx')).toBe(true);
    expect(run?.branch).toBe('b');
  });

  it.each([
    ['id', { id: 'no' }],
    ['created_at', { created_at: 'soon' }],
    ['head_sha', { head_sha: '../../x' }],
    ['run_attempt', { run_attempt: 1.5 }],
  ])('names a wrong %s', (field, more) => {
    expect(() => runOf(withRun(more))).toThrow(`workflow_run.${field}`);
  });

  it('ignores a host that is not configured', () => {
    expect(create(undefined, { host: HOST }).parseEvent(runEvent)).toEqual({
      kind: 'ignored',
      reason: 'its host is not configured',
    });
  });
});

describe('reading', () => {
  const { signal } = new AbortController();
  const scope = { host: HOST, slug: 'acme/vaultex' };
  const run = {
    ...scope,
    repoKey: '127_0_0_1_7011/9',
    runKey: '127_0_0_1_7011.5',
  };
  const repository = {
    id: 9,
    full_name: 'acme/vaultex',
    html_url: `http://${HOST}/acme/vaultex`,
  };
  const rawRun = (id: number, more = {}) => ({
    ...{ id, workflow_id: 3, run_number: id, run_attempt: 2, event: 'push' },
    ...{ name: 'Deploy', display_title: 'T', path: '.github/workflows/d.yml' },
    ...{ status: 'completed', conclusion: 'success', head_branch: 'main' },
    head_sha: 'a'.repeat(40),
    created_at: new Date(AT - id * 60_000).toISOString(),
    updated_at: new Date(AT).toISOString(),
    repository,
    ...more,
  });
  const calls: { url: URL; headers: Headers; method: string }[] = [];
  type Answers = (url: URL, headers: Headers) => Response | Promise<Response>;
  const answering = (
    answers: Answers,
    more: { token?: () => string; app?: boolean } = {},
  ) => {
    calls.length = 0;
    const fetchApi: typeof fetch = async (input, init) => {
      const url = new URL(String(input));
      const headers = new Headers(init?.headers);
      calls.push({ url, headers, method: init?.method ?? 'GET' });
      return answers(url, headers);
    };
    return create(fetchApi, { ...more, host: HOST });
  };
  const sweep = {
    scope,
    mode: 'sweep' as const,
    since: AT - 3_600_000,
    limit: 1000,
    signal,
  };
  const list = (runs: object[], headers = {}) =>
    Response.json(
      { total_count: runs.length, workflow_runs: runs },
      {
        headers,
      },
    );

  it('asks for all runs without a filter, with the pinned version', async () => {
    const provider = answering(() =>
      list([rawRun(5)], {
        'x-ratelimit-remaining': '4000',
        'x-ratelimit-limit': '5000',
        'x-ratelimit-reset': '1795000000',
      }),
    );
    const batch = await provider.listChanges(sweep);
    expect(calls[0].url.href).toBe(
      `${API}/repos/acme/vaultex/actions/runs?per_page=100&page=1`,
    );
    expect(calls[0].headers.get('x-github-api-version')).toBe('2022-11-28');
    expect(batch.cursor).toBeUndefined();
    expect(batch.changes).toMatchObject([
      { observed: { source: 'api', at: AT }, fact: { kind: 'repository' } },
      { fact: { runKey: run.runKey, repoKey: run.repoKey, attempt: 2 } },
    ]);
    expect(provider.budget?.(scope)).toEqual({
      remaining: 4000,
      limit: 5000,
      resetAt: 1_795_000_000_000,
    });
  });

  it('goes on page by page until the runs are old enough', async () => {
    const provider = answering(url => {
      const first = (Number(url.searchParams.get('page')) - 1) * 100 + 1;
      return list(
        Array.from({ length: 100 }, (_, index) => rawRun(first + index)),
      );
    });
    const since = AT - 150 * 60_000;
    const first = await provider.listChanges({ ...sweep, since });
    expect(first.cursor).toBe('2');
    const second = await provider.listChanges({
      ...sweep,
      since,
      cursor: first.cursor,
    });
    expect(second.cursor).toBeUndefined();
    const limited = await provider.listChanges({
      ...sweep,
      mode: 'backfill',
      since: 0,
      limit: 30,
    });
    expect(limited.cursor).toBeUndefined();
    expect(limited.changes).toHaveLength(31);
  });

  it('uses a validator with the token it was made for, and no other', async () => {
    let token = 'ghs_one';
    const provider = answering(
      (_, headers) =>
        headers.get('if-none-match') === 'W/"a:b"'
          ? new Response(null, { status: 304 })
          : list([rawRun(5)], { etag: 'W/"a:b"' }),
      { token: () => token },
    );
    const { etag } = await provider.listChanges(sweep);
    expect(await provider.listChanges({ ...sweep, etag })).toEqual({
      changes: [],
      unchanged: true,
      etag,
    });
    token = 'ghs_two';
    const again = await provider.listChanges({ ...sweep, etag });
    expect(again.changes).toHaveLength(2);
    expect(again.etag).not.toBe(etag);
    expect(etag).not.toContain('ghs_one');
  });

  it('reads a run with all pages of its jobs, as of one moment', async () => {
    const job = (id: number) => ({
      ...{ id, run_id: 5, run_attempt: 2, name: `leg ${id}` },
      ...{ status: 'completed', conclusion: 'success' },
    });
    const provider = answering(url => {
      if (!url.pathname.endsWith('/jobs')) return Response.json(rawRun(5));
      const first = url.searchParams.get('page') === '1';
      const jobs = first
        ? Array.from({ length: 100 }, (_, index) => job(index + 1))
        : [job(101)];
      return Response.json({ total_count: 101, jobs });
    });
    const changes = await provider.readRun!(run, signal);
    expect(changes.filter(c => c.fact.kind === 'job')).toHaveLength(101);
    expect(calls).toHaveLength(3);
    expect(calls[1].url.pathname).toMatch(/\/runs\/5\/attempts\/2\/jobs$/);
    await provider.readAttempt!(run, 1, signal);
    expect(calls[3].url.pathname).toMatch(/\/runs\/5\/attempts\/1$/);
  });

  it.each([
    [404, {}, 'NotFoundError', 'github_not_found', undefined],
    [410, {}, 'NotFoundError', 'github_not_found', undefined],
    [401, {}, 'NotAllowedError', 'github_refused', undefined],
    [403, {}, 'NotAllowedError', 'github_refused', undefined],
    [
      403,
      {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(AT / 1000 + 90),
      },
      'ServiceUnavailableError',
      'github_rate_limit',
      AT + 90_000,
    ],
    [
      429,
      { 'retry-after': '7' },
      'ServiceUnavailableError',
      'github_rate_limit',
      AT + 7000,
    ],
    [502, {}, 'ServiceUnavailableError', 'github_unavailable', undefined],
  ])(
    'says what HTTP %s %j means',
    async (status, headers, name, code, retryAt) => {
      const provider = answering(() =>
        Response.json(
          { message: 'secret text' },
          { status, headers: headers as Record<string, string> },
        ),
      );
      const error = await provider.listChanges(sweep).catch(e => e);
      expect(error).toMatchObject({ name, code, ...(retryAt && { retryAt }) });
      expect(JSON.stringify(error) + error.message).not.toMatch(
        /secret text|ghs_canary/,
      );
      expect(calls).toHaveLength(1);
    },
  );

  it('says so when the network is down', async () => {
    const provider = answering(() => {
      throw new TypeError('fetch failed');
    });
    await expect(provider.listChanges(sweep)).rejects.toMatchObject({
      code: 'github_unavailable',
    });
  });

  it('names the environments whose gate holds a run, and its artifacts', async () => {
    const provider = answering(url =>
      url.pathname.endsWith('/artifacts')
        ? Response.json({
            artifacts: [{ name: 'dist', size_in_bytes: 5, expired: false }],
          })
        : Response.json([
            { environment: { name: 'prod/eu' } },
            { environment: { name: 'prod/eu' } },
          ]),
    );
    expect(await provider.pendingEnvironments!(run, signal)).toEqual([
      'prod/eu',
    ]);
    expect(await provider.listArtifacts!(run, signal)).toMatchObject([
      { name: 'dist', sizeInBytes: 5, expired: false },
    ]);
  });

  describe('workflow files', () => {
    const path = '.github/workflows/d.yml';
    const sha = 'a'.repeat(40);
    const file = (more: object) => ({
      ...{ type: 'file', size: 8, sha: 'blob', encoding: 'base64' },
      content: Buffer.from('on: push').toString('base64'),
      ...more,
    });
    const read = (body: unknown, name = path) =>
      answering(() => Response.json(body)).readWorkflowFile!(
        scope,
        { path: name, sha },
        signal,
      );

    it('are read at the commit', async () => {
      expect(await read(file({}))).toEqual({
        ...{ path, sha, blobSha: 'blob', text: 'on: push' },
      });
      expect(calls[0].url.searchParams.get('ref')).toBe(sha);
    });

    it.each([
      ['workflow_is_folder', []],
      ['workflow_not_a_file', file({ type: 'symlink' })],
      ['workflow_too_large', file({ size: 10_000_000, encoding: 'none' })],
      [
        'workflow_in_lfs',
        file({
          content: Buffer.from(
            'version https://git-lfs.github.com/spec/v1\n',
          ).toString('base64'),
        }),
      ],
      ['workflow_not_text', file({ content: 'AAAA' })],
    ])('are refused with %s', async (code, body) => {
      await expect(read(body)).rejects.toMatchObject({
        name: 'InputError',
        code,
      });
    });

    it('that are made up by GitHub are not asked for', async () => {
      for (const name of ['dynamic/pages/x', '.github/workflows/../../x.yml']) {
        await expect(read(file({}), name)).rejects.toMatchObject({
          name: 'NotFoundError',
        });
      }
      expect(calls).toHaveLength(0);
    });
  });

  describe('logs', () => {
    const open = async (location: string) => {
      const provider = answering(url =>
        url.pathname.endsWith('/logs')
          ? new Response(null, { status: 302, headers: { location } })
          : new Response('line 1\n'),
      );
      const stream = await provider.openLog!(run, '127_0_0_1_7011.77', signal);
      return new Response(stream).text();
    };

    it.each([
      `http://${HOST}/signed/77?sig=1`,
      '/signed/77?sig=1',
      'https://results-receiver.actions.githubusercontent.com/x?sig=1',
      'https://a.blob.core.windows.net/x?sig=1',
    ])('are read from %s without our token', async location => {
      expect(await open(location)).toBe('line 1\n');
      expect(calls[0].headers.get('authorization')).toBe('Bearer ghs_canary');
      expect(calls[1].headers.get('authorization')).toBeNull();
    });

    it.each([
      'http://169.254.169.254/latest/meta-data',
      'https://actions.githubusercontent.com.evil.example/x',
      'http://a.blob.core.windows.net/x',
      'file:///etc/passwd',
      'http://127.0.0.1:5432/',
    ])('are not read from %s', async location => {
      await expect(open(location)).rejects.toMatchObject({
        code: 'log_host_refused',
      });
      expect(calls).toHaveLength(1);
    });
  });

  it('asks with the App for failed deliveries, and once for each', async () => {
    const delivery = (id: number, guid: string, status: number) => ({
      ...{ id, guid, status_code: status },
      delivered_at: new Date(AT).toISOString(),
    });
    const next = `<${API}/app/hook/deliveries?cursor=v1_9>; rel="next"`;
    const provider = answering(
      url =>
        url.searchParams.get('cursor') === 'v1_9'
          ? Response.json([delivery(1, 'c', 500)])
          : Response.json(
              [
                delivery(4, 'a', 200),
                delivery(3, 'b', 502),
                delivery(2, 'b', 502),
              ],
              { headers: { link: next } },
            ),
      { app: true },
    );
    const failed = await provider.listFailedDeliveries!(signal);
    expect(failed).toMatchObject([
      { guid: 'b', deliveredAt: AT },
      { guid: 'c' },
    ]);
    expect(calls[0].url.searchParams.get('status')).toBe('failure');
    await provider.redeliver!(failed[0], signal);
    expect(calls[2]).toMatchObject({ method: 'POST' });
    expect(calls[2].url.pathname).toMatch(
      /\/app\/hook\/deliveries\/3\/attempts$/,
    );
    expect(create().listFailedDeliveries).toBeUndefined();
  });
});
