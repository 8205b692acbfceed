import { VendorRefusal, VendorSilence } from 'backstage-plugin-delivery-node';
import type { RerunBody } from 'backstage-plugin-delivery-common';
import { CLEO } from './__testUtils__/FakeVendor';
import {
  type ActWorld,
  cleo,
  makeActWorld,
  REF,
  RUN_KEY,
  tokenOf,
} from './__testUtils__/makeActWorld';

const { signal } = new AbortController();
let world: ActWorld;
let clicks = 0;

async function makeWorld(options?: Parameters<typeof makeActWorld>[0]) {
  world = await makeActWorld(options);
  world.vendor.run = {
    ...world.vendor.run,
    ...{ waiting: false, status: 'completed', conclusion: 'failure' },
    pendingDeployments: [],
  };
}
beforeEach(() => makeWorld());

const key = () => ({ idempotencyKey: `click-${clicks++}-0000000000` });

async function ended({ operationId }: { operationId: string }) {
  await world.runner.idle();
  const row = await world.approvals.operation(operationId);
  if (!row) throw new Error('There is no operation');
  return row;
}

async function rerun(more: Partial<RerunBody> = {}) {
  return ended(
    await world.runActs.rerun(
      cleo,
      RUN_KEY,
      { ...key(), attempt: 1, failedOnly: false, ...more },
      tokenOf('cleo'),
    ),
  );
}

async function cancel() {
  return ended(
    await world.runActs.cancel(
      cleo,
      RUN_KEY,
      { ...key(), attempt: 1 },
      tokenOf('cleo'),
    ),
  );
}

const sends = () =>
  world.vendor.calls.filter(call => /^(rerun|cancel|dispatch)/.test(call));

/** The gate of production holds nobody back who starts a run. */
function unheld() {
  const gate = world.vendor.environments.production;
  if (gate) gate.preventSelfReview = false;
}

describe('RunActs.rerun', () => {
  it('runs again in the name of the person, who can never approve it then', async () => {
    const row = await rerun();
    expect(row).toMatchObject({
      state: 'succeeded',
      kind: 'rerun',
      outcome: { code: 'rerun', params: { attempt: '2' }, runId: RUN_KEY },
    });
    await expect(world.approvals.requests(RUN_KEY)).resolves.toEqual([
      { userRef: 'user:default/cleo', accountId: CLEO.id, attempt: 2 },
    ]);
    expect(world.audit.phases()).toEqual([
      'rerun attempted',
      'rerun succeeded rerun',
    ]);
    expect(world.acted).toContain(RUN_KEY);
  });

  it('remembers who asked before it is sent', async () => {
    let asked: unknown[] = [];
    world.vendor.onSend = async () => {
      asked = await world.approvals.requests(RUN_KEY);
      throw new VendorSilence('502');
    };
    await expect(rerun({ failedOnly: true })).resolves.toMatchObject({
      kind: 'rerun_failed',
      state: 'unknown',
    });
    expect(asked).toHaveLength(1);
    expect(sends()).toEqual(['rerun true']);
  });

  it.each([
    [
      'an attempt that nobody saw',
      'stale_view',
      () => {
        world.vendor.run.attempt = 2;
      },
    ],
    [
      'a run that still goes on',
      'run_not_completed',
      () => {
        world.vendor.run.status = 'in_progress';
      },
    ],
  ])('refuses %s', async (_what, code, change) => {
    change();
    await expect(rerun()).resolves.toMatchObject({
      state: 'refused',
      outcome: { code },
    });
    expect(sends()).toEqual([]);
  });

  it('refuses an attempt that the portal knows to be old, at once and with an entry', async () => {
    await expect(rerun({ attempt: 3 })).rejects.toMatchObject({
      name: 'ConflictError',
      code: 'stale_view',
    });
    expect(world.audit.phases()).toEqual(['rerun refused stale_view']);
    expect(world.vendor.calls).toEqual([]);
  });

  it('is free of the rules for production while a gate holds it', async () => {
    world.allowed.check = name => name !== 'delivery.approval.decide';
    await expect(rerun()).resolves.toMatchObject({ state: 'succeeded' });
    expect(world.vendor.calls).toContain('readEnvironment production');
  });

  it('asks the rules of an approval when no gate holds production', async () => {
    unheld();
    await expect(rerun()).resolves.toMatchObject({ state: 'succeeded' });

    await makeWorld();
    unheld();
    world.allowed.check = name => name !== 'delivery.approval.decide';
    await expect(rerun()).resolves.toMatchObject({
      state: 'refused',
      outcome: {
        code: 'permission_missing',
        params: { permission: 'delivery.approval.decide' },
      },
    });

    await makeWorld();
    unheld();
    world.vendor.run.actor = { id: CLEO.id };
    await expect(rerun()).resolves.toMatchObject({
      state: 'refused',
      outcome: { code: 'self_review' },
    });

    await makeWorld({
      policy: { freezes: [{ name: 'year end', from: 0, until: 1e15 }] },
    });
    unheld();
    await expect(rerun()).resolves.toMatchObject({ state: 'refused' });
    expect(sends()).toEqual([]);
  });

  it('a job whose place only the run will know counts as production', async () => {
    world.files.read.mockResolvedValue({
      workflow: {
        jobs: [
          {
            ...{ key: 'deploy', needs: [], matrix: false },
            environment: '${{ matrix.where }}',
          },
        ],
      },
    });
    unheld();
    world.vendor.run.actor = { id: CLEO.id };
    await expect(rerun()).resolves.toMatchObject({ state: 'refused' });
    world.files.read.mockRejectedValue(new Error('away'));
    await expect(rerun()).resolves.toMatchObject({ state: 'refused' });
    expect(sends()).toEqual([]);
  });

  it('breaks the glass with permission and a reason, and leaves a finding', async () => {
    unheld();
    world.vendor.run.actor = { id: CLEO.id };
    await expect(rerun({ breakGlass: true })).resolves.toMatchObject({
      state: 'refused',
      outcome: { code: 'comment_missing' },
    });
    const reason = { breakGlass: true, comment: 'Production is down' };
    world.allowed.check = name => name !== 'delivery.breakglass';
    await expect(rerun(reason)).resolves.toMatchObject({
      state: 'refused',
      outcome: {
        code: 'permission_missing',
        params: { permission: 'delivery.breakglass' },
      },
    });
    await expect(world.approvals.findings()).resolves.toEqual([]);
    world.allowed.check = () => true;
    await expect(rerun(reason)).resolves.toMatchObject({ state: 'succeeded' });
    await expect(world.approvals.findings()).resolves.toMatchObject([
      {
        kind: 'break_glass',
        entityRef: REF,
        environment: 'live',
        by: 'user:default/cleo',
        state: 'open',
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
      },
    ]);
    expect(world.audit.entries.at(-1)?.content.detail).toMatchObject({
      breakGlass: 'self_review',
    });
  });

  it('takes the finding back when the vendor said no', async () => {
    unheld();
    world.vendor.run.actor = { id: CLEO.id };
    world.vendor.onSend = async () => {
      throw new VendorRefusal('not_allowed', 'No.');
    };
    await rerun({ breakGlass: true, comment: 'Production is down' });
    await expect(world.approvals.findings()).resolves.toEqual([]);
  });

  it('is settled by the attempt that the person started', async () => {
    world.vendor.onSend = async () => {
      throw new VendorSilence('502');
    };
    const theirs = await rerun();
    world.vendor.run = {
      ...world.vendor.run,
      attempt: 2,
      triggeringActors: [{ id: '1' }, { id: CLEO.id }],
    };
    await expect(world.operations.settle(signal)).resolves.toBe(1);
    await expect(world.approvals.operation(theirs.id)).resolves.toMatchObject({
      state: 'succeeded',
    });

    await makeWorld();
    world.vendor.onSend = async () => {
      throw new VendorSilence('502');
    };
    const lost = await rerun();
    world.vendor.run = {
      ...world.vendor.run,
      attempt: 2,
      triggeringActors: [{ id: '1' }, { id: '2' }],
    };
    await expect(world.operations.settle(signal)).resolves.toBe(0);
    world.later(2 * 60_000);
    await expect(world.operations.settle(signal)).resolves.toBe(1);
    await expect(world.approvals.operation(lost.id)).resolves.toMatchObject({
      state: 'failed',
      outcome: { code: 'not_done' },
    });
  });
});

describe('RunActs.cancel', () => {
  beforeEach(() => {
    world.vendor.run = { ...world.vendor.run, status: 'in_progress' };
  });

  it('is done when the run has ended', async () => {
    await expect(cancel()).resolves.toMatchObject({
      state: 'succeeded',
      outcome: { code: 'cancelled' },
    });
  });

  it('is a request while jobs still clean up', async () => {
    world.vendor.onSend = async () => {};
    await expect(cancel()).resolves.toMatchObject({
      state: 'succeeded',
      outcome: { code: 'cancel_requested' },
    });
  });

  it('says so when the run was faster', async () => {
    world.vendor.onSend = async () => {
      world.vendor.run = { ...world.vendor.run, status: 'completed' };
    };
    await expect(cancel()).resolves.toMatchObject({
      outcome: { code: 'cancel_too_late' },
    });
    await expect(cancel()).resolves.toMatchObject({
      state: 'refused',
      outcome: { code: 'already_completed' },
    });
  });

  it('is settled by how the run ended', async () => {
    world.vendor.onSend = async () => {
      throw new VendorSilence('502');
    };
    const { id } = await cancel();
    await expect(world.operations.settle(signal)).resolves.toBe(0);
    world.vendor.run = {
      ...world.vendor.run,
      ...{ status: 'completed', conclusion: 'cancelled' },
    };
    await world.operations.settle(signal);
    await expect(world.approvals.operation(id)).resolves.toMatchObject({
      state: 'succeeded',
      outcome: { code: 'cancelled' },
    });
  });

  it('keeps one act on a run at a time', async () => {
    const results = await Promise.allSettled([cancel(), cancel()]);
    expect(results[1]).toMatchObject({ reason: { code: 'act_in_progress' } });
    expect(sends()).toEqual(['cancel']);
  });
});
