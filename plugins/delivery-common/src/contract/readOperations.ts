import { z } from 'zod';
import { defineOperation } from '../operation';
import {
  compareSchema,
  HISTORY_PAGE,
  historySchema,
  matrixSchema,
} from './environmentPages';
import { environmentName, environmentParams } from './environmentParams';
import { environmentsSchema } from './environments';
import { environmentDetailSchema } from './health';
import {
  overviewSchema,
  runDetailSchema,
  runId,
  runListSchema,
  runsQuerySchema,
} from './runs';
import { entityParams } from './shapes';

export const historyQuerySchema = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(HISTORY_PAGE.max).optional(),
});
export const compareQuerySchema = z.object({
  /** Names of environments. */
  from: environmentName,
  to: environmentName,
});

/** What is read of runs and environments. */
export const readOperations = {
  overview: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/overview',
    summary: 'Everything the first sight of the Delivery tab needs',
    params: entityParams,
    query: z.object({}),
    response: overviewSchema,
    permissions: ['delivery.run.read'],
  }),
  runs: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/runs',
    summary: 'Runs of a service, newest first',
    params: entityParams,
    query: runsQuerySchema,
    response: runListSchema,
    permissions: ['delivery.run.read'],
  }),
  run: defineOperation({
    method: 'GET',
    path: '/v1/runs/:id',
    summary: 'One run with its attempts, jobs and job graph',
    params: z.object({ id: runId }),
    query: z.object({
      attempt: z.coerce.number().int().min(1).max(100_000).optional(),
    }),
    response: runDetailSchema,
    permissions: ['delivery.run.read'],
  }),
  log: defineOperation({
    method: 'GET',
    path: '/v1/runs/:id/jobs/:job/log',
    summary: 'Log of one job, redacted and capped, as plain text',
    params: z.object({ id: runId, job: runId }),
    query: z.object({}),
    response: 'text',
    permissions: ['delivery.log.read'],
  }),
  environments: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/environments',
    summary: 'Environments of a service: which commit runs where, its health',
    params: entityParams,
    query: z.object({}),
    response: environmentsSchema,
    permissions: ['delivery.run.read'],
  }),
  environment: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/environments/:environment',
    summary: 'One environment with its chain of health',
    params: environmentParams,
    query: z.object({}),
    response: environmentDetailSchema,
    permissions: ['delivery.run.read'],
  }),
  history: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/environments/:environment/history',
    summary: 'What happened in an environment, newest first',
    params: environmentParams,
    query: historyQuerySchema,
    response: historySchema,
    permissions: ['delivery.run.read'],
  }),
  compare: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/compare',
    summary: 'Commits and pull requests between two environments',
    params: entityParams,
    query: compareQuerySchema,
    response: compareSchema,
    permissions: ['delivery.run.read'],
  }),
  matrix: defineOperation({
    method: 'GET',
    path: '/v1/matrix',
    summary:
      'All services the caller may read, with what each environment runs',
    params: z.object({}),
    query: z.object({}),
    response: matrixSchema,
    permissions: ['delivery.run.read'],
  }),
};
