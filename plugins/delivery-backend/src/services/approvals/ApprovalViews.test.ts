import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  approvalDetailSchema,
  type MayAct,
} from 'backstage-plugin-delivery-common';
import {
  DEFAULT_POLICY,
  DEFAULT_SET,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { approvalRow } from '../../database/DatabaseApprovalStore/testActs';
import {
  binding,
  read,
  repositoryFact,
  runFact,
} from '../../database/DatabaseDeliveryStore/testFacts';
import { Access } from '../Access';
import { VisibleServices } from '../VisibleServices';
import { FakeGate, RUNNING, SHA } from './__testUtils__/FakeGate';
import {
  API,
  type Approvals,
  makeApprovals,
  MINUTE,
  NOON,
  prepare,
  RUN,
  told,
} from './__testUtils__/makeApprovals';
import { ApprovalDetails } from './ApprovalDetails';
import { approvalIdOf } from './approvalIdOf';
import { ApprovalSummaries } from './ApprovalSummaries';
import { ApprovalViews } from './ApprovalViews';
import { Callers } from './Callers';
import { EvidenceReader } from './EvidenceReader';
import { VendorGateFacts } from './VendorGateFacts';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const ID = approvalIdOf(RUN, 1, 'production');
const as = (name: string) => mockCredentials.user(`user:default/${name}`);
const cleo = as('cleo');
const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
/** Everything but what `group:default/team` owns: nothing of these. */
const OWNERS: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  ...{ pluginId: 'catalog', resourceType: 'catalog-entity' },
  conditions: {
    ...{ rule: 'IS_ENTITY_OWNER', resourceType: 'catalog-entity' },
    params: { claims: ['group:default/others'] },
  },
};

function views(
  world: Approvals,
  more: { decision?: PolicyDecision; may?: MayAct } = {},
) {
  const { decision = ALLOW, may = { allowed: true } } = more;
  const { approvals, catalog, environments, now, store } = world;
  const permissions = mockServices.permissions.mock({
    authorizeConditional: async requests => requests.map(() => decision),
  });
  const set = {
    ...DEFAULT_SET,
    environments: DEFAULT_SET.environments.map(item => ({
      ...item,
      policy: {
        ...DEFAULT_POLICY,
        soak: { environment: 'staging', ms: 10 * MINUTE },
        requiredChecks: ['unit'],
      },
    })),
  };
  const facts = new VendorGateFacts({ ...world, sets: [set] });
  const access = new Access({ catalog, permissions, now });
  const result = new ApprovalViews({
    ...{ approvals, access, directory: world.directory, now },
    visible: new VisibleServices({ catalog, permissions }),
    runAccess: {
      require: async (credentials, runKey, permission) => {
        const refs = await store.entitiesOfRun(runKey);
        const { allowed } = await access.sort(credentials, refs, permission);
        if (allowed.length === 0) throw new NotFoundError('no such run');
        return { services: refs } as never;
      },
    },
    actAccess: { may: async () => ({ decide: may } as never) },
    callers: new Callers(world),
    summaries: new ApprovalSummaries(world),
    details: new ApprovalDetails({
      ...world,
      ...{ facts, environments },
      evidence: new EvidenceReader(world),
      feed: { keyOf: ref => `key of ${ref}` },
    }),
  });
  return { views: result, facts, permissions };
}

describe('Approvals as people see them', () => {
  let db: Knex;
  let world: Approvals;
  beforeEach(async () => {
    db = await databases.init('SQLITE_3');
    world = await makeApprovals(db);
    await prepare(world);
    await told(world, 'waiting');
    await world.tell();
  });

  describe('in lists', () => {
    it('are mine when the vendor lists me and I did not ask', async () => {
      const { views: shown } = views(world);
      const list = await shown.list(cleo, {});
      expect(list).toMatchObject({
        ...{ count: 1, nextCursor: undefined },
        items: [
          {
            ...{ id: ID, services: [API], environment: 'production' },
            ...{ vendorEnvironment: 'Production', tier: 'production' },
            requestedBy: { login: 'dana', userRef: 'user:default/dana' },
            ...{ state: 'waiting', mine: true, attempt: 1, runNumber: 1 },
            expiresAt: NOON + 10 * MINUTE + 30 * 24 * 60 * MINUTE,
          },
        ],
      });
      expect((await shown.list(cleo, { scope: 'mine' })).items).toHaveLength(1);
      const ofDana = await shown.list(as('dana'), {});
      expect(ofDana).toMatchObject({ count: 0, items: [{ mine: false }] });
      const mine = await shown.list(as('dana'), { scope: 'mine' });
      expect(mine.items).toEqual([]);
    });

    it('are not mine when I asked, also where the vendor lists me', async () => {
      const row = await world.approvals.approval(ID);
      if (row) {
        await world.approvals.saveApprovals([{ ...row, requestedBy: 'Cleo' }]);
      }
      const { views: shown } = views(world);
      expect(await shown.list(cleo, {})).toMatchObject({
        ...{ count: 0, items: [{ mine: false }] },
      });
    });

    it('are mine by a group', async () => {
      const row = await world.approvals.approval(ID);
      if (row) {
        const team = { kind: 'team', id: '9', name: 'acme/leads' } as const;
        await world.approvals.saveApprovals([
          { ...row, candidates: [{ ...team, ref: 'group:default/leads' }] },
        ]);
      }
      const { views: shown } = views(world);
      expect((await shown.list(as('ravi'), {})).count).toBe(1);
      expect((await shown.list(cleo, {})).count).toBe(0);
    });

    it('show nothing of services that the caller may not read', async () => {
      const { views: shown } = views(world, { decision: OWNERS });
      for (const scope of ['mine', 'waiting', 'decided'] as const) {
        expect(await shown.list(cleo, { scope })).toMatchObject({
          ...{ items: [], count: 0 },
        });
      }
    });

    it('name no other service of the run', async () => {
      await world.store.replaceBindings(
        [binding('api'), binding('hidden')],
        true,
      );
      const { views: shown } = views(world);
      const [item] = (await shown.list(cleo, {})).items;
      expect(item.services).toEqual([API]);
    });

    it('go page by page, each approval once', async () => {
      await world.store.apply([
        ...[2, 3, 4, 5].map(n => read(runFact(n, 'waiting'))),
        read(repositoryFact()),
      ]);
      await world.approvals.saveApprovals(
        [2, 3, 4, 5].map(n =>
          approvalRow(n, { repoKey: 'github_com/1', openedAt: NOON }),
        ),
      );
      const { views: shown } = views(world);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await shown.list(cleo, { cursor, limit: 2 });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toHaveLength(5);
      expect(new Set(seen).size).toBe(5);
    });

    it('ask the permission framework once, whatever their number', async () => {
      const { views: shown, permissions } = views(world);
      await shown.list(cleo, {});
      await shown.list(cleo, { scope: 'decided' });
      expect(permissions.authorizeConditional).toHaveBeenCalledTimes(1);
      expect(permissions.authorize).not.toHaveBeenCalled();
    });

    it('are the same for everybody in an overview and at a run', async () => {
      const { views: shown } = views(world);
      const [open] = await shown.openOf(API);
      expect(open).toMatchObject({ id: ID, services: [API] });
      expect(open).not.toHaveProperty('mine');
      const ofRun = await shown.ofRun(RUN, [API]);
      expect(ofRun).toMatchObject([{ id: ID, state: 'waiting' }]);
      expect(await shown.openOf('component:default/web')).toEqual([]);
    });
  });

  describe('in detail', () => {
    it('are no approvals for whoever may not read the service', async () => {
      const { views: shown } = views(world, { decision: OWNERS });
      const missing = { name: 'NotFoundError', code: 'approval_not_found' };
      await expect(shown.detail(cleo, ID)).rejects.toMatchObject(missing);
      const none = 'f'.repeat(24);
      await expect(shown.detail(cleo, none)).rejects.toMatchObject(missing);
    });

    it('show what comes in and what is asked of the decision', async () => {
      const { views: shown } = views(world);
      const detail = await shown.detail(cleo, ID);
      expect(approvalDetailSchema.parse(detail)).toEqual(detail);
      expect(detail).toMatchObject({
        gate: { kind: 'github-reviewers' },
        reviewers: [
          { name: 'cleo', you: true, may: 'yes', ref: 'user:default/cleo' },
          { name: 'ravi', you: false, may: 'yes' },
        ],
        you: { allowed: true },
        commits: { status: 'ahead', total: 1, people: 1 },
        migrations: ['db/migrations/V31__refunds.sql'],
        size: { files: 1, additions: 12 },
        checks: [{ name: 'unit', state: 'pass' }],
        soak: {
          ...{ environment: 'staging', state: 'same', health: 'healthy' },
          ...{ since: NOON, requiredMs: 10 * MINUTE },
        },
        ...{ problems: [], repositoryUrl: 'https://github.com/Acme/Vaultex' },
        signalKey: `key of ${API}`,
      });
      expect(detail.changes[0]).toMatchObject({
        ...{ kind: 'commit', tag: 'changed' },
        ...{ running: RUNNING.slice(0, 7), incoming: SHA.slice(0, 7) },
      });
      const failed = detail.policy.filter(({ state }) => state === 'fail');
      expect(failed).toEqual([]);
      expect(detail.policy.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['order', 'self_review', 'soak', 'check']),
      );
    });

    it('say who may not, and why: author, and who asked for it', async () => {
      if (world.gate.reading) {
        world.gate.reading.reviewers.push({
          ...{ kind: 'user', id: '1', name: 'dana', nodeId: 'U_dana' },
        });
      }
      const { views: shown } = views(world);
      const detail = await shown.detail(as('dana'), ID);
      expect(detail.reviewers.at(-1)).toMatchObject({
        ...{ name: 'dana', you: true, may: 'no' },
        reason: 'author, asked for it',
      });
      expect(detail.you).toMatchObject({
        ...{ allowed: false, reason: { code: 'self_review' } },
      });
    });

    it('say that the vendor does not list the caller', async () => {
      const { views: shown } = views(world);
      const outsider = await shown.detail(as('pat'), ID);
      expect(outsider.you).toMatchObject({
        ...{ allowed: false, reason: { code: 'not_eligible' } },
      });
      const reason = { code: 'permission_missing', message: 'No.' };
      const { views: refused } = views(world, {
        may: { allowed: false, reason },
      });
      expect((await refused.detail(cleo, ID)).you.reason).toEqual(reason);
    });

    it('show the rest when the vendor is down', async () => {
      world.gate.failure = new Error('boom');
      const { views: shown } = views(world);
      const detail = await shown.detail(cleo, ID);
      expect(detail).toMatchObject({
        approval: { id: ID, state: 'waiting' },
        ...{ viewHash: '', policy: [], commits: { status: 'unknown' } },
        problems: [{ code: 'vendor_failed' }],
      });
      expect(detail.reviewers).toHaveLength(2);
      expect(detail.reviewers[0].may).toBe('unknown');
    });

    it('say it when the commit that runs is not in the repository any more', async () => {
      world.gate.range = undefined;
      const { views: shown } = views(world);
      const detail = await shown.detail(cleo, ID);
      expect(detail.commits.status).toBe('unknown');
      expect(detail.problems).toMatchObject([
        { code: 'running_commit_unknown' },
      ]);
      expect(detail.policy).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ code: 'would_downgrade', state: 'fail' }),
        ]),
      );
    });

    it('ask the vendor nothing about what is decided', async () => {
      world.gate.decide('cleo');
      await told(world, 'in_progress');
      await world.tell();
      world.gate.asked.splice(0);
      const { views: shown } = views(world);
      const detail = await shown.detail(cleo, ID);
      expect(detail).toMatchObject({
        approval: { state: 'approved', decided: { by: { login: 'cleo' } } },
        you: { allowed: false, reason: { code: 'not_waiting' } },
      });
      expect(world.gate.asked).toEqual([]);
      const { items } = await shown.list(cleo, { scope: 'decided' });
      expect(items).toMatchObject([{ id: ID, mine: false }]);
    });
  });

  describe('as facts for a decision', () => {
    const signal = AbortSignal.timeout(60_000);
    const token = { reveal: () => 'secret' } as never;
    const row = async () => {
      const found = await world.approvals.approval(ID);
      if (!found) throw new Error('There is none');
      return found;
    };

    it('are the same view for the portal and for a person, in whatever order the vendor lists', async () => {
      const { facts } = views(world);
      const view = await facts.read(await row(), API, undefined, signal);
      world.gate.reading = world.gate.reading && {
        ...world.gate.reading,
        reviewers: [...world.gate.reading.reviewers].reverse(),
        currentUserCanApprove: true,
      };
      const decision = await facts.read(await row(), API, token, signal);
      expect(decision.viewHash).toBe(view.viewHash);
      expect(view).toMatchObject({
        ...{ environment: 'production', runningSha: RUNNING },
        policy: { requiredChecks: ['unit'] },
      });
      expect(facts.seenView(view.viewHash)).toEqual(view.view);
      expect(facts.seenView('other')).toBeUndefined();
    });

    it.each([
      [
        'a new attempt',
        (gate: FakeGate) => {
          gate.run = { ...gate.run, attempt: 2 };
        },
      ],
      [
        'other reviewers',
        (gate: FakeGate) => {
          gate.reading?.reviewers.pop();
        },
      ],
      [
        'an environment that is gone',
        (gate: FakeGate) => {
          gate.reading = undefined;
        },
      ],
      [
        'another deployment',
        (gate: FakeGate) => {
          gate.run = { ...gate.run, pendingDeployments: ['502'] };
        },
      ],
    ])('are another view with %s', async (_, change) => {
      const { facts } = views(world);
      const before = await facts.read(await row(), API, token, signal);
      change(world.gate);
      const after = await facts.read(await row(), API, token, signal);
      expect(after.viewHash).not.toBe(before.viewHash);
    });

    it('are remembered for a moment for views, never for a decision', async () => {
      const { facts } = views(world);
      world.gate.asked.splice(0);
      await facts.read(await row(), API, undefined, signal);
      await facts.read(await row(), API, undefined, signal);
      expect(world.gate.count('run')).toBe(1);
      await facts.read(await row(), API, token, signal);
      await facts.read(await row(), API, token, signal);
      expect(world.gate.count('run')).toBe(3);
      world.clock.now += 6_000;
      await facts.read(await row(), API, undefined, signal);
      expect(world.gate.count('run')).toBe(4);
    });

    it('have no gate when the run does not wait any more', async () => {
      world.gate.run = { ...world.gate.run, waiting: false };
      const { facts } = views(world);
      const read_ = await facts.read(await row(), API, token, signal);
      expect(read_.gate).toBeUndefined();
    });

    it('come with who pushed the commits', async () => {
      const { facts } = views(world);
      const evidence = new EvidenceReader(world);
      const found = await evidence.of(
        await facts.read(await row(), API, token, signal),
      );
      expect(found).toMatchObject({
        ...{ pushers: ['dana'], checks: [{ name: 'unit' }] },
        soak: { environment: 'staging', state: 'same' },
      });
    });
  });
});
