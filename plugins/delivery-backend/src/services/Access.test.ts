import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { deliveryRunReadPermission } from 'backstage-plugin-delivery-common';
import { service } from '../__testUtils__/startDelivery';
import { Access } from './Access';

const REF = 'component:default/api';
const OTHER = 'component:default/web';
const credentials = mockCredentials.user('user:default/dana');
const byRule = (rule: string): PolicyDecision => ({
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
  conditions: {
    rule,
    resourceType: 'catalog-entity',
    params: { claims: ['group:default/team'] },
  },
});

function make(decision: () => PolicyDecision) {
  let now = 1_000;
  const catalog = catalogServiceMock({
    entities: [service('api', 'acme/api'), service('web', 'acme/web')],
  });
  const load = jest.spyOn(catalog, 'getEntitiesByRefs');
  const permissions = mockServices.permissions.mock({
    authorizeConditional: async requests => requests.map(() => decision()),
  });
  const access = new Access({ catalog, permissions, now: () => now });
  return {
    load,
    permissions,
    later: (ms: number) => {
      now += ms;
    },
    ask: (ref = REF, who = credentials) =>
      access.require(who, ref, deliveryRunReadPermission),
  };
}

describe('Access', () => {
  it('asks once for many callers at the same moment, and not again while warm', async () => {
    const { ask, load, permissions } = make(() => ({
      result: AuthorizeResult.ALLOW,
    }));
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(load).toHaveBeenCalledTimes(1);
    expect(load).toHaveBeenCalledWith({ entityRefs: [REF] }, { credentials });
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(1);
  });

  it('believes nothing longer than ten seconds', async () => {
    let result: AuthorizeResult.ALLOW | AuthorizeResult.DENY =
      AuthorizeResult.ALLOW;
    const { ask, later } = make(() => ({ result }));
    // The decision is made at 0, an outcome rests on it at 999: at 10 000 neither may count.
    await ask(REF);
    result = AuthorizeResult.DENY;
    later(999);
    await ask(OTHER);
    later(8_999);
    await ask(OTHER);
    later(2);
    await expect(ask(OTHER)).rejects.toThrow('You need the permission');
    await expect(ask(REF)).rejects.toThrow('You need the permission');
  });

  it('does not take the answer of one caller for another, or for an actor in their name', async () => {
    const { ask, load } = make(() => ({ result: AuthorizeResult.ALLOW }));
    await ask();
    await ask(REF, mockCredentials.user('user:default/ravi'));
    await ask(
      REF,
      mockCredentials.user('user:default/dana', {
        actor: { subject: 'plugin:assistant' },
      }),
    );
    expect(load).toHaveBeenCalledTimes(3);
  });

  it("applies the catalog's own rules in place", async () => {
    const { ask, permissions } = make(() => byRule('IS_ENTITY_OWNER'));
    await expect(ask()).resolves.toMatchObject({ metadata: { name: 'api' } });
    expect(permissions.authorize).not.toHaveBeenCalled();
  });

  it('asks the catalog about a rule that only the catalog knows', async () => {
    const { ask, permissions, later } = make(() => byRule('IS_OURS'));
    permissions.authorize.mockResolvedValueOnce([
      { result: AuthorizeResult.ALLOW },
    ]);
    await ask();
    expect(permissions.authorize).toHaveBeenCalledWith(
      [{ permission: deliveryRunReadPermission, resourceRef: REF }],
      { credentials },
    );
    later(10_000);
    permissions.authorize.mockResolvedValueOnce([
      { result: AuthorizeResult.DENY },
    ]);
    await expect(ask()).rejects.toMatchObject({ name: 'NotAllowedError' });
  });

  it('does not keep a failure', async () => {
    const { ask, load } = make(() => ({ result: AuthorizeResult.ALLOW }));
    load.mockRejectedValueOnce(new Error('catalog is away'));
    await expect(ask()).rejects.toThrow('catalog is away');
    await ask();
  });
});
