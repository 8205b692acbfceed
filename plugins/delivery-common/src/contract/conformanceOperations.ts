import { z } from 'zod';
import { defineOperation } from '../operation';
import { conformanceReportSchema, conformanceTableSchema } from './conformance';
import { entityParams } from './shapes';

/** Which service misses what. */
export const conformanceOperations = {
  conformance: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/conformance',
    summary: 'Rules of the standard pipeline: result, evidence and fix',
    params: entityParams,
    query: z.object({}),
    response: conformanceReportSchema,
    permissions: ['delivery.run.read'],
  }),
  conformanceTable: defineOperation({
    method: 'GET',
    path: '/v1/conformance',
    summary: 'Rules of every service the caller may read',
    params: z.object({}),
    query: z.object({}),
    response: conformanceTableSchema,
    permissions: ['delivery.run.read'],
  }),
};
