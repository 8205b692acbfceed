import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { service } from '../__testUtils__/startDelivery';
import { VisibleServices } from './VisibleServices';

const credentials = mockCredentials.user('user:default/dana');
const byRule = (rule: string, params: object): PolicyDecision => ({
  result: AuthorizeResult.CONDITIONAL,
  ...{ pluginId: 'catalog', resourceType: 'catalog-entity' },
  conditions: {
    not: { rule, resourceType: 'catalog-entity', params: { ...params } },
  },
});

function make(decision: PolicyDecision) {
  const others = service('web', 'acme/web');
  others.relations = [{ type: 'ownedBy', targetRef: 'group:default/others' }];
  const unbound = service('plain', 'acme/plain');
  delete unbound.metadata.annotations?.['github.com/project-slug'];
  const catalog = catalogServiceMock({
    entities: [service('api', 'acme/api'), others, unbound],
  });
  const load = jest.spyOn(catalog, 'streamEntities');
  const permissions = mockServices.permissions.mock({
    authorizeConditional: async requests => requests.map(() => decision),
    authorize: async requests =>
      requests.map(({ resourceRef }) => ({
        result: resourceRef?.endsWith('/web')
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      })),
  });
  const visible = new VisibleServices({ catalog, permissions });
  return { visible, load, permissions };
}

describe('VisibleServices', () => {
  it('asks the policy and the catalog once for everything', async () => {
    const { visible, load, permissions } = make({
      result: AuthorizeResult.ALLOW,
    });
    expect(await visible.of(credentials)).toEqual([
      {
        ...{ entityRef: 'component:default/api', title: 'api' },
        owner: 'group:default/team',
      },
      expect.objectContaining({ entityRef: 'component:default/web' }),
    ]);
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(1);
    expect(permissions.authorize).not.toHaveBeenCalled();
    expect(load).toHaveBeenCalledTimes(1);
    expect(load.mock.calls[0][1]).toEqual({ credentials });
  });

  it('does not even ask the catalog for somebody who may read nothing', async () => {
    const { visible, load } = make({ result: AuthorizeResult.DENY });
    expect(await visible.of(credentials)).toEqual([]);
    expect(load).not.toHaveBeenCalled();
  });

  it('applies the rule of an owner without loading more than a list shows', async () => {
    const claims = ['group:default/team'];
    const { visible, load } = make(byRule('IS_ENTITY_OWNER', { claims }));
    expect(await visible.of(credentials)).toMatchObject([
      { entityRef: 'component:default/web' },
    ]);
    expect(load.mock.calls[0][0]?.fields).not.toContain('metadata');
  });

  it('loads whole entities for a rule that may look at anything: a part would turn "not" around', async () => {
    const { visible } = make(
      byRule('HAS_ANNOTATION', { annotation: 'github.com/project-slug' }),
    );
    expect(await visible.of(credentials)).toEqual([]);
  });

  it('asks for many at once where a rule is the portal’s own', async () => {
    const { visible, permissions } = make(byRule('HOUSE_RULE', {}));
    expect(await visible.of(credentials)).toMatchObject([
      { entityRef: 'component:default/web' },
    ]);
    expect(permissions.authorize).toHaveBeenCalledTimes(1);
  });
});
