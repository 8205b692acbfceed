import type {
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  type CompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  deliveryLogReadPermission,
  deliveryRunReadPermission,
} from 'backstage-plugin-delivery-common';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { Access } from '../services/Access';
import type { CompareService } from '../services/CompareService';
import type { EnvironmentService } from '../services/EnvironmentService';
import type { HistoryService } from '../services/HistoryService';
import type { LogService } from '../services/LogService';
import type { MatrixService } from '../services/MatrixService';
import type { RunAccess } from '../services/RunAccess';
import type { RunDetailService } from '../services/RunDetailService';
import type { RunService } from '../services/RunService';
import { actHandlers, type ActServices } from './actHandlers';
import { bindContract } from './bindContract';
import {
  conformanceHandlers,
  type ConformanceRouteServices,
} from './conformanceHandlers';
import { doraHandlers, type DoraServices } from './doraHandlers';
import { addGithubWebhook, type WebhookOptions } from './webhooks';

/** What the routes call. */
export interface RouterOptions
  extends ActServices,
    DoraServices,
    ConformanceRouteServices {
  httpAuth: HttpAuthService;
  access: Access;
  runAccess: RunAccess;
  runs: RunService;
  details: RunDetailService;
  logs: LogService;
  environmentService: EnvironmentService;
  history: HistoryService;
  compare: CompareService;
  matrix: MatrixService;
  /** Absent: there is no webhook route. */
  webhook?: WebhookOptions;
  checkResponses: boolean;
}

/** Routes under `/api/delivery`: each authenticates, authorises and calls one service. */
export function createRouter(options: RouterOptions): Router {
  const { httpAuth, access, runAccess, runs, details, logs } = options;
  const { environmentService, history, compare, matrix } = options;
  const router = PromiseRouter();
  if (options.webhook) addGithubWebhook(router, options.webhook);

  // Reads are for people, for other plugins on their behalf, and for services as far as their token reaches.
  const caller = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });
  // Nobody acts in somebody else's name: what an act rests on is a person who is signed in.
  const person = (request: Request): Promise<BackstageCredentials> =>
    httpAuth.credentials(request, { allow: ['user'] });
  const readable = async (request: Request, params: CompoundEntityRef) =>
    access.require(
      await caller(request),
      stringifyEntityRef(params),
      deliveryRunReadPermission,
    );

  bindContract(
    router,
    {
      overview: async ({ request, params }) =>
        runs.overview(await readable(request, params)),
      runs: async ({ request, params, query }) =>
        runs.runs(await readable(request, params), query),
      run: async ({ request, params, query }) =>
        details.run(
          await runAccess.require(
            await caller(request),
            params.id,
            deliveryRunReadPermission,
          ),
          query.attempt,
        ),
      log: async ({ request, params, signal }) =>
        logs.open(
          await runAccess.require(
            await caller(request),
            params.id,
            deliveryLogReadPermission,
          ),
          params.job,
          { request, signal },
        ),
      environments: async ({ request, params }) =>
        environmentService.list(await readable(request, params)),
      environment: async ({ request, params }) =>
        environmentService.detail(
          await readable(request, params),
          params.environment,
        ),
      history: async ({ request, params, query }) =>
        history.of(await readable(request, params), params.environment, query),
      compare: async ({ request, params, query }) =>
        compare.compare(await readable(request, params), query),
      // Who may see which service is decided inside, for all of them at once.
      matrix: async ({ request }) => matrix.matrix(await caller(request)),
      ...actHandlers(options, { reader: caller, person, readable }),
      ...doraHandlers(options, { reader: caller, person }),
      ...conformanceHandlers(options, { reader: caller, readable }),
    },
    { checkResponses: options.checkResponses },
  );
  return router;
}
