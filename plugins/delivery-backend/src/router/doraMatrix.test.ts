import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { DORA_METRICS } from 'backstage-plugin-delivery-common';
import { deploymentStatus, workflowRun } from '../__testUtils__/githubPayloads';
import { person, startActing } from '../__testUtils__/startActing';
import { service, until } from '../__testUtils__/startDelivery';
import type { DoraRoutes } from './doraHandlers';

const user = (login: string, options?: { actor: { subject: string } }) =>
  mockCredentials.user.token(`user:default/${login}`, options);
const API = 'component:default/api';
const HOUR = 3_600_000;

/** The policy of the test portal: owners do all by rule, readers read, anybody else nothing. */
function decide(
  credentials: BackstageCredentials,
  permission: string,
): PolicyDecision {
  const { type, userEntityRef } = credentials.principal as {
    type: string;
    userEntityRef?: string;
  };
  if (type === 'service') return { result: AuthorizeResult.ALLOW };
  if (userEntityRef === 'user:default/reader') {
    const reads = permission === 'delivery.run.read';
    return { result: reads ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
  }
  if (userEntityRef !== 'user:default/cleo') {
    return { result: AuthorizeResult.DENY };
  }
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: 'catalog-entity',
    conditions: {
      rule: 'IS_ENTITY_OWNER',
      resourceType: 'catalog-entity',
      params: { claims: ['group:default/team'] },
    },
  };
}

const callers = {
  anonymous: undefined,
  guest: mockCredentials.user.token('user:development/guest'),
  stranger: user('stranger'),
  reader: user('reader'),
  owner: user('cleo'),
  onBehalfOfReader: user('reader', { actor: { subject: 'plugin:assistant' } }),
  onBehalfOfOwner: user('cleo', { actor: { subject: 'plugin:assistant' } }),
  service: mockCredentials.service.token(),
};
type Caller = keyof typeof callers;
type Row = Record<Caller, number>;

const reads: Row = {
  anonymous: 401,
  guest: 403,
  stranger: 403,
  reader: 200,
  owner: 200,
  onBehalfOfReader: 200,
  onBehalfOfOwner: 200,
  service: 200,
};
/** A route without a row does not compile. */
const matrix: Record<DoraRoutes, Row> = {
  dora: reads,
  doraRows: reads,
  doraExport: reads,
  // Only a person who is signed in themself, with the permission.
  doraOverride: {
    ...{ anonymous: 401, guest: 403, stranger: 403, reader: 403, owner: 200 },
    ...{ onBehalfOfReader: 403, onBehalfOfOwner: 403, service: 403 },
  },
};

const paths: Record<DoraRoutes, string> = {
  dora: `/v1/dora?scope=service&ref=${API}`,
  doraRows: `/v1/dora/change_fail_rate/rows?scope=service&ref=${API}`,
  doraExport: `/v1/dora/export?scope=service&ref=${API}&format=csv`,
  doraOverride: '/v1/dora/overrides',
};

describe('metrics: route × role', () => {
  let acting: Awaited<ReturnType<typeof startActing>>;
  const iso = (hoursAgo: number) =>
    new Date(Date.now() - hoursAgo * HOUR).toISOString();

  beforeAll(async () => {
    const web = service('web', 'acme/web');
    web.relations = [{ type: 'ownedBy', targetRef: 'group:default/others' }];
    acting = await startActing({
      entities: [
        service('api', 'acme/api'),
        web,
        ...['cleo', 'reader', 'stranger'].map(name => person(name)),
      ],
      decide,
    });
    for (const [slug, repository, id] of [
      ['acme/api', 7, 100],
      ['acme/api', 7, 110],
      ['acme/web', 8, 200],
    ] as const) {
      await acting.deliver(
        'workflow_run',
        workflowRun(slug, { id }, repository),
      );
      for (const [state, ago] of [
        ['in_progress', 30],
        ['success', 29],
      ] as const) {
        await acting.deliver(
          'deployment_status',
          deploymentStatus(
            slug,
            {
              ...{ id, environment: 'production', state, runId: id },
              at: iso(ago - id / 100),
              sha: `${id}`.padEnd(40, 'a'),
            },
            repository,
          ),
        );
      }
    }
    await acting.settled();
    await until(
      async () => (await acting.store.dora.services()).length === 2,
      'rows of both services',
    );
    await until(async () => {
      const { body } = await acting.get(paths.dora, callers.owner);
      return body.metrics?.[1]?.n === 2;
    }, 'two deployments');
  });
  afterAll(() => acting.stopAll());

  const rows = Object.entries(matrix).flatMap(([route, row]) =>
    Object.entries(row).map(
      ([caller, status]) =>
        [route as DoraRoutes, caller as Caller, status] as const,
    ),
  );
  async function call(route: DoraRoutes, caller: Caller) {
    if (route !== 'doraOverride') {
      return acting.get(paths[route], callers[caller]);
    }
    const { body } = await acting.get(paths.doraRows, callers.owner);
    return acting.post(
      paths.doraOverride,
      {
        ...{ entityRef: API, deploymentId: body.deployments[0].id },
        ...{ verdict: 'failed', reason: 'Users saw errors' },
      },
      { token: callers[caller] },
    );
  }

  it.each(rows)('%s by %s gives %i', async (route, caller, status) => {
    const { body, status: given } = await call(route, caller);
    expect([given, given === status ? '' : body.error]).toEqual([status, '']);
  });

  it.each(Object.keys(matrix) as DoraRoutes[])(
    '%s tells which permission is missing and who owns the service',
    async route => {
      const { body } = await call(route, 'stranger');
      const permission =
        route === 'doraOverride'
          ? 'delivery.dora.override'
          : 'delivery.run.read';
      expect(body.error).toMatchObject({
        code: 'permission_missing',
        params: { permission, owner: 'group:default/team' },
      });
    },
  );

  it.each([
    ['guest', []],
    ['stranger', []],
    ['owner', ['api']],
    ['reader', ['api', 'web']],
    ['service', ['api', 'web']],
  ] as [Caller, string[]][])(
    'the portal is for %s the services %j',
    async (caller, names) => {
      const { body } = await acting
        .get('/v1/dora?scope=portal', callers[caller])
        .expect(200);
      const shown: { title: string }[] = body.distribution;
      expect(shown.map(item => item.title)).toEqual(names);
      expect(body.metrics.map((item: { id: string }) => item.id)).toEqual([
        ...DORA_METRICS,
      ]);
      const frequency = body.metrics[1];
      const { body: listed } = await acting
        .get('/v1/dora/deployment_frequency/rows?scope=portal', callers[caller])
        .expect(200);
      expect(frequency.n).toBe(names.includes('web') ? 3 : 2 * names.length);
      expect(listed.total).toBe(frequency.n);
      expect(listed.deployments).toHaveLength(frequency.n);
    },
  );

  it.each([
    ['scope=team', 400, 'ref_missing'],
    ['scope=team&ref=group:default/none', 404, 'entity_not_found'],
    ['scope=system&ref=group:default/team', 400, 'ref_missing'],
    ['scope=service&ref=component:default/none', 404, 'entity_not_found'],
    [`scope=service&ref=${API}&from=5&to=3`, 400, 'window_wrong'],
    [`scope=service&ref=${API}&from=5`, 400, 'window_wrong'],
  ])('answers %s with %i %s', async (query, status, code) => {
    const { body } = await acting
      .get(`/v1/dora?${query}`, callers.reader)
      .expect(status);
    expect(body.error.code).toBe(code);
  });
});
