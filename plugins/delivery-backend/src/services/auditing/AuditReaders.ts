import type {
  BackstageCredentials,
  BackstagePrincipalTypes,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  deliveryAuditReadAllPermission,
  deliveryAuditReadPermission,
} from 'backstage-plugin-delivery-common';
import type { AuditStore } from '../../database/AuditStore';
import type { Access } from '../Access';

/** What somebody may read. */
export interface Readable {
  /** Services; undefined: everything, also what is about no service or a deleted one. */
  refs?: Set<string>;
  /** Present when there is something, and nothing of it may be read. */
  refusal?: NotAllowedError;
}

/** Entities that are asked for together. */
const TOGETHER = 500;

/** Says which entries a caller may read. */
export class AuditReaders {
  constructor(
    private readonly options: {
      store: Pick<AuditStore, 'entityRefs'>;
      access: Pick<Access, 'sort'>;
      permissions: Pick<PermissionsService, 'authorize'>;
    },
  ) {}

  async readableBy(credentials: BackstageCredentials): Promise<Readable> {
    const { store, access, permissions } = this.options;
    const [all] = await permissions.authorize(
      [{ permission: deliveryAuditReadAllPermission }],
      { credentials },
    );
    if (all.result === AuthorizeResult.ALLOW) return {};
    const refs = await store.entityRefs();
    const readable = new Set<string>();
    let refusal: NotAllowedError | undefined;
    for (let from = 0; from < refs.length; from += TOGETHER) {
      const { allowed, denied } = await access.sort(
        credentials,
        refs.slice(from, from + TOGETHER),
        deliveryAuditReadPermission,
      );
      allowed.forEach(entity => readable.add(stringifyEntityRef(entity)));
      refusal ??= denied[0];
    }
    return { refs: readable, ...(readable.size === 0 && { refusal }) };
  }
}

/**
 * Who reads, as an entry names them.
 *
 * @throws `NotAllowedError` for nobody
 */
export function readerOf(credentials: BackstageCredentials): {
  actor: string;
  /** The service that asks in a user's name. */
  through?: string;
} {
  const principal = credentials.principal as
    | BackstagePrincipalTypes['user' | 'service' | 'none']
    | undefined;
  if (principal?.type === 'user') {
    const { userEntityRef: actor, actor: service } = principal;
    return { actor, ...(service && { through: service.subject }) };
  }
  if (principal?.type === 'service') return { actor: principal.subject };
  throw new NotAllowedError('Sign in to read the audit.');
}
