import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  API,
  type Approvals,
  makeApprovals,
  prepare,
} from '../../__testUtils__/approvals/makeApprovals';
import { service } from '../../__testUtils__/startDelivery';
import { findingRow } from '../../database/DatabaseApprovalStore/testActs';
import { FindingViews } from './FindingViews';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const OPEN = { state: 'open' } as const;

describe('Findings as people see them', () => {
  let world: Approvals;
  const cleo = mockCredentials.user('user:default/cleo');
  const id = findingRow(1).id;

  const make = (options: { all?: boolean; readable?: string[] } = {}) => {
    const { all = false, readable = [API] } = options;
    const entityOf = (ref: string) => service(ref.split('/')[1], 'acme/api');
    return new FindingViews({
      ...world,
      access: {
        require: async (_, ref) => {
          if (!readable.includes(ref)) throw new NotAllowedError('no');
          return entityOf(ref);
        },
        sort: async (_, refs) => ({
          allowed: refs.filter(ref => readable.includes(ref)).map(entityOf),
          denied: [],
        }),
      },
      visible: {
        of: async () =>
          [API, 'component:default/web'].map(entityRef => ({
            ...{ entityRef, title: 'any' },
          })),
      },
      permissions: {
        authorize: async requests =>
          requests.map(() => ({
            result: all ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
          })),
      },
      actAccess: {
        actor: async (credentials, _permission, entityRef) => {
          if (!readable.includes(entityRef)) throw new NotFoundError('no');
          const { userEntityRef: ref } = (credentials as typeof cleo).principal;
          const [, name] = ref.split('/');
          const user = await world.catalog.getEntityByRef(
            `user:default/${name}`,
            { credentials },
          );
          if (!user) throw new NotAllowedError('not a person');
          return {
            actor: { ref, user, memberOf: [], credentials },
            entity: entityOf(entityRef),
          };
        },
      },
    });
  };

  beforeEach(async () => {
    world = await makeApprovals(await databases.init('SQLITE_3'));
    await prepare(world);
    await world.approvals.addFindings([
      findingRow(1, { by: 'dana' }),
      findingRow(2, { entityRef: 'component:default/web' }),
      findingRow(3, { entityRef: 'component:default/gone' }),
    ]);
  });

  it('are those of services whose audit the caller may read', async () => {
    const refsOf = async (views: FindingViews, query = {}) =>
      (await views.list(cleo, query)).items.map(item => item.entityRef);
    expect(await refsOf(make())).toEqual([API]);
    expect(await refsOf(make({ readable: [] }))).toEqual([]);
    expect(await refsOf(make({ all: true }))).toHaveLength(3);
    expect(await refsOf(make({ all: true }), { entity: API })).toEqual([API]);
    await expect(
      make().list(cleo, { entity: 'component:default/web' }),
    ).rejects.toThrow(NotAllowedError);
  });

  it('are reviewed by somebody else, on record, once', async () => {
    const views = make();
    const review = { comment: 'dana told me before' };
    const done = await views.review(cleo, id, review);
    expect(done).toMatchObject({
      ...{ state: 'reviewed', id },
      review: { by: 'user:default/cleo', ...review, at: world.clock.now },
    });
    expect(world.entries).toEqual([
      expect.objectContaining({
        ...{ actor: 'user:default/cleo', action: 'finding.reviewed' },
        ...{ phase: 'recorded', entityRef: API, ...review },
      }),
    ]);
    const again = { code: 'already_reviewed', name: 'ConflictError' };
    await expect(views.review(cleo, id, review)).rejects.toMatchObject(again);
    expect(world.entries).toHaveLength(1);
    expect((await views.list(cleo, {})).items).toEqual([]);
    expect((await views.list(cleo, { state: 'all' })).items).toHaveLength(1);
  });

  it('are not reviewed by the person whose act it was, by login or by ref', async () => {
    await world.approvals.addFindings([
      findingRow(4, { by: 'user:default/dana' }),
    ]);
    const dana = mockCredentials.user('user:default/dana');
    for (const own of [id, findingRow(4).id]) {
      await expect(
        make().review(dana, own, { comment: 'it was fine' }),
      ).rejects.toMatchObject({ code: 'same_person' });
    }
    expect(world.entries).toEqual([]);
  });

  it('are not there for whoever does not see the service', async () => {
    const missing = { code: 'finding_not_found', name: 'NotFoundError' };
    const comment = 'any reason';
    await expect(
      make().review(cleo, findingRow(2).id, { comment }),
    ).rejects.toMatchObject(missing);
    await expect(
      make().review(cleo, 'e'.repeat(24), { comment }),
    ).rejects.toMatchObject(missing);
  });

  it('are not reviewed when that cannot be written down', async () => {
    world.audit.append = async () => {
      throw new Error('read-only');
    };
    await expect(
      make().review(cleo, id, { comment: 'any reason' }),
    ).rejects.toThrow('read-only');
    expect(await world.approvals.finding(id)).toMatchObject(OPEN);
  });
});
