import {
  conformanceReport,
  conformanceTable,
  failedCheck,
} from './conformanceFixtures';
import type { Entity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  createFrontendModule,
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { scmAuthApiRef } from '@backstage/integration-react';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import type { Overview } from 'backstage-plugin-delivery-common';
import deliveryPlugin from '../src/alpha';
import { deliveryApiRef } from '../src/api/DeliveryApi';
import { DeliveryApiClient } from '../src/api/DeliveryApiClient';
import { DeliveryCard } from '../src/components/DeliveryCard/DeliveryCard';
import { DeliveryContent } from '../src/components/DeliveryContent';
import { approval } from './approvalFixtures';
import { doraReport, doraTiles, emptyReport } from './doraFixtures';
import { deploymentRow, doraRows } from './doraRowFixtures';
import { comparison, environments, four, history } from './environmentFixtures';
import { detailOf, scenes as environmentScenes } from './environmentScenes';
import {
  entity,
  ingestion,
  LOG,
  overview,
  runDetail,
  runList,
} from './fixtures';
import { matrix } from './matrixFixtures';
import { actingClient } from './showcaseApprovals';
import {
  everyState,
  longGraph,
  moveToNow,
  worstText,
} from './showcaseFixtures';

const refuse = async (
  status: number,
  message: string,
  code?: string,
): Promise<never> => {
  throw await ResponseError.fromResponse(
    new Response(
      JSON.stringify({
        error: { name: 'Error', message, code },
        request: { method: 'GET', url: '/' },
        response: { statusCode: status },
      }),
      { status, headers: { 'content-type': 'application/json' } },
    ),
  );
};
const never = () => new Promise<never>(() => undefined);

const scenes: Record<string, () => Promise<Overview>> = {
  normal: async () =>
    overview({
      runs: runList(undefined, 'older'),
      environments: four,
      dora: doraTiles(),
    }),
  ...Object.fromEntries(
    Object.entries(environmentScenes).map(([name, items]) => [
      name,
      async () => overview({ environments: items }),
    ]),
  ),
  approvals: async () =>
    overview({ approvals: [approval()], environments: four }),
  states: async () => overview({ runs: runList(everyState) }),
  hostile: async () => overview({ runs: runList([worstText]) }),
  empty: async () => overview({ runs: runList([]) }),
  backfill: async () =>
    overview({
      runs: runList([]),
      ingestion: ingestion({ backfill: { state: 'running', runs: 40 } }),
    }),
  problem: async () =>
    overview({
      ingestion: ingestion({
        health: 'error',
        problem: { code: 'x', message: 'GitHub asks to wait.', at: 0 },
      }),
    }),
  loading: never,
  forbidden: () => refuse(403, 'no'),
  broken: () => refuse(500, 'The database is away.'),
};

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: deliveryApiRef,
      deps: {},
      factory: () =>
        new DeliveryApiClient({
          identityApi: {
            getBackstageIdentity: async () => ({
              type: 'user' as const,
              userEntityRef: 'user:default/guest',
              ownershipEntityRefs: [],
            }),
          },
          client: {
            overview: async ({ params }) =>
              moveToNow(await (scenes[params.name] ?? scenes.normal)()),
            runs: async () => moveToNow(runList(everyState)),
            run: async ({ params }) =>
              moveToNow(
                params.id === 'gh.1286'
                  ? runDetail({ ...longGraph, run: everyState[1] })
                  : runDetail(),
              ),
            log: async () => new Response(LOG.repeat(2000)),
            conformance: async () =>
              moveToNow(conformanceReport([failedCheck])),
            conformanceTable: async () => moveToNow(conformanceTable()),
            environments: async ({ params }) => {
              const answer = await (scenes[params.name] ?? scenes.normal)();
              return moveToNow(environments({ items: answer.environments }));
            },
            environment: async ({ params }) => {
              const answer = await (scenes[params.name] ?? scenes.normal)();
              const found = answer.environments.find(
                ({ name }) => name === params.environment,
              );
              return moveToNow(detailOf(found ?? four[0]));
            },
            history: async () => moveToNow(history()),
            compare: async () => moveToNow(comparison()),
            matrix: async () => moveToNow(matrix()),
            ...actingClient(refuse),
            dora: async ({ query }) =>
              moveToNow(
                query?.ref?.endsWith('/empty') ? emptyReport : doraReport(),
              ),
            doraRows: async ({ params, query }) =>
              moveToNow(doraRows(params.metric, query)),
            doraExport: async () => new Response('metric,value\n'),
            doraOverride: async () => ({
              deployment: moveToNow(deploymentRow(0)),
              auditSeq: 4712,
            }),
          },
        }),
    }),
});

// The portal's own would open a window of GitHub.
const scmAuth = ApiBlueprint.make({
  name: 'scm-auth',
  params: defineParams =>
    defineParams({
      api: scmAuthApiRef,
      deps: {},
      factory: () => ({
        getCredentials: async () => ({ token: 'of-the-showcase', headers: {} }),
      }),
    }),
});

const catalog = ApiBlueprint.make({
  name: 'catalog',
  params: defineParams =>
    defineParams({
      api: catalogApiRef,
      deps: {},
      factory: () =>
        ({
          getEntityByRef: async () => entity(),
          getEntitiesByRefs: async () => ({ items: [] }),
        } as Partial<typeof catalogApiRef.T> as typeof catalogApiRef.T),
    }),
});

const named = (name: string): Entity => {
  const base = entity();
  return { ...base, metadata: { ...base.metadata, name } };
};

const pages = Object.keys(scenes).map(name =>
  PageBlueprint.make({
    name,
    params: {
      path: `/${name}`,
      title: name,
      icon: <span aria-hidden>{name.slice(0, 2)}</span>,
      loader: async () => (
        <EntityProvider entity={named(name)}>
          <div style={{ padding: 24 }}>
            <DeliveryContent />
            <div style={{ maxWidth: 480, marginTop: 24 }}>
              <DeliveryCard />
            </div>
          </div>
        </EntityProvider>
      ),
    },
  }),
);

// The catalog itself is not part of the showcase: only its address is.
const entityPage = PageBlueprint.make({
  name: 'entity',
  params: {
    path: '/catalog/:namespace/:kind/:name',
    routeRef: entityRouteRef,
    loader: async () => (
      <EntityProvider entity={entity({})}>
        <DeliveryContent />
      </EntityProvider>
    ),
  },
});

createDevApp({
  features: [
    deliveryPlugin,
    createFrontendModule({ pluginId: 'delivery', extensions: [api] }),
    createFrontendModule({ pluginId: 'app', extensions: [scmAuth] }),
    createFrontendPlugin({
      pluginId: 'showcase',
      extensions: [...pages, entityPage, catalog],
    }),
  ],
});
