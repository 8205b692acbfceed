import { z } from 'zod';
import { defineOperation } from '../operation';
import {
  cancelBodySchema,
  dispatchBodySchema,
  dispatchOptionsSchema,
  myActsSchema,
  operationId,
  operationSchema,
  rerunBodySchema,
  rollbackBodySchema,
  rollbackOptionsSchema,
  startedSchema,
} from './acts';
import {
  approvalDetailSchema,
  approvalId,
  approvalListSchema,
  approvalsQuerySchema,
  decisionBodySchema,
} from './approvals';
import {
  auditExportQuerySchema,
  auditListSchema,
  auditQuerySchema,
  findingId,
  findingSchema,
  findingsSchema,
  reviewBodySchema,
} from './audit';
import {
  compareSchema,
  HISTORY_PAGE,
  historySchema,
  matrixSchema,
} from './environmentPages';
import {
  doraExportQuerySchema,
  doraMetricParams,
  doraOverrideAnswerSchema,
  doraOverrideBodySchema,
  doraQuerySchema,
  doraReportSchema,
  doraRowsQuerySchema,
  doraRowsSchema,
} from './dora';
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

export * from './acts';
export * from './approvals';
export * from './audit';
export * from './dora';
export * from './doraSettings';
export * from './environmentPages';
export * from './environments';
export * from './health';
export {
  graphNodeSchema,
  graphSchema,
  ingestionSchema,
  jobSchema,
  overviewSchema,
  pipelineSchema,
  runDetailSchema,
  runListSchema,
  runsQuerySchema,
  runSummarySchema,
  RUNS_PAGE,
  stageSchema,
} from './runs';
export type * from './runs';

/** Names of environments may hold any character, also `/`, which the address carries encoded. */
const environmentName = z.string().min(1).max(255);
const environmentParams = entityParams.extend({ environment: environmentName });

export const historyQuerySchema = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(HISTORY_PAGE.max).optional(),
});
export const compareQuerySchema = z.object({
  /** Names of environments. */
  from: environmentName,
  to: environmentName,
});

/**
 * Every HTTP operation of the plugin, under `/api/delivery`.
 * @public
 */
export const deliveryContract = {
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
  approvals: defineOperation({
    method: 'GET',
    path: '/v1/approvals',
    summary: 'What waits for a decision, of the services the caller may read',
    params: z.object({}),
    query: approvalsQuerySchema,
    response: approvalListSchema,
    permissions: ['delivery.run.read'],
  }),
  approval: defineOperation({
    method: 'GET',
    path: '/v1/approvals/:id',
    summary: 'One approval with all that is known of what it lets in',
    params: z.object({ id: approvalId }),
    query: z.object({}),
    response: approvalDetailSchema,
    permissions: ['delivery.run.read'],
  }),
  decide: defineOperation({
    method: 'POST',
    path: '/v1/approvals/:id/decision',
    summary: 'Approve or reject in the own name',
    params: z.object({ id: approvalId }),
    query: z.object({}),
    body: decisionBodySchema,
    response: startedSchema,
    status: 202,
    userToken: 'required',
    permissions: ['delivery.approval.decide'],
  }),
  approvalOperation: defineOperation({
    method: 'GET',
    path: '/v1/approvals/:id/operations/:op',
    summary: 'How far a decision has come',
    params: z.object({ id: approvalId, op: operationId }),
    query: z.object({}),
    response: operationSchema,
    permissions: ['delivery.run.read'],
  }),
  operation: defineOperation({
    method: 'GET',
    path: '/v1/operations/:op',
    summary: 'How far something that was begun in a person’s name has come',
    params: z.object({ op: operationId }),
    query: z.object({}),
    response: operationSchema,
    permissions: ['delivery.run.read'],
  }),
  myActs: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/acts',
    summary: 'What the caller may do with a service, and why not',
    params: entityParams,
    query: z.object({}),
    response: myActsSchema,
    permissions: ['delivery.run.read'],
  }),
  rerun: defineOperation({
    method: 'POST',
    path: '/v1/runs/:id/rerun',
    summary: 'Run all jobs, or the failed ones, again',
    params: z.object({ id: runId }),
    query: z.object({}),
    body: rerunBodySchema,
    response: startedSchema,
    status: 202,
    userToken: 'required',
    permissions: ['delivery.run.rerun'],
  }),
  cancel: defineOperation({
    method: 'POST',
    path: '/v1/runs/:id/cancel',
    summary: 'Cancel a run',
    params: z.object({ id: runId }),
    query: z.object({}),
    body: cancelBodySchema,
    response: startedSchema,
    status: 202,
    userToken: 'required',
    permissions: ['delivery.run.cancel'],
  }),
  dispatchOptions: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/dispatch',
    summary: 'Workflows that can be started by hand, with their inputs',
    params: entityParams,
    query: z.object({}),
    response: dispatchOptionsSchema,
    permissions: ['delivery.run.read'],
  }),
  dispatch: defineOperation({
    method: 'POST',
    path: '/v1/entities/:kind/:namespace/:name/dispatch',
    summary: 'Start a workflow by hand',
    params: entityParams,
    query: z.object({}),
    body: dispatchBodySchema,
    response: startedSchema,
    status: 202,
    userToken: 'required',
    permissions: ['delivery.run.dispatch'],
  }),
  rollbackOptions: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/environments/:environment/rollback',
    summary: 'What an environment can go back to, and how',
    params: environmentParams,
    query: z.object({}),
    response: rollbackOptionsSchema,
    permissions: ['delivery.run.read'],
  }),
  rollback: defineOperation({
    method: 'POST',
    path: '/v1/entities/:kind/:namespace/:name/environments/:environment/rollback',
    summary: 'Go back to a deployment that ran healthy there',
    params: environmentParams,
    query: z.object({}),
    body: rollbackBodySchema,
    response: startedSchema,
    status: 202,
    userToken: 'optional',
    permissions: ['delivery.deployment.rollback'],
  }),
  audit: defineOperation({
    method: 'GET',
    path: '/v1/entities/:kind/:namespace/:name/audit',
    summary: 'Decisions and acts about a service, newest first',
    params: entityParams,
    query: auditQuerySchema,
    response: auditListSchema,
    permissions: ['delivery.audit.read'],
  }),
  auditAll: defineOperation({
    method: 'GET',
    path: '/v1/audit',
    summary: 'The audit of all services the caller may read it of',
    params: z.object({}),
    query: auditQuerySchema,
    response: auditListSchema,
    permissions: ['delivery.audit.read'],
  }),
  auditExport: defineOperation({
    method: 'GET',
    path: '/v1/audit/export',
    summary:
      'The whole log; entries the caller may not read are stubs, so that every export verifies',
    params: z.object({}),
    query: auditExportQuerySchema,
    response: 'text',
    permissions: ['delivery.audit.read'],
  }),
  findings: defineOperation({
    method: 'GET',
    path: '/v1/findings',
    summary:
      'Production deployments without a named approver, and acts past the rules',
    params: z.object({}),
    query: z.object({
      entity: z.string().max(200).optional(),
      state: z.enum(['open', 'all']).optional(),
    }),
    response: findingsSchema,
    permissions: ['delivery.audit.read'],
  }),
  reviewFinding: defineOperation({
    method: 'POST',
    path: '/v1/findings/:id/review',
    summary: 'Say, as another person, that a finding was looked into',
    params: z.object({ id: findingId }),
    query: z.object({}),
    body: reviewBodySchema,
    response: findingSchema,
    permissions: ['delivery.approval.decide'],
  }),
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

/** @public */
export type DeliveryContract = typeof deliveryContract;
