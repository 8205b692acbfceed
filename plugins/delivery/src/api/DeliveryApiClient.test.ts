import { fakeClient } from '../../dev/testUtils/renderDelivery';
import { DeliveryApiClient } from './DeliveryApiClient';

describe('DeliveryApiClient', () => {
  it('forgets every answer when another user has signed in', async () => {
    let userEntityRef = 'user:default/cleo';
    const api = new DeliveryApiClient({
      client: fakeClient(),
      identityApi: {
        getBackstageIdentity: async () => ({
          type: 'user',
          userEntityRef,
          ownershipEntityRefs: [],
        }),
      },
    });
    await api.user();
    api.queries.setQueryData(['delivery', 'x'], 'secret');
    await api.user();
    expect(api.queries.getQueryData(['delivery', 'x'])).toBe('secret');
    userEntityRef = 'user:default/ravi';
    await api.user();
    expect(api.queries.getQueryData(['delivery', 'x'])).toBeUndefined();
    expect(api.lastUser).toBe('user:default/ravi');
  });
});
