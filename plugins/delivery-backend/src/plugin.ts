import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { deliveryPermissions } from 'backstage-plugin-delivery-common';
import {
  deliveryProvidersExtensionPoint,
  type DeliveryProvider,
  type IdentityResolver,
  type RuntimeProvider,
} from 'backstage-plugin-delivery-node';
import { readDeliveryConfig } from './config';
import { DatabaseDeliveryStore } from './database/DatabaseDeliveryStore';
import { createChangeReading } from './createChangeReading';
import { createRuntime } from './createRuntime';
import { BudgetGovernor } from './ingestion/BudgetGovernor';
import { ConformanceReader } from './ingestion/ConformanceReader';
import { loadGithubProvider } from './loadGithubProvider';
import { Inbox } from './ingestion/Inbox';
import { laterByTimer } from './ingestion/laterByTimer';
import { webhooksFromEvents } from './router/webhooksFromEvents';
import { Reconciler } from './ingestion/Reconciler';
import { createRouter } from './router/createRouter';
import {
  CHANGES_TASK,
  CONFORMANCE_TASK,
  RECONCILE_TASK,
  RUNTIME_TASK,
  scheduleTasks,
} from './scheduleTasks';
import {
  effectiveConfiguration,
  recordConfiguration,
} from './services/auditing/recordConfiguration';
import { createServices } from './services/createServices';
import { readCatalogAtStart } from './services/readCatalogAtStart';

/** History that is there in a minute or two is worth more than one in a quarter of an hour. */
const DEPLOYMENT_ROUNDS = 8;

/**
 * The backend plugin `delivery`.
 * @public
 */
export const deliveryPlugin = createBackendPlugin({
  pluginId: 'delivery',
  register(env) {
    const providers: DeliveryProvider[] = [];
    const addProvider = (provider: DeliveryProvider) => {
      if (providers.some(known => known.id === provider.id)) {
        throw new Error(`There are two delivery providers "${provider.id}".`);
      }
      providers.push(provider);
    };
    const runtimeProviders: RuntimeProvider[] = [];
    const addRuntimeProvider = (provider: RuntimeProvider) => {
      if (runtimeProviders.some(known => known.id === provider.id)) {
        throw new Error(`There are two runtime providers "${provider.id}".`);
      }
      runtimeProviders.push(provider);
    };
    let identityResolver: IdentityResolver | undefined;
    env.registerExtensionPoint(deliveryProvidersExtensionPoint, {
      ...{ addProvider, addRuntimeProvider },
      setIdentityResolver(resolver) {
        if (identityResolver) {
          throw new Error('There are two identity resolvers of delivery.');
        }
        identityResolver = resolver;
      },
    });

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
      },
      async init(deps) {
        const { logger, lifecycle, scheduler, permissionsRegistry } = deps;
        const config = readDeliveryConfig(deps.config);
        config.warnings.forEach(warning => logger.warn(warning));
        permissionsRegistry.addPermissions(deliveryPermissions);
        const now = () => Date.now();

        if (config.github) {
          const { createGithubProvider } = await loadGithubProvider();
          addProvider(
            createGithubProvider({
              hosts: config.github.hosts,
              signIn: config.github.signIn,
              credentials: DefaultGithubCredentialsProvider.fromIntegrations(
                ScmIntegrations.fromConfig(deps.config),
              ),
              logger,
              clock: now,
            }),
          );
        }
        const store = await DatabaseDeliveryStore.create(deps);
        const runtime = await createRuntime({
          ...deps,
          ...{ config, runtimeProviders, addRuntimeProvider, now },
          rootConfig: deps.config,
          environments: store.environments,
        });
        const channelSecret = await store.setting('channel-secret', () =>
          randomBytes(32).toString('hex'),
        );
        const services = createServices({
          ...deps,
          config,
          ...{ store, providers, runtimeProviders, channelSecret, now },
          environments: store.environments,
          approvals: store.approvals,
          auditStore: store.audit,
          changes: store.changes,
          dora: store.dora,
          conformance: store.conformance,
          identityResolver,
          later: laterByTimer,
          pause: (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
        });
        await recordConfiguration(
          ...([services.audit, store.audit] as const),
          effectiveConfiguration(config),
        );
        runtime?.onChanged(keys => services.keeper.runtimesChanged(keys));
        services.keeper.onExpected(keys => runtime?.reader.expect(keys));
        runtime?.onStacksChanged(refs => services.keeper.changed(refs));
        services.environmentFacts.onStacks((...stacks) =>
          runtime?.stacks.forEach(item => item.want(...stacks)),
        );
        const reading = { store, providers, logger, clock: now };
        const governor = new BudgetGovernor(now);
        const changeReader = createChangeReading({
          ...{ ...deps, config, store, providers, governor, now },
          changes: store.changes,
          keeper: services.doraKeeper,
        });
        const reconciler = new Reconciler({
          ...{ ...reading, governor, deploymentRounds: DEPLOYMENT_ROUNDS },
          mode: config.ingestionMode,
          retention: config.retention,
          onApplied: result => {
            services.feed.applied(result);
          },
        });
        const conformanceReader = new ConformanceReader({
          ...{ ...reading, governor },
          conformance: store.conformance,
          onRead: repoKey => services.conformanceKeeper.derive(repoKey),
        });
        const inbox = new Inbox({
          ...reading,
          onHint: () => {
            scheduler.triggerTask(CHANGES_TASK).catch(() => {});
          },
          onApplied: result => {
            reconciler.applied(result);
            services.feed.applied(result);
          },
        });
        const judgeBound = (entityRefs: string[]) => {
          services.conformanceKeeper
            .bound(entityRefs)
            .catch(error => logger.warn(`Conformance waits: ${error}`));
        };
        services.index.onBound(judgeBound);
        services.environmentIndex.onBound(judgeBound);
        services.index.onBound(() => {
          // What waited for a service is open now, and its history should not have to wait a minute.
          inbox.poke();
          scheduler.triggerTask(RECONCILE_TASK).catch(() => {});
          scheduler.triggerTask(CONFORMANCE_TASK).catch(() => {});
        });
        services.environmentIndex.onBound(() => {
          if (runtime) scheduler.triggerTask(RUNTIME_TASK).catch(() => {});
        });
        services.runs.onView(entityRef => {
          reconciler.touch(entityRef).catch(() => {});
        });
        services.onActed(({ repository }) => {
          // Only so that it is read sooner: the next sweep reads it anyway.
          store
            .entitiesOfRepository(repository.repoKey)
            .then(refs => Promise.all(refs.map(ref => reconciler.touch(ref))))
            .catch(() => {});
        });
        services.onRuntimeActed(key => runtime?.reader.expect([key]));

        const webhook =
          config.github && config.ingestionMode === 'webhook'
            ? { inbox, github: config.github, logger, now }
            : undefined;
        deps.httpRouter.use(
          createRouter({
            ...services,
            httpAuth: deps.httpAuth,
            ...{ webhook, now },
            checkResponses: process.env.NODE_ENV !== 'production',
          }),
        );
        if (webhook) {
          // Opens whatever lies below this path too: nothing may ever be put there.
          deps.httpRouter.addAuthPolicy({
            path: '/webhooks/github',
            allow: 'unauthenticated',
          });
        }

        if (config.ingestionMode === 'events') {
          await webhooksFromEvents({ events: deps.events, inbox, now });
        }

        const stopping = new AbortController();
        const { signal } = stopping;
        await scheduleTasks({
          ...{ scheduler, config, reconciler, changeReader, signal, runtime },
          conformanceReader,
          ...services,
        });
        lifecycle.addStartupHook(() => {
          inbox.start();
          services.keeper
            .all()
            .then(() => services.doraKeeper.all())
            .then(() => services.conformanceKeeper.all())
            .catch(error => logger.warn(`Environments wait: ${error}`));
          readCatalogAtStart({
            index: services.index,
            logger,
            signal,
            pause: ms => sleep(ms, undefined, { signal, ref: false }),
          }).catch(() => {});
        });
        lifecycle.addShutdownHook(async () => {
          stopping.abort();
          reconciler.close();
          runtime?.reader.close();
          await inbox.stop();
          await services.actRunner.close();
          await services.approvalKeeper.close();
          await services.stages.close();
          await services.keeper.close();
          await services.doraKeeper.close();
          services.feed.close();
        });
      },
    });
  },
});
