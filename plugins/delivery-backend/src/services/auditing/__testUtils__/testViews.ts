import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type AuthorizePermissionRequest,
} from '@backstage/plugin-permission-common';
import type { AuditEntry } from '../../../database/AuditStore';
import { AuditViews } from '../AuditViews';
import { createAuditLog } from '../createAuditLog';
import { createAuditSigner } from '../seal';
import {
  auditContent,
  chainOf,
  MemoryAuditStore,
  newKey,
  NOON,
} from './testAudit';

/** A small log, and views of it for a caller with chosen permissions. */
export const API = 'component:default/api';
export const WEB = 'component:default/web';
const key = newKey();
export const signer = createAuditSigner(key);
export const mei = mockCredentials.user('user:default/mei');
export const { signal } = new AbortController();

export function entityOf(ref: string): Entity {
  const { kind, namespace, name } = parseEntityRef(ref);
  return {
    ...{ apiVersion: 'backstage.io/v1alpha1', kind },
    metadata: { namespace, name },
  };
}

/** @param allowed - services whose audit the caller may read; `all`: everything */
export function setup(
  entries: AuditEntry[],
  allowed: string[] | 'all',
  signing: 'signing' | 'none' = 'signing',
) {
  const signingKey = signing === 'signing' ? key : undefined;
  const store = new MemoryAuditStore([...entries]);
  const clock = { now: NOON };
  const now = () => clock.now;
  const audit = createAuditLog({
    ...{ store, key: signingKey, now },
    auditor: mockServices.auditor.mock(),
    logger: mockServices.logger.mock(),
  });
  const mayAll = (
    permission: string,
  ): AuthorizeResult.ALLOW | AuthorizeResult.DENY =>
    permission === 'delivery.audit.readAll' && allowed === 'all'
      ? AuthorizeResult.ALLOW
      : AuthorizeResult.DENY;
  const authorize = async (requests: AuthorizePermissionRequest[]) =>
    requests.map(({ permission }) => ({
      result: mayAll(permission.name),
    }));
  const asked: string[][] = [];
  const views = new AuditViews({
    ...{ store, audit, key: signingKey, now, permissions: { authorize } },
    access: {
      sort: async (_, refs) => {
        asked.push(refs);
        const [yes, no] = [true, false].map(may =>
          refs.filter(ref => allowed.includes(ref) === may),
        );
        return {
          allowed: yes.map(entityOf),
          denied: no.map(ref => new NotAllowedError(`not ${ref}`)),
        };
      },
    },
  });
  return { store, views, clock, asked };
}

export const entries = chainOf(
  [
    auditContent(-9, { action: 'configuration', entityRef: undefined }),
    auditContent(-8, { phase: 'attempted', operationId: 'a' }),
    auditContent(-7, { entityRef: WEB, action: 'cancel' }),
    auditContent(-6, {
      ...{ phase: 'refused', operationId: 'a', environment: 'production' },
      identity: { host: 'github.com', id: '7', nodeId: 'U_7', login: 'mei' },
      outcome: { code: 'stale_view', message: 'Look again.' },
    }),
  ],
  signer,
);

export const textOf = async (parts: AsyncIterable<string>) => {
  let text = '';
  for await (const part of parts) text += part;
  return text;
};
