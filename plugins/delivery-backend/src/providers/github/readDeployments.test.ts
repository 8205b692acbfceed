import { mockServices } from '@backstage/backend-test-utils';
import type {
  DeploymentFact,
  DeploymentStatusFact,
} from 'backstage-plugin-delivery-common';
import { createGithubProvider } from './createGithubProvider';

const AT = Date.UTC(2026, 10, 20);
const MINUTE = 60_000;
const HOST = '127.0.0.1:7011';
const API = `http://${HOST}/api/v3`;
const REPO = `http://${HOST}/acme/vaultex`;
const iso = (at: number) => new Date(at).toISOString();

/** A repository with `count` deployments, the newest with the highest id, one a minute. */
function serve(
  count: number,
  options: {
    statuses?: (id: number) => object[];
    status?: (path: string) => number | undefined;
    repositoryUrl?: string;
    onCall?: () => void;
  } = {},
) {
  const calls: string[] = [];
  const deployments = Array.from({ length: count }, (_, index) => ({
    ...{ id: count - index, sha: 'a'.repeat(40), ref: 'main' },
    ...{ environment: 'production', creator: { login: 'dana' } },
    created_at: iso(AT - (index + 1) * MINUTE),
    repository_url: options.repositoryUrl ?? `${API}/repos/acme/vaultex`,
  }));
  const fetchApi: typeof fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    options.onCall?.();
    const url = new URL(String(input));
    calls.push(url.href.slice(API.length));
    const code = options.status?.(url.pathname);
    if (code) return Response.json({ message: 'no' }, { status: code });
    const id = /\/deployments\/(\d+)\/statuses$/.exec(url.pathname)?.[1];
    if (id) return Response.json(options.statuses?.(Number(id)) ?? []);
    const page = Number(url.searchParams.get('page'));
    return Response.json(deployments.slice((page - 1) * 100, page * 100));
  };
  const provider = createGithubProvider({
    hosts: [{ host: HOST, apiBaseUrl: API, app: false }],
    credentials: {
      getCredentials: async () => ({ type: 'app', token: 'ghs_canary' }),
    },
    logger: mockServices.logger.mock(),
    clock: () => AT,
    fetch: fetchApi,
    retries: 0,
  });
  const read = async (
    more: {
      cursor?: string;
      limit?: number;
      since?: number;
      slug?: string;
      repoKey?: string;
      known?: number[];
      signal?: AbortSignal;
    } = {},
  ) => {
    const batch = await provider.listDeployments!({
      scope: {
        host: HOST,
        slug: more.slug ?? 'acme/vaultex',
        repoKey: 'repoKey' in more ? more.repoKey : '127_0_0_1_7011/9',
      },
      mode: 'backfill',
      since: more.since ?? 0,
      cursor: more.cursor,
      limit: more.limit ?? 25,
      known: more.known && new Set(more.known.map(n => `127_0_0_1_7011.${n}`)),
      signal: more.signal ?? new AbortController().signal,
    });
    const facts = batch.changes.map(change => change.fact);
    return {
      ...batch,
      deployments: facts.filter(
        (fact): fact is DeploymentFact => fact.kind === 'deployment',
      ),
      statuses: facts.filter(
        (fact): fact is DeploymentStatusFact =>
          fact.kind === 'deploymentStatus',
      ),
    };
  };
  return { calls, read };
}

const status = (id: number, more: object = {}) => ({
  ...{ id, state: 'success', creator: { login: 'github-actions[bot]' } },
  created_at: iso(AT + id),
  ...more,
});

describe('reading deployments', () => {
  it('asks for all without a filter, and for the statuses of each', async () => {
    const { calls, read } = serve(1, {
      statuses: () => [
        status(72, { state: 'vaporised' }),
        status(71, { log_url: `${REPO}/actions/runs/5/job/55` }),
      ],
    });
    const batch = await read();
    expect(calls).toEqual([
      '/repos/acme/vaultex/deployments?page=1&per_page=100',
      '/repos/acme/vaultex/deployments/1/statuses?per_page=100',
    ]);
    expect(batch.cursor).toBeUndefined();
    expect(batch.changes.map(({ observed }) => observed)).toEqual(
      Array(3).fill({ source: 'api', at: AT }),
    );
    expect(batch.deployments).toEqual([
      {
        kind: 'deployment',
        deploymentKey: '127_0_0_1_7011.1',
        repoKey: '127_0_0_1_7011/9',
        runKey: '127_0_0_1_7011.5',
        sha: 'a'.repeat(40),
        ref: 'main',
        environment: 'production',
        creator: 'dana',
        createdAt: AT - MINUTE,
      },
    ]);
    expect(batch.statuses).toMatchObject([
      { statusKey: '127_0_0_1_7011.72', state: 'vaporised' },
      { statusKey: '127_0_0_1_7011.71', state: 'success' },
    ]);
  });

  it('goes on where it stopped, over pages, and reads each once', async () => {
    const { calls, read } = serve(130);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const batch = await read({ cursor, limit: 60 });
      seen.push(...batch.deployments.map(fact => fact.deploymentKey));
      cursor = batch.cursor;
    } while (cursor);
    expect(seen).toEqual(
      Array.from(
        { length: 130 },
        (_, index) => `127_0_0_1_7011.${130 - index}`,
      ),
    );
    expect(calls.filter(call => !call.includes('/statuses'))).toEqual(
      [1, 1, 2].map(
        page => `/repos/acme/vaultex/deployments?page=${page}&per_page=100`,
      ),
    );
  });

  it('makes no call for those of which all is known', async () => {
    const { calls, read } = serve(6);
    const batch = await read({ known: [6, 5, 3, 1], limit: 1 });
    expect(batch.deployments.map(fact => fact.deploymentKey)).toEqual([
      '127_0_0_1_7011.4',
    ]);
    expect(calls.slice(1)).toEqual([
      '/repos/acme/vaultex/deployments/4/statuses?per_page=100',
    ]);
    const rest = await read({ known: [3, 1], cursor: batch.cursor });
    expect(rest.deployments.map(fact => fact.deploymentKey)).toEqual([
      '127_0_0_1_7011.2',
    ]);
    expect(rest.cursor).toBeUndefined();
  });

  it('links the log of a status that has no other address', async () => {
    const { read } = serve(1, {
      statuses: () => [
        status(72, { target_url: '', log_url: `${REPO}/actions/runs/5/job/6` }),
        status(71, { log_url: 'https://evil.example/x' }),
      ],
    });
    expect((await read()).statuses.map(({ url }) => url)).toEqual([
      `${REPO}/actions/runs/5/job/6`,
      undefined,
    ]);
  });

  it('stops at the age it was given', async () => {
    const { calls, read } = serve(50);
    const since = AT - 30 * MINUTE;
    const first = await read({ since });
    expect(first.cursor).toBe('25');
    const second = await read({ since, cursor: first.cursor });
    expect(second.cursor).toBeUndefined();
    expect(second.deployments.map(({ createdAt }) => createdAt)).toEqual(
      [26, 27, 28, 29, 30].map(n => AT - n * MINUTE),
    );
    expect(calls).toHaveLength(2 + 30);
  });

  it.each([
    ['log_url', { log_url: `${REPO}/actions/runs/5/job/55` }, 5],
    ['target_url', { target_url: `${REPO}/actions/runs/6` }, 6],
    [
      'another case',
      { log_url: `http://${HOST}/Acme/Vaultex/actions/runs/5` },
      5,
    ],
    [
      'environment_url',
      { environment_url: `${REPO}/actions/runs/5` },
      undefined,
    ],
    [
      'a repository',
      { log_url: `http://${HOST}/evil/x/actions/runs/5` },
      undefined,
    ],
    [
      'a host',
      { log_url: 'https://github.com/acme/vaultex/actions/runs/5' },
      undefined,
    ],
    [
      'a person',
      { log_url: `http://u:p@${HOST}/acme/vaultex/actions/runs/5` },
      undefined,
    ],
    [
      'a prefix',
      { log_url: `http://${HOST}/x/acme/vaultex/actions/runs/5` },
      undefined,
    ],
    ['dots', { log_url: `${REPO}/../../evil/x/actions/runs/5` }, undefined],
    ['no number', { log_url: `${REPO}/actions/runs/5x` }, undefined],
    ['zero', { log_url: `${REPO}/actions/runs/0` }, undefined],
    [
      'too large',
      { log_url: `${REPO}/actions/runs/9999999999999999` },
      undefined,
    ],
    [
      'a script',
      { log_url: `${'javascript'}:/acme/vaultex/actions/runs/5` },
      undefined,
    ],
    ['nothing', { log_url: '' }, undefined],
  ])('takes the run from a link by %s', async (_, link, runId) => {
    const { calls, read } = serve(1, { statuses: () => [status(71, link)] });
    const [deployment] = (await read()).deployments;
    expect(deployment.runKey).toBe(runId && `127_0_0_1_7011.${runId}`);
    expect(calls).toHaveLength(2);
  });

  it('knows a renamed repository by both names', async () => {
    const { read } = serve(2, {
      repositoryUrl: `${API}/repos/acme/vaultex`,
      statuses: id => [
        status(id, {
          log_url: `http://${HOST}/acme/${
            id === 1 ? 'old' : 'vaultex'
          }/actions/runs/${id}`,
        }),
      ],
    });
    const { deployments } = await read({ slug: 'acme/old' });
    expect(deployments.map(({ runKey }) => runKey)).toEqual([
      '127_0_0_1_7011.2',
      '127_0_0_1_7011.1',
    ]);
  });

  it('keeps the run that began it, whichever run ended it', async () => {
    const { read } = serve(1, {
      statuses: () => [
        status(73, { state: 'inactive', log_url: `${REPO}/actions/runs/9` }),
        status(72, { log_url: `${REPO}/actions/runs/5` }),
        status(71, { state: 'waiting', log_url: '' }),
      ],
    });
    const [deployment] = (await read()).deployments;
    expect(deployment.runKey).toBe('127_0_0_1_7011.5');
  });

  it('leaves out what was deleted meanwhile, and nothing else', async () => {
    const { read } = serve(3, {
      status: path => (path.includes('/2/') ? 404 : undefined),
    });
    const { deployments, cursor } = await read();
    expect(deployments.map(({ deploymentKey }) => deploymentKey)).toEqual([
      '127_0_0_1_7011.3',
      '127_0_0_1_7011.1',
    ]);
    expect(cursor).toBeUndefined();
  });

  it.each([
    ['a refusal', /deployments$/, 403, 'github_refused'],
    ['no such repository', /deployments$/, 404, 'github_not_found'],
    ['an outage in between', /\/2\/statuses$/, 502, 'github_unavailable'],
  ])('tells of %s', async (_, at, code, expected) => {
    const { read } = serve(3, {
      status: path => (at.test(path) ? code : undefined),
    });
    await expect(read()).rejects.toMatchObject({ code: expected });
  });

  it('needs the id of the repository', async () => {
    const { calls, read } = serve(1);
    await expect(read({ repoKey: undefined })).rejects.toThrow('acme/vaultex');
    expect(calls).toEqual([]);
  });

  it('stops between two calls when it is aborted', async () => {
    const stop = new AbortController();
    let left = 3;
    const { calls, read } = serve(9, {
      onCall: () => {
        left -= 1;
        if (left === 0) stop.abort(new Error('stopped'));
      },
    });
    await expect(read({ signal: stop.signal })).rejects.toThrow('stopped');
    expect(calls.length).toBeLessThanOrEqual(3);
  });
});
