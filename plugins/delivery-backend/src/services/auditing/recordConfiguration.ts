import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { DeliveryConfig } from '../../config';
import type { AuditEntry, AuditStore } from '../../database/AuditStore';
import type { AuditLog } from './AuditLog';
import { createAuditSigner } from './seal';

/** Action of entries that say what the portal was configured with. */
export const CONFIGURATION = 'configuration';

/** What acts are decided by, and numbers made by, without any secret. The public key lets later exports verify what an earlier key signed. */
export function effectiveConfiguration(
  config: Pick<
    DeliveryConfig,
    | 'auditKey'
    | 'dora'
    | 'ecs'
    | 'environmentSets'
    | 'github'
    | 'grants'
    | 'identity'
    | 'permissionsEnabled'
  >,
): Record<string, unknown> {
  const signer =
    config.auditKey === undefined
      ? undefined
      : createAuditSigner(config.auditKey);
  return {
    publicKey: signer?.publicKey,
    keyId: signer?.keyId,
    policies: config.environmentSets.flatMap(({ name: set, environments }) =>
      environments.map(({ name, tier, match, policy }) => ({
        ...{ set, environment: name, tier, match, policy },
      })),
    ),
    grants: config.grants,
    signIn: config.github?.signIn.map(({ host, clientId }) => ({
      ...{ host, clientId },
    })),
    identity: config.identity,
    permissionsEnabled: config.permissionsEnabled,
    actRoleName: config.ecs?.actRoleName,
    dora: config.dora.settings,
  };
}

/**
 * Writes an entry when the configuration is not that of the newest entry about it; for the start of the portal.
 *
 * @param effective - plain JSON without secrets, see {@link effectiveConfiguration}
 * @returns the new entry; undefined: nothing changed, or nothing can be written without a key
 */
export async function recordConfiguration(
  log: AuditLog,
  store: Pick<AuditStore, 'newest'>,
  effective: Record<string, unknown>,
): Promise<AuditEntry | undefined> {
  if (!log.enabled) return undefined;
  const known = await store.newest(CONFIGURATION);
  if (known && canonical(known.content.detail) === canonical(effective)) {
    return undefined;
  }
  return log.append({
    actor: 'plugin:delivery',
    action: CONFIGURATION,
    phase: 'recorded',
    detail: effective,
  });
}
