import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { DEFAULT_SET } from 'backstage-plugin-delivery-common/domain';
import Knex from 'knex';
import type { HandClock } from '../../packages/sandbox/src/engine';
import type { Sandbox } from '../../packages/sandbox/src';
import { DatabaseDeliveryStore } from '../../plugins/delivery-backend/src/database/DatabaseDeliveryStore';
import { Inbox } from '../../plugins/delivery-backend/src/ingestion/Inbox';
import { Reconciler } from '../../plugins/delivery-backend/src/ingestion/Reconciler';
import { createGithubProvider } from '../../plugins/delivery-backend/src/providers/github';
import { createServices } from '../../plugins/delivery-backend/src/services/createServices';
import { Activity } from './Activity';
import { appCredentials } from './credentials';

const DAY = 24 * 3600_000;

/** The service of a repository, as the catalog would have read it from there. */
export function entityOf(host: string, slug: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: slug.split('/')[1],
      namespace: 'default',
      annotations: {
        'github.com/project-slug': slug,
        'backstage.io/managed-by-location': `url:http://${host}/${slug}/tree/main/catalog-info.yaml`,
      },
    },
    spec: { type: 'service', owner: 'core' },
  };
}

/**
 * The plugin's own parts, put together as its `plugin.ts` does: real store, provider, inbox, reconciler and services. Only what the
 * platform gives (catalog, permissions, signals) is small, and the clock is the simulated one.
 */
export async function connectPortal(options: {
  sandbox: Sandbox;
  clock: HandClock;
  databaseFile: string;
  warn: (text: string) => void;
}) {
  const { sandbox, clock, databaseFile, warn } = options;
  const now = () => clock.now();
  const host = new URL(sandbox.url).host;
  const activity = new Activity();
  const logger: LoggerService = {
    error: warn,
    warn,
    info: () => {},
    debug: () => {},
    child: () => logger,
  };
  const knex = Knex({
    client: 'better-sqlite3',
    connection: { filename: databaseFile },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  const store = activity.watch(
    await DatabaseDeliveryStore.create({ database: knex }),
  );
  const provider = activity.watch(
    createGithubProvider({
      hosts: [{ host, apiBaseUrl: `${sandbox.url}/api/v3`, app: true }],
      credentials: appCredentials(sandbox, now),
      logger,
      clock: now,
    }),
  );
  const providers = [provider];
  const retention = { inboxBodiesMs: 3 * DAY, jobsMs: 400 * DAY };
  const services = createServices({
    store,
    providers,
    logger,
    now,
    channelSecret: 'channel',
    auditor: {
      createEvent: async () => ({
        success: async () => {},
        fail: async () => {},
      }),
    },
    auth: mockServices.auth(),
    catalog: catalogServiceMock({
      entities: [...sandbox.state.repos.values()].map(({ owner, name }) =>
        entityOf(host, `${owner}/${name}`),
      ),
    }),
    permissions: mockServices.permissions(),
    signals: { publish: async () => {} },
    environments: store.environments,
    runtimeProviders: [],
    // What environments show is derived without a call; here it would only take time.
    later: () => ({ cancel: () => {} }),
    config: {
      environmentSets: [DEFAULT_SET],
      grants: [],
      ingestionMode: 'webhook',
      retention,
      logMaxBytes: 1024,
      schedule: { catalog: { minutes: 5 }, reconcile: { minutes: 1 } },
      warnings: [],
    },
  });
  const timers: { at: number; run: () => void }[] = [];
  const reading = { store, providers, logger, clock: now };
  const reconciler = new Reconciler({
    ...reading,
    mode: 'webhook',
    retention,
    onApplied: result => {
      services.feed.applied(result);
    },
    later: (ms, run) => {
      const timer = { at: now() + ms, run };
      timers.push(timer);
      return { cancel: () => timers.splice(timers.indexOf(timer), 1) };
    },
  });
  const inbox = new Inbox({
    ...reading,
    onApplied: result => {
      reconciler.applied(result);
      services.feed.applied(result);
    },
  });
  services.runs.onView(entityRef => {
    reconciler.touch(entityRef).catch(() => {});
  });

  const deliveries: { event: string; body: string }[] = [];
  // Past its own sender, which would make one request after the other of them: the bodies are what counts here.
  sandbox.github.webhooks.send = ({ event, payload }) => {
    deliveries.push({ event, body: JSON.stringify(payload) });
  };
  let delivered = 0;
  return {
    host,
    repository(id: number) {
      const repo = sandbox.state.repos.get(id);
      if (!repo) throw new Error(`There is no repository ${id}.`);
      return repo;
    },
    store,
    services,
    reconciler,
    idle: async () => {
      await activity.idle();
      await services.stages.idle();
    },
    /** Deliveries applied so far. */
    delivered: () => delivered,
    /** Applies what was sent, and lets run what is due by now. */
    async catchUp() {
      delivered += deliveries.length;
      for (const delivery of deliveries.splice(0)) {
        await inbox.accept({
          ...delivery,
          provider: 'github',
          deliveryId: randomUUID(),
          receivedAt: now(),
        });
      }
      await inbox.drain();
      const due = timers.filter(({ at }) => at <= now());
      due.forEach(timer => timers.splice(timers.indexOf(timer), 1));
      due.forEach(({ run }) => run());
    },
    async close() {
      reconciler.close();
      await services.stages.close();
      services.feed.close();
      await knex.destroy();
    },
  };
}
