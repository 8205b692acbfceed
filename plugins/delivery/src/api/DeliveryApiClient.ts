import type {
  DiscoveryApi,
  FetchApi,
  IdentityApi,
} from '@backstage/core-plugin-api';
import { ResponseError } from '@backstage/errors';
import { QueryClient } from '@tanstack/react-query';
import { createDeliveryClient } from 'backstage-plugin-delivery-common';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import type { DeliveryApi } from './DeliveryApi';

/** Asking again helps with a broken line or a busy server, never with an answer about the question itself. */
function mayHelp(failures: number, error: Error): boolean {
  if (failures >= 2) return false;
  return !(error instanceof ResponseError) || error.statusCode >= 500;
}

/**
 * Default {@link DeliveryApi}: talks to the delivery backend of the portal.
 * @public
 */
export class DeliveryApiClient implements DeliveryApi {
  readonly client: DeliveryClient;
  readonly queries: QueryClient;
  lastUser: string | undefined;
  readonly #identityApi: Pick<IdentityApi, 'getBackstageIdentity'>;

  constructor(options: {
    client: DeliveryClient;
    queries?: QueryClient;
    identityApi: Pick<IdentityApi, 'getBackstageIdentity'>;
  }) {
    this.client = options.client;
    this.#identityApi = options.identityApi;
    this.queries =
      options.queries ??
      new QueryClient({
        defaultOptions: { queries: { staleTime: 5_000, retry: mayHelp } },
      });
  }

  /** Makes the client from the portal's own APIs. */
  static fromApis(options: {
    discoveryApi: DiscoveryApi;
    fetchApi: FetchApi;
    identityApi: IdentityApi;
  }): DeliveryApiClient {
    return new DeliveryApiClient({
      identityApi: options.identityApi,
      client: createDeliveryClient({
        baseUrl: () => options.discoveryApi.getBaseUrl('delivery'),
        fetch: options.fetchApi.fetch,
      }),
    });
  }

  async user(): Promise<string> {
    const { userEntityRef } = await this.#identityApi.getBackstageIdentity();
    if (this.lastUser !== undefined && this.lastUser !== userEntityRef) {
      this.queries.clear();
    }
    this.lastUser = userEntityRef;
    return userEntityRef;
  }
}
