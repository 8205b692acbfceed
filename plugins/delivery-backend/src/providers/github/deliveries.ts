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

/** Pages of one look; the next look goes on. */
const MAX_PAGES = 5;

/** Deliveries of one App that failed, the newest try of each. */
export async function listFailedDeliveries(
  client: GithubClient,
  signal: AbortSignal,
): Promise<FailedDelivery[]> {
  const failed = new Map<string, FailedDelivery>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.call({
      route: 'GET /app/hook/deliveries',
      parameters: { status: 'failure', per_page: 100, cursor },
      what: 'webhook deliveries of the App',
      signal,
    });
    for (const d of parseBody(deliveries, answer.data, 'deliveries')) {
      // Servers that do not know the filter give all.
      const good = d.status_code >= 200 && d.status_code < 300;
      if (good || failed.has(d.guid)) continue;
      failed.set(d.guid, {
        id: String(d.id),
        guid: d.guid,
        deliveredAt: Date.parse(d.delivered_at),
      });
    }
    cursor = answer.next;
    if (!cursor) break;
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
