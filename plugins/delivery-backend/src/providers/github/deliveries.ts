import type { FailedDelivery } from 'backstage-plugin-delivery-node';
import { z } from 'zod';
import type { GithubClient } from './GithubClient';
import { parseBody } from './schema';

const deliveries = z.array(
  z.object({
    id: z.number().or(z.string()),
    guid: z.string(),
    delivered_at: z.string(),
    status_code: z.number(),
  }),
);

/** Deliveries of one App that no later try of the same delivery made good. */
export async function listFailedDeliveries(
  client: GithubClient,
  signal: AbortSignal,
): Promise<FailedDelivery[]> {
  const answer = await client.call({
    route: 'GET /app/hook/deliveries',
    parameters: { per_page: 100 },
    what: 'webhook deliveries of the App',
    signal,
  });
  const all = parseBody(deliveries, answer.data, 'deliveries');
  const good = new Set(
    all
      .filter(d => d.status_code >= 200 && d.status_code < 300)
      .map(d => d.guid),
  );
  const failed = new Map<string, FailedDelivery>();
  for (const delivery of all) {
    // Newest first: one more try of the newest failure is enough.
    if (good.has(delivery.guid) || failed.has(delivery.guid)) continue;
    failed.set(delivery.guid, {
      id: String(delivery.id),
      guid: delivery.guid,
      deliveredAt: Date.parse(delivery.delivered_at),
    });
  }
  return [...failed.values()];
}

export async function redeliver(
  client: GithubClient,
  delivery: FailedDelivery,
  signal: AbortSignal,
): Promise<void> {
  await client.call({
    route: 'POST /app/hook/deliveries/{delivery_id}/attempts',
    parameters: { delivery_id: delivery.id },
    what: `webhook delivery ${delivery.guid}`,
    signal,
  });
}
