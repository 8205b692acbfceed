import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { LogicalDeployment } from 'backstage-plugin-delivery-common';
import { findingRow } from '../../database/DatabaseApprovalStore/testActs';
import { read, runFact } from '../../database/DatabaseDeliveryStore/testFacts';
import {
  environment,
  logicalDeployment,
} from '../../database/DatabaseEnvironmentStore/testRuntime';
import { service } from '../../__testUtils__/startDelivery';
import {
  API,
  type Approvals,
  makeApprovals,
  MINUTE,
  NOON,
  prepare,
  RUN,
  told,
} from '../approvals/__testUtils__/makeApprovals';
import { FindingKeeper } from './FindingKeeper';
import { FindingViews } from './FindingViews';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const DAY = 24 * 60 * MINUTE;
const OPEN = { state: 'open' } as const;

describe('Findings', () => {
  let world: Approvals;
  let keeper: FindingKeeper;
  const open = () => world.approvals.findings(OPEN);

  /** What was deployed to production, newest first. */
  const deployed = (...deployments: LogicalDeployment[]) =>
    world.environments.saveEnvironments(
      API,
      [
        {
          position: 1,
          environment: environment('production', { tier: 'production' }),
          deployments,
        },
      ],
      NOON,
    );
  const byRun = (id: string, more: Partial<LogicalDeployment> = {}) =>
    logicalDeployment(id, NOON, { runId: RUN, runNumber: 1, ...more });
  const sweep = () => keeper.sweep(world.signal);

  beforeEach(async () => {
    world = await makeApprovals(await databases.init('SQLITE_3'));
    await prepare(world);
    await world.store.apply([read(runFact(1, 'completed', 'success'))]);
    keeper = new FindingKeeper({ ...world, audit: world.store.audit });
  });

  it('tell of a deployment that nobody let in, once', async () => {
    await deployed(byRun('d1'));
    expect(await sweep()).toBe(1);
    expect(await sweep()).toBe(0);
    expect(await open()).toEqual([
      expect.objectContaining({
        ...{ kind: 'unapproved_deployment', entityRef: API },
        ...{ environment: 'production', runId: RUN, state: 'open' },
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
      }),
    ]);
  });

  it('tell of a deployment that no pipeline knows', async () => {
    await deployed(
      logicalDeployment('d1', NOON, { kind: 'out_of_band', by: 'arn:x' }),
    );
    await sweep();
    expect(await open()).toMatchObject([{ kind: 'unknown_deployment' }]);
    expect(world.gate.asked).toEqual([]);
  });

  it('accuse nobody before the vendor was asked, and ask once', async () => {
    world.gate.decide('cleo');
    await deployed(byRun('d1'));
    await sweep();
    await sweep();
    expect(await open()).toEqual([]);
    expect(world.gate.asked).toEqual(['approvals']);
  });

  it('accuse nobody while the vendor is down', async () => {
    world.gate.failure = new Error('502');
    await deployed(byRun('d1'));
    await sweep();
    expect(await open()).toEqual([]);
  });

  it('do not rest on a list that was read while the run still waited', async () => {
    await world.environments.saveApprovals(RUN, 1, []);
    world.gate.decide('ravi');
    await deployed(byRun('d1'));
    await sweep();
    expect(await open()).toEqual([]);
  });

  it('know approvals that were kept when they ended', async () => {
    await told(world, 'waiting', { at: NOON - MINUTE });
    await deployed(byRun('d1'));
    await world.approvals.saveApprovals([
      {
        ...{ id: 'a'.repeat(24), runKey: RUN, repoKey: 'github_com/1' },
        ...{ attempt: 1, environment: 'Production', sha: 'a'.repeat(40) },
        ...{ state: 'approved', openedAt: NOON, closedAt: NOON },
        ...{ candidates: [], updatedAt: NOON },
        decided: { login: 'cleo', userRef: 'user:default/cleo', via: 'portal' },
      },
    ]);
    await sweep();
    expect(await open()).toEqual([]);
    expect(world.gate.asked).toEqual([]);
  });

  it('know an emergency rollback through the portal', async () => {
    const at = NOON + MINUTE;
    await deployed(logicalDeployment('d1', at, { kind: 'out_of_band' }));
    await world.store.audit.append(
      {
        ...{ at: NOON, actor: 'user:default/cleo', phase: 'succeeded' },
        ...{ action: 'emergency_rollback', entityRef: API },
        environment: 'production',
      },
      () => ({ hash: 'h', signature: 's', keyId: 'k' }),
    );
    await sweep();
    expect(await open()).toEqual([]);
  });

  it('are dropped when it turns out who let it in, but not once reviewed', async () => {
    await deployed(
      byRun('d1'),
      logicalDeployment('d2', NOON - DAY, { kind: 'out_of_band' }),
    );
    await sweep();
    const [first, second] = await open();
    await world.approvals.reviewFinding(second.id, {
      ...{ by: 'user:default/ravi', at: NOON, comment: 'looked' },
    });
    await world.environments.saveApprovals(RUN, 1, [
      { environments: ['production'], state: 'approved', user: 'cleo' },
    ]);
    await deployed(byRun('d1'));
    await sweep();
    expect(await world.approvals.finding(first.id)).toBeUndefined();
    expect(await world.approvals.finding(second.id)).toMatchObject({
      state: 'reviewed',
    });
  });

  it('leave alone what is older than ninety days, and what has just begun', async () => {
    world.clock.now = NOON + 100 * DAY;
    await deployed(
      logicalDeployment('new', world.clock.now, { kind: 'out_of_band' }),
      byRun('old'),
    );
    await sweep();
    expect(await open()).toEqual([]);
  });

  it('ask about twenty runs at most in one sweep, the newest first', async () => {
    const many = Array.from({ length: 30 }, (_, index) => index + 2);
    await world.store.apply(
      many.map(n => read(runFact(n, 'completed', 'success'))),
    );
    await deployed(
      ...many.map(n =>
        byRun(`d${n}`, { runId: `github_com.${n}`, startedAt: NOON + n }),
      ),
    );
    await sweep();
    expect(world.gate.count('approvals')).toBe(20);
    const found = await open();
    expect(found).toHaveLength(20);
    expect(Math.min(...found.map(({ at }) => at))).toBe(NOON + 12);
    await sweep();
    expect(await open()).toHaveLength(30);
  });

  describe('as people see them', () => {
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
            const { userEntityRef: ref } = (credentials as typeof cleo)
              .principal;
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
});
