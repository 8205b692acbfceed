import { TestDatabases } from '@backstage/backend-test-utils';
import type { LogicalDeployment } from 'backstage-plugin-delivery-common';
import { read, runFact } from '../../database/DatabaseDeliveryStore/testFacts';
import {
  environment,
  logicalDeployment,
} from '../../database/DatabaseEnvironmentStore/testRuntime';
import {
  API,
  type Approvals,
  makeApprovals,
  MINUTE,
  NOON,
  prepare,
  RUN,
  told,
} from '../../__testUtils__/approvals/makeApprovals';
import { FindingKeeper } from './FindingKeeper';

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
    const [{ host, slug }] = await world.store.bindingsOfEntity(API);
    for (const kind of ['repo', 'deployments']) {
      await world.store.saveSyncState({
        ...{ scope: `${kind}:${host}/${slug}`, backfill: 'done', runs: 1 },
        dataSince: NOON - 10 * DAY,
      });
    }
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

  it('do not accuse what went in before the pipeline’s side was read', async () => {
    await deployed(
      logicalDeployment('d1', NOON - 11 * DAY, { kind: 'out_of_band' }),
    );
    expect(await sweep()).toBe(0);
    expect(await open()).toEqual([]);
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
});
