import { mockCredentials } from '@backstage/backend-test-utils';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  type DeliveryContract,
  deliveryContract,
} from 'backstage-plugin-delivery-common';
import {
  deploymentStatus,
  workflowJob,
  workflowRun,
} from '../__testUtils__/githubPayloads';
import { service, startDelivery, until } from '../__testUtils__/startDelivery';
import type { ActRoutes } from './actHandlers';
import type { DoraRoutes } from './doraHandlers';

const OWNER = 'user:default/owner';
const READER = 'user:default/reader';
const user = mockCredentials.user.token;

/** The policy of the test portal: owners by rule, readers always, anybody else never. */
function decide(credentials: BackstageCredentials): PolicyDecision {
  const principal = credentials.principal as {
    type: string;
    userEntityRef?: string;
  };
  if (principal.type === 'service') return { result: AuthorizeResult.ALLOW };
  if (principal.userEntityRef === READER) {
    return { result: AuthorizeResult.ALLOW };
  }
  if (principal.userEntityRef !== OWNER) {
    return { result: AuthorizeResult.DENY };
  }
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: 'catalog-entity',
    conditions: {
      rule: 'IS_ENTITY_OWNER',
      resourceType: 'catalog-entity',
      params: { claims: ['group:default/team', OWNER] },
    },
  };
}

const callers = {
  anonymous: undefined,
  guest: user('user:development/guest'),
  userWithoutPermission: user('user:default/stranger'),
  reader: user(READER),
  owner: user(OWNER),
  onBehalfOfReader: user(READER, { actor: { subject: 'plugin:assistant' } }),
  onBehalfOfStranger: user('user:default/stranger', {
    actor: { subject: 'plugin:assistant' },
  }),
  service: mockCredentials.service.token(),
};
type Caller = keyof typeof callers;

const reads: Record<Caller, number> = {
  anonymous: 401,
  guest: 403,
  userWithoutPermission: 403,
  reader: 200,
  owner: 200,
  onBehalfOfReader: 200,
  onBehalfOfStranger: 403,
  service: 200,
};
/** Those of acts and metrics have their rows in actMatrix.test.ts and doraMatrix.test.ts. */
type ReadRoutes = Exclude<keyof DeliveryContract, ActRoutes | DoraRoutes>;
/** A route without a row here, or there, does not compile. */
const matrix: Record<ReadRoutes, Record<Caller, number>> = {
  overview: reads,
  runs: reads,
  run: reads,
  log: reads,
  environments: reads,
  environment: reads,
  history: reads,
  compare: reads,
  conformance: reads,
  // No entity is named: everybody gets what they may see, and be it nothing.
  matrix: {
    ...reads,
    ...{ guest: 200, userWithoutPermission: 200, onBehalfOfStranger: 200 },
  },
  conformanceTable: {
    ...reads,
    ...{ guest: 200, userWithoutPermission: 200, onBehalfOfStranger: 200 },
  },
};

describe('route × role', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;
  let values: Record<string, string>;

  beforeAll(async () => {
    const others = service('web', 'acme/web');
    others.relations = [{ type: 'ownedBy', targetRef: 'group:default/others' }];
    delivery = await startDelivery({
      entities: [service('api', 'acme/api'), others],
      decide,
      vendor: { '/blob/repos/acme/api/actions/jobs/1000': 'text' },
    });
    await delivery.deliver('workflow_run', workflowRun('acme/api'));
    await delivery.deliver('workflow_job', workflowJob('acme/api'));
    await delivery.get(
      '/v1/entities/component/default/api/overview',
      callers.reader,
    );
    await delivery.settled();
    const runs = await delivery
      .get('/v1/entities/component/default/api/runs', callers.reader)
      .expect(200);
    const id = runs.body.items[0].id;
    const run = await delivery.get(`/v1/runs/${id}`, callers.reader);
    values = {
      kind: 'component',
      namespace: 'default',
      name: 'api',
      id,
      job: run.body.jobs[0].id,
      environment: 'production',
    };
    await delivery.deliver(
      'workflow_run',
      workflowRun('acme/web', { id: 200 }, 8),
    );
    for (const [slug, repository, runId] of [
      ['acme/api', 7, 100],
      ['acme/web', 8, 200],
    ] as const) {
      const deployment = { id: runId, environment: 'production', runId };
      await delivery.deliver(
        'deployment_status',
        deploymentStatus(slug, { ...deployment, state: 'success' }, repository),
      );
    }
    await delivery.settled();
    await until(
      async () =>
        (await delivery.store.environments.allEnvironments()).length === 2,
      'the environments of both services',
    );
  });
  afterAll(() => delivery.stop());

  const pathOf = (route: ReadRoutes) =>
    deliveryContract[route].path.replace(
      /:([a-z]+)/g,
      (_, name: string) => values[name],
    ) + (route === 'compare' ? '?from=production&to=production' : '');
  const rows = Object.entries(matrix).flatMap(([route, row]) =>
    Object.entries(row).map(
      ([caller, status]) => [route, caller, status] as const,
    ),
  );
  it.each(rows)('%s by %s gives %i', async (route, caller, status) => {
    const path = pathOf(route as ReadRoutes);
    const response = await delivery.get(path, callers[caller as Caller]);
    expect(response.status).toBe(status);
  });

  it.each([
    ['guest', []],
    ['userWithoutPermission', []],
    ['onBehalfOfStranger', []],
    ['owner', ['api']],
    ['reader', ['api', 'web']],
    ['onBehalfOfReader', ['api', 'web']],
    ['service', ['api', 'web']],
  ] as [Caller, string[]][])(
    'the matrix shows %s only %j',
    async (caller, names) => {
      const { body } = await delivery
        .get('/v1/matrix', callers[caller])
        .expect(200);
      const shown: { title: string }[] = body.services;
      expect(shown.map(item => item.title).sort()).toEqual(names);
      expect(body.environments).toHaveLength(names.length === 0 ? 0 : 1);
      const table = await delivery.get('/v1/conformance', callers[caller]);
      const listed: { title: string }[] = table.body.items;
      expect(listed.map(item => item.title).sort()).toEqual(names);
    },
  );

  const ofOneEntity = Object.keys(matrix).filter(
    route => !['matrix', 'conformanceTable'].includes(route),
  );
  it.each(ofOneEntity as ReadRoutes[])(
    '%s tells which permission is missing and who owns the service',
    async route => {
      const { body } = await delivery.get(pathOf(route), callers.guest);
      const [permission] = deliveryContract[route].permissions;
      expect(body.error).toMatchObject({
        name: 'NotAllowedError',
        message: `You need the permission ${permission} on component:default/api; it is owned by group:default/team, ask there.`,
        code: 'permission_missing',
        params: { permission, owner: 'group:default/team' },
      });
    },
  );

  it('opens the webhook route by its signature alone, and nothing below it', async () => {
    await delivery
      .deliver('workflow_run', workflowRun('acme/api', { id: 101 }))
      .expect(202);
    await delivery.get('/webhooks/github/anything').expect(404);
    await delivery.get('/webhooks').expect(401);
  });
});

describe('runs of other services', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;

  beforeAll(async () => {
    delivery = await startDelivery({
      entities: [
        service('api', 'acme/api'),
        service('thief', 'acme/secret', 'acme/thief'),
      ],
      decide: () => ({ result: AuthorizeResult.ALLOW }),
    });
    // The secret repository's service was there once; its binding is what an attacker would like to inherit.
    await delivery.store.replaceBindings(
      [
        {
          entityRef: 'component:default/hidden',
          host: 'github.com',
          slug: 'acme/secret',
          workflows: [],
          paths: [],
        },
      ],
      false,
    );
    await delivery
      .deliver('workflow_run', workflowRun('acme/secret', { id: 666 }, 8))
      .expect(202);
    await delivery.settled();
  });
  afterAll(() => delivery.stop());

  it('are not found by their id, like runs that do not exist', async () => {
    const { repoKey } = (await delivery.store.repositoryBySlug(
      'github.com',
      'acme/secret',
    ))!;
    const hostKey = repoKey.split('/')[0];
    expect(await delivery.store.run(`${hostKey}.666`)).toBeDefined();
    const real = await delivery
      .get(`/v1/runs/${hostKey}.666`, callers.reader)
      .expect(404);
    const made = await delivery
      .get(`/v1/runs/${hostKey}.667`, callers.reader)
      .expect(404);
    expect(real.body.error.message.replace('666', '667')).toBe(
      made.body.error.message,
    );
    await delivery
      .get(`/v1/runs/${hostKey}.666/jobs/${hostKey}.1/log`, callers.reader)
      .expect(404);
  });

  it('are not given to an entity that only claims their repository', async () => {
    for (const part of ['overview', 'runs']) {
      const { body } = await delivery
        .get(`/v1/entities/component/default/thief/${part}`, callers.reader)
        .expect(404);
      expect(body.error).toMatchObject({
        code: 'foreign_repository',
        params: { entityRef: 'component:default/thief' },
      });
    }
    expect(
      await delivery.store.bindingsOfEntity('component:default/thief'),
    ).toEqual([]);
  });

  it('say so when there is no such entity', async () => {
    const { body } = await delivery
      .get('/v1/entities/component/default/none/overview', callers.reader)
      .expect(404);
    expect(body.error).toMatchObject({ code: 'entity_not_found' });
  });
});
