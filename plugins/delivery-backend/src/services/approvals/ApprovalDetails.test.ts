import { TestDatabases } from '@backstage/backend-test-utils';
import { approvalDetailSchema } from 'backstage-plugin-delivery-common';
import { RUNNING, SHA } from '../../__testUtils__/approvals/FakeGate';
import {
  API,
  type Approvals,
  makeApprovals,
  MINUTE,
  NOON,
  prepare,
  told,
} from '../../__testUtils__/approvals/makeApprovals';
import {
  as,
  cleo,
  ID,
  OWNERS,
  views,
} from '../../__testUtils__/approvals/views';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});

describe('Approvals in detail', () => {
  let world: Approvals;
  beforeEach(async () => {
    world = await makeApprovals(await databases.init('SQLITE_3'));
    await prepare(world);
    await told(world, 'waiting');
    await world.tell();
  });

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
    expect(detail.problems).toMatchObject([{ code: 'running_commit_unknown' }]);
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
