import type { OverrideFact } from 'backstage-plugin-delivery-common/domain';
import { compareText } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { int, text, upsert, type Raw } from '../DatabaseDeliveryStore/columns';

export async function saveOverride(
  db: Knex,
  service: string,
  override: OverrideFact,
): Promise<void> {
  const row = {
    service,
    deployment_id: override.deploymentId,
    verdict: override.verdict,
    reason: override.reason,
    by_ref: override.by,
    at: override.at,
  };
  await upsert(db, 'dora_override', ['service', 'deployment_id'], [row]);
}

export async function clearOverride(
  db: Knex,
  service: string,
  deploymentId: string,
): Promise<void> {
  await db('dora_override')
    .where({ service, deployment_id: deploymentId })
    .delete();
}

/** Oldest first. */
export async function overrides(
  db: Knex,
  service: string,
): Promise<OverrideFact[]> {
  const rows: Raw[] = await db('dora_override').where('service', service);
  return rows
    .map(row => ({
      deploymentId: text(row.deployment_id),
      verdict: row.verdict as OverrideFact['verdict'],
      reason: text(row.reason),
      by: text(row.by_ref),
      at: int(row.at),
    }))
    .sort((a, b) => a.at - b.at || compareText(a.deploymentId, b.deploymentId));
}
