import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from './DeliveryProvider';
import type { IdentityResolver } from './IdentityResolver';
import type { RuntimeProvider } from './RuntimeProvider';

/**
 * Adds providers to the delivery backend.
 * @public
 */
export interface DeliveryProvidersExtensionPoint {
  /** A source of pipelines and their runs. */
  addProvider(provider: DeliveryProvider): void;
  /** A source of what runs where. */
  addRuntimeProvider(provider: RuntimeProvider): void;
  /** Replaces how an account at the vendor is found in the catalog; at most once. */
  setIdentityResolver(resolver: IdentityResolver): void;
}

/** @public */
export const deliveryProvidersExtensionPoint =
  createExtensionPoint<DeliveryProvidersExtensionPoint>({
    id: 'delivery.providers',
  });
