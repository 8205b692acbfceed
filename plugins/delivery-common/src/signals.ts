/**
 * Signals carry nothing: a subscriber needs no token at all, so a message only says "read again".
 * `key` comes from the API ({@link OverviewResponse}), to those who may read the entity.
 * @public
 */
export function deliveryChannel(key: string): string {
  return `delivery:${key}`;
}

/** The (empty) message on every delivery channel. @public */
export type DeliverySignal = Record<string, never>;
