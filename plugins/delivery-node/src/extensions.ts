import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from './DeliveryProvider';

/**
 * Adds providers to the delivery backend.
 * @public
 */
export interface DeliveryProvidersExtensionPoint {
  addProvider(provider: DeliveryProvider): void;
}

/** @public */
export const deliveryProvidersExtensionPoint =
  createExtensionPoint<DeliveryProvidersExtensionPoint>({
    id: 'delivery.providers',
  });
