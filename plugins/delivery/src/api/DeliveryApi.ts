import { createApiRef } from '@backstage/core-plugin-api';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import type { QueryClient } from '@tanstack/react-query';

/**
 * What the screens need: the typed client, and the memory of what it answered.
 * @public
 */
export interface DeliveryApi {
  readonly client: DeliveryClient;
  /** Answers by user and question; lives as long as the app. */
  readonly queries: QueryClient;
  /** The user of the last call of {@link DeliveryApi.user}. */
  readonly lastUser: string | undefined;
  /** Entity ref of the signed-in user. Forgets all answers when it is another one than before. */
  user(): Promise<string>;
}

/** @public */
export const deliveryApiRef = createApiRef<DeliveryApi>({
  id: 'plugin.delivery.client',
});
