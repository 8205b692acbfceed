import {
  createApiFactory,
  discoveryApiRef,
  fetchApiRef,
  identityApiRef,
} from '@backstage/core-plugin-api';
import { deliveryApiRef } from './DeliveryApi';
import { DeliveryApiClient } from './DeliveryApiClient';

/** The same factory for both frontend systems. */
export const deliveryApiFactory = createApiFactory({
  api: deliveryApiRef,
  deps: {
    discoveryApi: discoveryApiRef,
    fetchApi: fetchApiRef,
    identityApi: identityApiRef,
  },
  factory: apis => DeliveryApiClient.fromApis(apis),
});
