import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type CompoundEntityRef,
  type Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { deliveryAuditReadPermission } from 'backstage-plugin-delivery-common';
import type { Request } from 'express';
import type { Access } from '../services/Access';
import type { ActAccess } from '../services/acts/ActAccess';
import type { Decisions } from '../services/acts/Decisions';
import type { DispatchOptionsReader } from '../services/acts/DispatchOptionsReader';
import type { Operations } from '../services/acts/Operations';
import type { RunActs } from '../services/acts/RunActs';
import type { ApprovalViews } from '../services/approvals/ApprovalViews';
import type { AuditViews } from '../services/auditing/AuditViews';
import type { FindingViews } from '../services/findings/FindingViews';
import type { RollbackService } from '../services/rollback/RollbackService';
import type { Handlers } from './bindContract';

/** What the routes of decisions, acts and the audit call. */
export interface ActServices {
  access: Access;
  actAccess: Pick<ActAccess, 'may'>;
  decisions: Pick<Decisions, 'decide'>;
  runActs: Pick<RunActs, 'rerun' | 'cancel' | 'dispatch'>;
  dispatchOptions: Pick<DispatchOptionsReader, 'of'>;
  operations: Pick<Operations, 'read'>;
  approvalViews: Pick<ApprovalViews, 'list' | 'detail'>;
  auditViews: Pick<AuditViews, 'list' | 'export'>;
  findingViews: Pick<FindingViews, 'list' | 'review'>;
  rollback: Pick<RollbackService, 'options' | 'rollback'>;
}

/** Routes of decisions, acts and the audit. */
export type ActRoutes =
  | 'approvals'
  | 'approval'
  | 'decide'
  | 'approvalOperation'
  | 'operation'
  | 'myActs'
  | 'rerun'
  | 'cancel'
  | 'dispatchOptions'
  | 'dispatch'
  | 'rollbackOptions'
  | 'rollback'
  | 'audit'
  | 'auditAll'
  | 'auditExport'
  | 'findings'
  | 'reviewFinding';

/** Handlers of decisions, acts and the audit; who may act is decided anew by the services, never from what a read remembered. */
export function actHandlers(
  services: ActServices,
  callers: {
    /** People, other plugins on their behalf, services: for reads. */
    reader(request: Request): Promise<BackstageCredentials>;
    /** People only: for acts. */
    person(request: Request): Promise<BackstageCredentials>;
    readable(request: Request, params: CompoundEntityRef): Promise<Entity>;
  },
): Pick<Handlers, ActRoutes> {
  const { access, approvalViews, auditViews, findingViews } = services;
  const { actAccess, decisions, operations, rollback, runActs } = services;
  const { reader, person, readable } = callers;
  return {
    approvals: async ({ request, query }) =>
      approvalViews.list(await reader(request), query),
    approval: async ({ request, params }) =>
      approvalViews.detail(await reader(request), params.id),
    decide: async ({ request, params, body, token }) =>
      decisions.decide(await person(request), params.id, body, token),
    approvalOperation: async ({ request, params }) =>
      operations.read(await reader(request), params.op, params.id),
    operation: async ({ request, params }) =>
      operations.read(await reader(request), params.op),
    myActs: async ({ request, params }) =>
      actAccess.may(await reader(request), await readable(request, params)),
    rerun: async ({ request, params, body, token }) =>
      runActs.rerun(await person(request), params.id, body, token),
    cancel: async ({ request, params, body, token }) =>
      runActs.cancel(await person(request), params.id, body, token),
    dispatchOptions: async ({ request, params }) =>
      services.dispatchOptions.of(await readable(request, params)),
    dispatch: async ({ request, params, body, token }) =>
      runActs.dispatch(
        await person(request),
        stringifyEntityRef(params),
        body,
        token,
      ),
    rollbackOptions: async ({ request, params }) =>
      rollback.options(
        await reader(request),
        await readable(request, params),
        params.environment,
      ),
    rollback: async ({ request, params, body, token }) =>
      rollback.rollback(
        await person(request),
        stringifyEntityRef(params),
        params.environment,
        body,
        token,
      ),
    audit: async ({ request, params, query }) => {
      const credentials = await reader(request);
      const entity = await access.require(
        credentials,
        stringifyEntityRef(params),
        deliveryAuditReadPermission,
      );
      return auditViews.list(credentials, entity, query);
    },
    auditAll: async ({ request, query }) =>
      auditViews.list(await reader(request), undefined, query),
    auditExport: async ({ request, query, signal }) =>
      auditViews.export(await reader(request), query, signal),
    findings: async ({ request, query }) =>
      findingViews.list(await reader(request), query),
    reviewFinding: async ({ request, params, body }) =>
      findingViews.review(await person(request), params.id, body),
  };
}
