import type { DecisionBody } from 'backstage-plugin-delivery-common';
import { VendorSilence } from 'backstage-plugin-delivery-node';
import {
  type ActWorld,
  APPROVAL_ID,
  cleo,
  makeActWorld,
  tokenOf,
} from './__testUtils__/makeActWorld';

const DAY = 24 * 60 * 60_000;
const { signal } = new AbortController();
let world: ActWorld;
beforeEach(async () => {
  world = await makeActWorld();
});

let clicks = 0;
function body(more: Partial<DecisionBody> = {}): DecisionBody {
  clicks++;
  return {
    decision: 'approve',
    comment: 'Looks good',
    viewHash: world.viewHash(),
    idempotencyKey: `click-${clicks}-0000000000`,
    ...more,
  };
}

const click = (more?: Partial<DecisionBody>) =>
  world.decisions.decide(cleo, APPROVAL_ID, body(more), tokenOf('cleo'));
const sent = () => world.vendor.calls.filter(call => /^decide/.test(call));

/** A portal that is killed while the vendor works: nothing it does afterwards reaches the database. */
async function killedWhileSending(isDone: boolean): Promise<string> {
  let kill = () => {};
  const killed = new Promise<void>(resolve => {
    kill = resolve;
  });
  world.vendor.onSend = async doIt => {
    if (isDone) doIt();
    kill();
    await new Promise(() => {});
  };
  const { operationId } = await click();
  await killed;
  return operationId;
}

describe('the audit before', () => {
  it('is needed: without a key nobody acts, and the line to write is named', async () => {
    world.audit.enabled = false;
    await expect(click()).rejects.toMatchObject({
      name: 'NotAllowedError',
      code: 'audit_not_configured',
      message: expect.stringContaining('delivery.audit.signingKey'),
    });
    expect(world.approvals.all()).toEqual([]);
    expect(world.vendor.calls).toEqual([]);
  });

  it('that cannot be written refuses the act before any vendor call, and tells the core auditor', async () => {
    world.audit.before = () => {
      throw new Error('disk full: secret path');
    };
    await expect(click()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      code: 'audit_not_writable',
      message: expect.stringContaining('Nothing was sent'),
    });
    expect(world.vendor.calls).toEqual([]);
    expect(world.auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'act',
        meta: expect.objectContaining({ actor: 'user:default/cleo' }),
      }),
    );
    expect(world.auditEvent.fail).toHaveBeenCalledTimes(1);
    // The lease is free again: it works as soon as the audit does.
    world.audit.before = () => {};
    await click();
    await world.runner.idle();
    expect(sent()).toEqual(['decide approved']);
  });

  it('a database that is read-only: refused before any vendor call, logged through the core auditor', async () => {
    world.approvals.broken = true;
    await expect(click()).rejects.toMatchObject({ code: 'audit_not_writable' });
    expect(world.vendor.calls).toEqual([]);
    expect(world.auditEvent.fail).toHaveBeenCalledTimes(1);
  });

  it('a database that becomes read-only before it is sent: nothing is sent', async () => {
    world.vendor.onRead = async () => {
      world.approvals.broken = true;
    };
    const { operationId } = await click();
    await world.runner.idle();
    expect(sent()).toEqual([]);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      'approve failed act_failed',
    ]);
    // Its row could not be stored either: settled once the lease is over.
    world.approvals.broken = false;
    world.later(6 * 60_000);
    await expect(world.operations.settle(signal)).resolves.toBe(1);
    await expect(world.approvals.operation(operationId)).resolves.toMatchObject(
      { state: 'failed', outcome: { code: 'not_sent' } },
    );
  });
});

describe('the audit after', () => {
  it('that cannot be written leaves the act unknown, and gets its entry later', async () => {
    world.audit.before = phase => {
      if (phase !== 'attempted') throw new Error('disk full');
    };
    const { operationId } = await click();
    await world.runner.idle();
    await expect(world.approvals.operation(operationId)).resolves.toMatchObject(
      { state: 'unknown', outcome: { code: 'approved' } },
    );
    await expect(world.operations.settle(signal)).resolves.toBe(0);
    world.audit.before = () => {};
    const calls = world.vendor.calls.length;
    await expect(world.operations.settle(signal)).resolves.toBe(1);
    // What was known is not asked for again.
    expect(world.vendor.calls).toHaveLength(calls);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      'approve succeeded approved',
    ]);
    expect(world.audit.entries[1].content).toMatchObject({
      identity: { login: 'cleo' },
      requestId: 'REQ:1',
      detail: { memberOf: ['group:default/team'] },
    });
    await expect(world.approvals.operation(operationId)).resolves.toMatchObject(
      { state: 'succeeded', outcome: { code: 'approved', auditSeq: 2 } },
    );
    await expect(world.operations.settle(signal)).resolves.toBe(0);
  });
});

describe('a portal that is killed between vendor call and audit', () => {
  it('finds its decision at the vendor, writes the entry and closes the approval', async () => {
    const operationId = await killedWhileSending(true);
    const { operations } = world.newPortal();
    await expect(operations.settle(signal)).resolves.toBe(0);
    world.later(6 * 60_000);
    await expect(operations.settle(signal)).resolves.toBe(1);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      'approve succeeded approved',
    ]);
    expect(world.audit.entries[1].content).toMatchObject({
      actor: 'user:default/cleo',
      operationId,
      runId: 'github_com.42',
      comment: 'Looks good',
    });
    await expect(world.approvals.approval(APPROVAL_ID)).resolves.toMatchObject({
      state: 'approved',
      decided: { userRef: 'user:default/cleo', login: 'cleo', via: 'portal' },
    });
    expect(world.told).toMatchObject([{ decision: 'approve', operationId }]);
    expect(sent()).toEqual(['decide approved']);
    expect(world.vendor.calls).toContain('readDecisions as portal');
  });

  it('says not done once the run does not wait any more', async () => {
    const operationId = await killedWhileSending(false);
    world.vendor.run = { ...world.vendor.run, waiting: false };
    world.later(6 * 60_000);
    const { operations } = world.newPortal();
    await expect(operations.settle(signal)).resolves.toBe(1);
    await expect(world.approvals.operation(operationId)).resolves.toMatchObject(
      { state: 'failed', outcome: { code: 'not_done', auditSeq: 2 } },
    );
  });

  it('keeps the question open for a day while the run waits, and never sends again', async () => {
    const operationId = await killedWhileSending(false);
    world.later(6 * 60_000);
    const { operations, decisions } = world.newPortal();
    await expect(operations.settle(signal)).resolves.toBe(0);
    await expect(
      decisions.decide(cleo, APPROVAL_ID, body(), tokenOf('cleo')),
    ).rejects.toMatchObject({ code: 'decision_unknown' });
    world.later(DAY);
    await expect(operations.settle(signal)).resolves.toBe(1);
    await expect(world.approvals.operation(operationId)).resolves.toMatchObject(
      { state: 'failed', outcome: { code: 'never_known' } },
    );
    expect(world.audit.phases().at(-1)).toBe('approve unknown never_known');
    expect(sent()).toEqual(['decide approved']);
  });

  it('asks again while the vendor is down', async () => {
    await killedWhileSending(true);
    world.later(6 * 60_000);
    const { operations } = world.newPortal();
    world.vendor.onRead = async () => {
      throw new Error('GitHub is down');
    };
    await expect(operations.settle(signal)).resolves.toBe(0);
    world.vendor.onRead = async () => {};
    await expect(operations.settle(signal)).resolves.toBe(1);
  });

  it('settles each only once, however many ask at the same time', async () => {
    await killedWhileSending(true);
    world.later(6 * 60_000);
    const { operations } = world.newPortal();
    await Promise.all([operations.settle(signal), operations.settle(signal)]);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      'approve succeeded approved',
    ]);
  });
});

describe('a shutdown', () => {
  it('stops what was not sent, and begins nothing new', async () => {
    let reached = () => {};
    let closed = () => {};
    const reading = new Promise<void>(resolve => {
      reached = resolve;
    });
    world.evidence.read = async () => {
      reached();
      await new Promise(resolve => {
        // Ends with the work's own signal only, as a read of the vendor does.
        closed = () => resolve(undefined);
      });
      return { checks: [], pushers: [] };
    };
    await click();
    await reading;
    const closing = world.runner.close();
    closed();
    await closing;
    expect(sent()).toEqual([]);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      'approve failed act_failed',
    ]);
    await expect(click()).rejects.toMatchObject({ code: 'shutting_down' });
  });
});

describe('a click', () => {
  it('cannot be used for something else', async () => {
    const used = body();
    await world.decisions.decide(cleo, APPROVAL_ID, used, tokenOf('cleo'));
    await world.runner.idle();
    await expect(
      world.runActs.rerun(
        cleo,
        'github_com.42',
        {
          idempotencyKey: used.idempotencyKey,
          attempt: 1,
          failedOnly: false,
        },
        tokenOf('cleo'),
      ),
    ).rejects.toMatchObject({ code: 'idempotency_key_used' });
  });

  it('unexpected trouble before it is sent says nothing of its cause to the page', async () => {
    world.evidence.read = async () => {
      throw new Error('password=hunter2 at 10.0.0.1');
    };
    const { operationId } = await click();
    await world.runner.idle();
    const row = await world.approvals.operation(operationId);
    expect(row).toMatchObject({
      state: 'failed',
      outcome: {
        code: 'act_failed',
        message: expect.stringContaining(operationId),
      },
    });
    expect(world.approvals.written.join()).not.toContain('10.0.0.1');
    expect(world.logged.join()).toContain(operationId);
    expect(world.logged.join()).not.toContain('hunter2');
  });
});

describe('token canary', () => {
  it('no token is in rows, entries, errors or logs, whatever happens', async () => {
    const errors: string[] = [];
    const all = async (more: Partial<DecisionBody>, token: string) => {
      await world.decisions
        .decide(cleo, APPROVAL_ID, body(more), tokenOf(token))
        .catch(error => errors.push(JSON.stringify(error), String(error)));
      await world.runner.idle();
    };
    await all({ viewHash: 'stale' }, 'cleo');
    await all({}, 'otto');
    await all({}, 'stranger');
    await all({}, 'foreign');
    world.vendor.onRead = async () => {
      // As a careless library would: the request is quoted in the error.
      throw new Error('GET failed, authorization: ghu_cleo_canary');
    };
    await all({}, 'cleo');
    world.vendor.onRead = async () => {};
    world.vendor.onSend = async () => {
      throw new VendorSilence('token: ghu_cleo_canary');
    };
    await all({}, 'cleo');
    await all({}, 'cleo');
    world.later(DAY);
    await world.operations.settle(signal);
    const everything = [
      ...world.approvals.written,
      ...world.audit.entries.map(entry => JSON.stringify(entry)),
      ...world.logged,
      ...world.changed,
      ...errors,
    ].join('\n');
    expect(errors.length).toBeGreaterThan(0);
    expect(world.logged.length).toBeGreaterThan(0);
    expect(everything).toContain('user:default/cleo');
    expect(everything).not.toContain('canary');
  });
});
