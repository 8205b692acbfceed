import { mockCredentials } from '@backstage/backend-test-utils';
import { deliveryRunRerunPermission } from 'backstage-plugin-delivery-common';
import {
  cleo,
  component,
  makeActWorld,
  person,
  REF,
  repository,
} from './__testUtils__/makeActWorld';

type Options = Parameters<typeof makeActWorld>[0];

async function ask(
  options: Options & { credentials?: never } = {},
  credentials: Parameters<typeof mockCredentials.user>[0] | object = cleo,
  repoKey?: string,
) {
  const world = await makeActWorld(options);
  return world.access.actor(
    credentials as typeof cleo,
    deliveryRunRerunPermission,
    REF,
    repoKey,
  );
}

describe('ActAccess.actor', () => {
  it('gives the person as the catalog has them now', async () => {
    await expect(ask()).resolves.toMatchObject({
      actor: { ref: 'user:default/cleo', memberOf: ['group:default/team'] },
      entity: { metadata: { name: 'api' } },
    });
  });

  it.each([
    ['a service', mockCredentials.service(), 'not_a_person'],
    ['nobody', mockCredentials.none(), 'not_a_person'],
    ['a guest', mockCredentials.user('user:development/guest'), 'not_a_person'],
    [
      'a user that is not in the catalog',
      mockCredentials.user('user:default/gone'),
      'not_a_person',
    ],
    [
      'an assistant on behalf of a person',
      mockCredentials.user('user:default/cleo', {
        actor: { subject: 'plugin:assistant' },
      }),
      'on_behalf_of',
    ],
  ])('%s cannot act', async (_who, credentials, code) => {
    await expect(ask({}, credentials)).rejects.toMatchObject({
      name: 'NotAllowedError',
      code,
    });
  });

  it('a guest cannot act even with an entity of that name', async () => {
    await expect(
      ask(
        { entities: [component(), person('guest')] },
        mockCredentials.user('user:default/guest'),
      ),
    ).rejects.toMatchObject({ code: 'not_a_person' });
  });

  it('nobody acts without the permission framework, which would allow everything', async () => {
    await expect(ask({ permissionsEnabled: false })).rejects.toMatchObject({
      name: 'NotAllowedError',
      code: 'permissions_disabled',
    });
  });

  it('entity claiming a foreign repository', async () => {
    await expect(
      ask({ entities: [component('api', 'acme/payments'), person('cleo')] }),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      code: 'foreign_repository',
    });
    await expect(ask({}, cleo, 'github_com/2')).rejects.toMatchObject({
      code: 'foreign_repository',
    });
    await expect(ask({}, cleo, repository.repoKey)).resolves.toBeDefined();
  });

  it('an entity that is not there, or hidden', async () => {
    await expect(ask({ entities: [person('cleo')] })).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'entity_not_found',
    });
  });

  it('believes nothing from before: permission and person are asked for every time', async () => {
    const world = await makeActWorld();
    const act = () => world.access.actor(cleo, deliveryRunRerunPermission, REF);
    await act();
    world.allowed.check = () => false;
    await expect(act()).rejects.toMatchObject({ code: 'permission_missing' });
    expect(world.permissions.authorize).toHaveBeenLastCalledWith(
      [{ permission: deliveryRunRerunPermission, resourceRef: REF }],
      { credentials: cleo },
    );
    world.allowed.check = () => true;
    await act();
    await world.catalog.removeEntityByUid('unused').catch(() => {});
    jest.spyOn(world.catalog, 'getEntityByRef').mockResolvedValue(undefined);
    await expect(act()).rejects.toMatchObject({ code: 'not_a_person' });
  });
});

describe('ActAccess.may', () => {
  it('says for each button whether, and if not, why', async () => {
    const world = await makeActWorld();
    world.allowed.check = name => name !== 'delivery.breakglass';
    const acts = await world.access.may(cleo, component());
    expect(acts).toMatchObject({
      entityRef: REF,
      repositoryUrl: 'https://github.com/acme/vaultex',
      rerun: { allowed: true },
      decide: { allowed: true },
      breakGlass: { allowed: false, reason: { code: 'permission_missing' } },
      readAudit: { allowed: true },
    });
    expect(acts.breakGlass.reason?.message).toContain('delivery.breakglass');
    expect(acts.breakGlass.reason?.message).toContain('group:default/team');
    expect(world.permissions.authorize).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      'permissions_disabled',
      () => makeActWorld({ permissionsEnabled: false }),
      cleo,
    ],
    ['not_a_person', () => makeActWorld(), mockCredentials.service()],
    [
      'audit_not_configured',
      async () => {
        const world = await makeActWorld();
        world.audit.enabled = false;
        return world;
      },
      cleo,
    ],
    [
      'acts_unsupported',
      async () => {
        const world = await makeActWorld();
        Object.assign(world.vendor.provider, { acts: undefined });
        return world;
      },
      cleo,
    ],
  ])(
    '%s is the reason of every act, not of reading',
    async (code, make, who) => {
      const world = await make();
      const acts = await world.access.may(who, component());
      const { rerun, cancel, dispatch, decide, rollback, breakGlass } = acts;
      for (const may of [
        rerun,
        cancel,
        dispatch,
        decide,
        rollback,
        breakGlass,
      ]) {
        expect(may).toMatchObject({ allowed: false, reason: { code } });
      }
      expect(acts.readAudit).toEqual({ allowed: true });
    },
  );

  it('a foreign claim is the reason too', async () => {
    const world = await makeActWorld();
    const acts = await world.access.may(cleo, component('api', 'acme/other'));
    expect(acts.rerun).toMatchObject({
      allowed: false,
      reason: { code: 'foreign_repository' },
    });
    expect(acts.repositoryUrl).toBeUndefined();
  });
});
