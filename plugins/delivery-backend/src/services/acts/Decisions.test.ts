import { mockCredentials } from '@backstage/backend-test-utils';
import type { DecisionBody } from 'backstage-plugin-delivery-common';
import { CLEO, OTTO } from './__testUtils__/FakeVendor';
import {
  type ActWorld,
  APPROVAL_ID,
  cleo,
  makeActWorld,
  otto,
  tokenOf,
} from './__testUtils__/makeActWorld';

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

async function decide(more: Partial<DecisionBody> = {}, token = 'cleo') {
  const { operationId } = await world.decisions.decide(
    cleo,
    APPROVAL_ID,
    body(more),
    tokenOf(token),
  );
  await world.runner.idle();
  const row = await world.approvals.operation(operationId);
  if (!row) throw new Error('There is no operation');
  return row;
}

const sent = () => world.vendor.calls.filter(call => /^decide/.test(call));
const stepsOf = (row: Awaited<ReturnType<typeof decide>>) =>
  row.steps.map(({ code, state }) => `${code} ${state}`);

describe('Decisions', () => {
  it('approves in the name of the person, with an entry before and after', async () => {
    const row = await decide();
    expect(row).toMatchObject({
      state: 'succeeded',
      kind: 'approve',
      actorRef: 'user:default/cleo',
      outcome: { code: 'approved', auditSeq: 2, runId: 'github_com.42' },
    });
    expect(stepsOf(row)).toEqual([
      'identity done',
      'fresh_read done',
      'rules done',
      'sent done',
      'confirmed done',
    ]);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      'approve succeeded approved',
    ]);
    expect(world.audit.entries[1].content).toMatchObject({
      actor: 'user:default/cleo',
      identity: { id: CLEO.id, nodeId: 'U_cleo', login: 'cleo' },
      environment: 'live',
      entityRef: 'component:default/api',
      requestId: 'REQ:1',
      comment: 'Looks good',
      operationId: row.id,
      detail: {
        memberOf: ['group:default/team'],
        gate: { reviewers: [{ name: 'cleo' }] },
        initiators: { actor: { login: 'dana' } },
      },
    });
    const [record] = world.vendor.decisions;
    expect(record.comment).toContain(`ref ${row.id}`);
    expect(record.comment).toContain(
      `audit ${world.audit.entries[0].hash.slice(0, 16)}`,
    );
    await expect(world.approvals.approval(APPROVAL_ID)).resolves.toMatchObject({
      state: 'approved',
      decided: { login: 'cleo', userRef: 'user:default/cleo', via: 'portal' },
    });
    expect(world.told).toMatchObject([
      { actor: 'user:default/cleo', decision: 'approve', other: [] },
    ]);
  });

  it('tells pages of every step', async () => {
    await decide();
    expect(world.changed.filter(text => text.startsWith('running '))).toEqual(
      expect.arrayContaining([
        'running identity',
        'running fresh_read',
        'running rules',
        'running sent',
        'running confirmed',
      ]),
    );
    expect(world.changed.at(-1)).toBe('succeeded undefined');
  });

  it.each([
    [
      'another commit',
      'stale_view',
      () => {
        world.vendor.run.headSha = 'd'.repeat(40);
      },
    ],
    [
      'other reviewers',
      'stale_view',
      () => {
        world.vendor.environments.production?.reviewers.pop();
      },
    ],
    [
      'a new attempt',
      'new_attempt',
      () => {
        world.vendor.run.attempt = 2;
        world.vendor.run.triggeringActors.push({ id: '1', login: 'x' });
      },
    ],
    [
      'a cancelled run',
      'cancelled',
      () => {
        world.vendor.run.waiting = false;
        world.vendor.run.conclusion = 'cancelled';
      },
    ],
    [
      'a decision of somebody else',
      'already_approved',
      () => {
        world.vendor.run.waiting = false;
        world.vendor.decisions.push({
          user: { id: OTTO.id, login: 'otto' },
          state: 'approved',
          comment: 'at the vendor',
          environmentIds: ['7'],
        });
      },
    ],
  ])('%s between view and click: %s', async (_what, code, change) => {
    const viewHash = world.viewHash();
    change();
    const row = await decide({ viewHash });
    expect(row).toMatchObject({ state: 'refused', outcome: { code } });
    expect(sent()).toEqual([]);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      `approve refused ${code}`,
    ]);
  });

  it.each([
    [
      'no reviewers that hold it',
      () => {
        const gate = world.vendor.environments.production;
        if (gate) gate.reviewers = [];
      },
    ],
    [
      'self-review not prevented',
      () => {
        const gate = world.vendor.environments.production;
        if (gate) gate.preventSelfReview = false;
      },
    ],
    [
      'not among the reviewers',
      () => {
        const gate = world.vendor.environments.production;
        if (gate) gate.currentUserCanApprove = false;
      },
    ],
    [
      'the own run',
      () => {
        world.vendor.run.actor = { id: CLEO.id, login: 'renamed' };
      },
    ],
    [
      'an own earlier attempt',
      () => {
        world.vendor.run.triggeringActors = [{ id: CLEO.id }];
      },
    ],
    [
      'who started it could not be read',
      () => {
        world.vendor.run.triggeringActors = [undefined];
      },
    ],
  ])('refuses %s, also a rejection', async (_what, change) => {
    change();
    for (const decision of ['approve', 'reject'] as const) {
      await expect(decide({ decision })).resolves.toMatchObject({
        state: 'refused',
      });
    }
    expect(sent()).toEqual([]);
  });

  it('lets a rejection through where order would refuse an approval', async () => {
    world.vendor.acts.readRange = async () => ({
      ...{ status: 'behind', commits: [], total: 0, cut: false },
      ...{ pullRequests: [], files: [], filesCut: false },
    });
    await expect(decide()).resolves.toMatchObject({
      state: 'refused',
      outcome: { code: 'would_downgrade' },
    });
    await expect(decide({ decision: 'reject' })).resolves.toMatchObject({
      state: 'succeeded',
      outcome: { code: 'rejected' },
    });
    expect(sent()).toEqual(['decide rejected']);
  });

  it.each([
    ['of another person', 'otto', 'identity_mismatch', 'refused'],
    ['of nobody in the catalog', 'stranger', 'identity_mismatch', 'refused'],
    ['of another application', 'foreign', 'token_not_ours', 'failed'],
  ])('does nothing with a token %s', async (_what, token, code, state) => {
    const row = await decide({}, token);
    expect(row).toMatchObject({ state, outcome: { code } });
    expect(row.outcome?.message).not.toContain('user:default/otto');
    expect(world.vendor.calls).toEqual(['identify']);
  });

  it('a double click decides once and is one operation', async () => {
    const click = body();
    const [first, second] = await Promise.all(
      [1, 2].map(() =>
        world.decisions.decide(cleo, APPROVAL_ID, click, tokenOf('cleo')),
      ),
    );
    await world.runner.idle();
    expect(second).toEqual(first);
    expect(sent()).toEqual(['decide approved']);
    expect(world.audit.phases()).toEqual([
      'approve attempted',
      'approve succeeded approved',
    ]);
  });

  it('of two approvers in the same moment one is refused and told who was first', async () => {
    const results = await Promise.allSettled([
      world.decisions.decide(cleo, APPROVAL_ID, body(), tokenOf('cleo')),
      world.decisions.decide(otto, APPROVAL_ID, body(), tokenOf('otto')),
    ]);
    await world.runner.idle();
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
    ]);
    expect(results[1]).toMatchObject({
      reason: {
        name: 'ConflictError',
        code: 'act_in_progress',
        message: expect.stringContaining('user:default/cleo'),
      },
    });
    await expect(
      world.decisions.decide(otto, APPROVAL_ID, body(), tokenOf('otto')),
    ).rejects.toMatchObject({ code: 'already_decided' });
    expect(sent()).toEqual(['decide approved']);
    expect(world.audit.phases().sort()).toEqual([
      'approve attempted',
      'approve refused act_in_progress',
      'approve refused already_decided',
      'approve succeeded approved',
    ]);
  });

  it('writes down who was refused before it began', async () => {
    world.allowed.check = () => false;
    await expect(
      world.decisions.decide(cleo, APPROVAL_ID, body(), tokenOf('cleo')),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      code: 'permission_missing',
      params: {
        permission: 'delivery.approval.decide',
        owner: 'group:default/team',
      },
    });
    expect(world.audit.entries.map(({ content }) => content)).toMatchObject([
      {
        actor: 'user:default/cleo',
        action: 'approve',
        phase: 'refused',
        outcome: { code: 'permission_missing' },
        runId: 'github_com.42',
      },
    ]);
    expect(world.vendor.calls).toEqual([]);
  });

  it('gives away no approval of a service that the caller does not see', async () => {
    await expect(
      world.decisions.decide(cleo, 'f'.repeat(24), body(), tokenOf('cleo')),
    ).rejects.toMatchObject({ code: 'approval_not_found' });
    world.catalog.getEntityByRef = async () => undefined;
    await expect(
      world.decisions.decide(
        mockCredentials.user('user:default/cleo'),
        APPROVAL_ID,
        body(),
        tokenOf('cleo'),
      ),
    ).rejects.toMatchObject({ code: 'not_a_person' });
  });
});
