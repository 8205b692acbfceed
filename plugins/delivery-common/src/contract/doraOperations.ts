import { z } from 'zod';
import { defineOperation } from '../operation';
import {
  doraExportQuerySchema,
  doraMetricParams,
  doraOverrideBodySchema,
  doraQuerySchema,
  doraReportSchema,
} from './dora';
import {
  doraOverrideAnswerSchema,
  doraRowsQuerySchema,
  doraRowsSchema,
} from './doraRows';

/** Metrics and what they are made of. */
export const doraOperations = {
  dora: defineOperation({
    method: 'GET',
    path: '/v1/dora',
    summary:
      'DORA and deployment metrics of a service, team, system, domain or the portal, of the services the caller may read',
    params: z.object({}),
    query: doraQuerySchema,
    response: doraReportSchema,
    permissions: ['delivery.run.read'],
  }),
  doraRows: defineOperation({
    method: 'GET',
    path: '/v1/dora/:metric/rows',
    summary: 'What a number is made of, and what was seen and left out',
    params: doraMetricParams,
    query: doraRowsQuerySchema,
    response: doraRowsSchema,
    permissions: ['delivery.run.read'],
  }),
  doraExport: defineOperation({
    method: 'GET',
    path: '/v1/dora/export',
    summary: 'Numbers, or the rows of one, with the hash of the settings',
    params: z.object({}),
    query: doraExportQuerySchema,
    response: 'text',
    permissions: ['delivery.run.read'],
  }),
  doraOverride: defineOperation({
    method: 'POST',
    path: '/v1/dora/overrides',
    summary: 'Say that a deployment failed, or did not, with a reason',
    params: z.object({}),
    query: z.object({}),
    body: doraOverrideBodySchema,
    response: doraOverrideAnswerSchema,
    permissions: ['delivery.dora.override'],
  }),
};
