import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import {
  type BackstageCredentials,
  coreServices,
} from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { USER_TOKEN_HEADER } from 'backstage-plugin-delivery-common';
import request from 'supertest';
import deliveryPlugin from '..';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import { applyEntityConditions } from '../permissions/applyEntityConditions';
import { INDEX_TASK, RUNTIME_TASK } from '../scheduleTasks';
import { FakeRuntime } from './FakeRuntime';

const mockRuntime: { current?: FakeRuntime } = {};
jest.mock('../loadEcsProvider', () => ({
  loadEcsProvider: async () => ({
    createEcsProvider: () => mockRuntime.current,
    ecsCredentials: () => ({}),
  }),
}));
// Jest cannot load modules by a native import; what is loaded is the real provider all the same.
jest.mock('../loadGithubProvider', () => ({
  loadGithubProvider: async () => jest.requireActual('../providers/github'),
}));

export const SECRET = 'the webhook secret';
export const OLD_SECRET = 'the secret before';

type Json = Record<string, unknown>;
type Decide = (
  credentials: BackstageCredentials,
  /** Name of the permission. */
  permission: string,
  /** Entity it is asked for; absent when the question is about all of them. */
  resourceRef?: string,
) => PolicyDecision;

/** An entity whose catalog-info.yaml lies in `home`, by default the repository it claims. */
export function service(name: string, slug: string, home = slug): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: {
        'github.com/project-slug': slug,
        'backstage.io/managed-by-location': `url:https://github.com/${home}/tree/main/catalog-info.yaml`,
      },
    },
    spec: { type: 'service', owner: 'team' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
  };
}

/** A GitHub that has nothing but what the test puts there; counts what it is asked. */
async function startVendor(answers: Record<string, Json | string>) {
  const asked: string[] = [];
  const server: Server = createServer((req, res) => {
    const path = decodeURIComponent(String(req.url));
    asked.push(path);
    const known = Object.keys(answers).find(part => path.includes(part));
    const answer = known === undefined ? undefined : answers[known];
    if (path.endsWith('/logs')) {
      // As GitHub does: the log itself lies elsewhere.
      res.writeHead(302, { location: `/blob${path.replace('/logs', '')}` });
      res.end();
      return;
    }
    res.statusCode = answer === undefined ? 404 : 200;
    res.setHeader(
      'content-type',
      typeof answer === 'string' ? 'text/plain' : 'application/json',
    );
    res.end(
      typeof answer === 'string'
        ? answer
        : JSON.stringify(answer ?? { message: 'Not Found' }),
    );
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise(done => server.close(done)),
  };
}

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});

/** The whole plugin with its real store, real GitHub provider and a GitHub on loopback. */
export async function startDelivery(options: {
  entities: Entity[];
  /** Decides for every permission; all is allowed when absent. */
  decide?: Decide;
  config?: Json;
  integration?: Json;
  vendor?: Record<string, Json | string>;
  /** Another GitHub than the one of `vendor`. */
  githubUrl?: string;
  /** Top level of the portal's configuration. */
  rootConfig?: Json;
  /** Amazon ECS, as far as the test has it; it is read when the test says so. */
  runtime?: FakeRuntime;
}) {
  mockRuntime.current = options.runtime;
  const scheduler = mockServices.scheduler();
  const vendor = await startVendor(options.vendor ?? {});
  const knex = await databases.init('SQLITE_3');
  const publish = jest.fn(async () => {});
  const notify = jest.fn(async () => {});
  const auditor = mockServices.auditor.mock();
  const auditEvent = { success: jest.fn(), fail: jest.fn() };
  auditor.createEvent.mockResolvedValue(auditEvent);
  const logger = mockServices.rootLogger.mock();
  logger.child.mockReturnValue(logger);
  const decide = options.decide ?? (() => ({ result: AuthorizeResult.ALLOW }));
  const backend = await startTestBackend({
    features: [
      deliveryPlugin,
      mockServices.rootConfig.factory({
        data: {
          integrations: {
            github: [
              {
                host: 'github.com',
                apiBaseUrl: options.githubUrl ?? vendor.url,
                token: 'portal-token',
                ...options.integration,
              },
            ],
          },
          delivery: {
            providers: { github: { webhookSecrets: [SECRET, OLD_SECRET] } },
            ...options.config,
          },
          ...options.rootConfig,
        },
      }),
      mockServices.rootLogger.factory(),
      mockServices.database.factory({ knex }),
      mockServices.httpAuth.factory({
        defaultCredentials: mockCredentials.none(),
      }),
      mockServices.permissions.mock({
        authorizeConditional: async (requests, { credentials }: never) =>
          requests.map(item => decide(credentials, item.permission.name)),
        authorize: async (requests, { credentials }: never) =>
          requests.map(item => {
            const { resourceRef } = item as { resourceRef?: string };
            const decision = decide(
              ...([credentials, item.permission.name] as const),
              resourceRef,
            );
            const entity = options.entities.find(
              known => stringifyEntityRef(known) === resourceRef,
            );
            const allowed =
              decision.result === AuthorizeResult.CONDITIONAL
                ? entity && applyEntityConditions(decision, entity)
                : decision.result === AuthorizeResult.ALLOW;
            return {
              result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
            };
          }),
      }).factory,
      auditor.factory,
      ...(options.runtime
        ? [
            createServiceFactory({
              service: coreServices.scheduler,
              deps: {},
              factory: () => scheduler,
            }),
          ]
        : []),
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({ publish }),
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: notify }),
      }),
      catalogServiceMock.factory({ entities: options.entities }),
    ],
  });
  const store = await DatabaseDeliveryStore.create({ database: knex });

  const get = (path: string, token?: string) => {
    const call = request(backend.server).get(`/api/delivery${path}`);
    return token ? call.set('Authorization', `Bearer ${token}`) : call;
  };
  const post = (
    path: string,
    body: object,
    options_: { token?: string; userToken?: string } = {},
  ) => {
    const call = request(backend.server).post(`/api/delivery${path}`);
    if (options_.token) call.set('Authorization', `Bearer ${options_.token}`);
    if (options_.userToken) call.set(USER_TOKEN_HEADER, options_.userToken);
    return call.send(body);
  };
  const deliver = (
    event: string,
    payload: unknown,
    overrides: {
      secret?: string;
      id?: string;
      headers?: Record<string, string>;
    } = {},
  ) => {
    const body =
      typeof payload === 'string' ? payload : JSON.stringify(payload);
    const hmac = createHmac('sha256', overrides.secret ?? SECRET);
    return request(backend.server)
      .post('/api/delivery/webhooks/github')
      .set({
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': overrides.id ?? randomUUID(),
        'x-hub-signature-256': `sha256=${hmac.update(body).digest('hex')}`,
        ...overrides.headers,
      })
      .send(body);
  };
  return {
    server: backend.server,
    store,
    knex,
    publish,
    notify,
    logger,
    auditor,
    auditEvent,
    vendor,
    get,
    post,
    deliver,
    /** One round of what reads runtimes. */
    readRuntime: () => scheduler.triggerTask(RUNTIME_TASK),
    readCatalog: () => scheduler.triggerTask(INDEX_TASK),
    /** Until everything that was delivered is applied. */
    settled: () =>
      until(
        async () => (await store.inboxCounts()).open === 0,
        'an empty inbox',
      ),
    stop: async () => {
      await backend.stop();
      await vendor.stop();
    },
  };
}

/** Polls until it is true. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const deadline = Date.now() + 8_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise(done => setTimeout(done, 10));
  }
}
