import { VendorRefusal, VendorSilence } from 'backstage-plugin-delivery-node';
import type { DecisionBody } from 'backstage-plugin-delivery-common';
import { OTTO } from './__testUtils__/FakeVendor';
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
describe('Decisions, whatever the vendor answers', () => {
  it('finds out by itself when the vendor did it without answering, and sends no second time', async () => {
    world.vendor.onSend = async doIt => {
      doIt();
      throw new VendorSilence('502');
    };
    const row = await decide();
    expect(row).toMatchObject({
      state: 'succeeded',
      outcome: { code: 'approved' },
    });
    expect(row.steps[3].message).toContain('did not answer');
    expect(sent()).toEqual(['decide approved']);
  });

  it('says unknown when nobody knows, and lets nobody send it again', async () => {
    world.vendor.onSend = async () => {
      throw new VendorSilence('502');
    };
    const row = await decide();
    expect(row).toMatchObject({
      state: 'unknown',
      outcome: { code: 'outcome_unknown' },
    });
    expect(world.paused).toEqual([1_000, 2_000, 3_000, 4_000]);
    await expect(
      world.decisions.decide(otto, APPROVAL_ID, body(), tokenOf('otto')),
    ).rejects.toMatchObject({ code: 'decision_unknown' });
    expect(sent()).toEqual(['decide approved']);
  });

  it('says what really happened when the vendor has nothing pending', async () => {
    world.vendor.onSend = async () => {
      world.vendor.run.waiting = false;
      world.vendor.decisions.push({
        user: { id: OTTO.id, login: 'otto' },
        state: 'approved',
        comment: '',
        environmentIds: ['7'],
      });
      throw new VendorRefusal('not_pending', 'Nothing is pending.');
    };
    await expect(decide()).resolves.toMatchObject({
      state: 'refused',
      outcome: { code: 'already_approved', params: { login: 'otto' } },
    });
  });

  it('believes its own reference more than "nothing is pending"', async () => {
    world.vendor.onSend = async doIt => {
      doIt();
      throw new VendorRefusal('not_pending', 'Nothing is pending.');
    };
    await expect(decide()).resolves.toMatchObject({ state: 'succeeded' });
  });

  it('notes when something else may have been let in', async () => {
    world.vendor.onSend = async doIt => {
      doIt();
      world.vendor.run.attempt = 2;
    };
    await decide();
    expect(world.audit.entries[1].content.detail).toMatchObject({
      approved_other: [expect.stringContaining('attempt 2')],
    });
    expect(world.told[0].other).toHaveLength(1);
  });

  it('SSO and other refusals of the vendor come through', async () => {
    world.vendor.onSend = async () => {
      throw new VendorRefusal('sso_required', 'Sign in to your company.', {
        url: 'https://github.com/orgs/acme/sso',
      });
    };
    await expect(decide()).resolves.toMatchObject({
      state: 'failed',
      outcome: {
        code: 'sso_required',
        params: { url: 'https://github.com/orgs/acme/sso' },
      },
    });
  });
});
