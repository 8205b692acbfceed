import { VendorRefusal, VendorSilence } from 'backstage-plugin-delivery-node';
import * as fc from 'fast-check';
import {
  APPROVAL_ID,
  cleo,
  makeActWorld,
  otto,
  tokenOf,
} from './__testUtils__/makeActWorld';

const { signal } = new AbortController();

type Mood =
  | 'does it'
  | 'does it silently'
  | 'does nothing silently'
  | 'refuses';
const event = fc.oneof(
  fc.record({
    kind: fc.constant('clicks' as const),
    who: fc.array(fc.constantFrom('cleo' as const, 'otto' as const), {
      minLength: 1,
      maxLength: 4,
    }),
    mood: fc.constantFrom<Mood>(
      'does it',
      'does it silently',
      'does nothing silently',
      'refuses',
    ),
    auditFails: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('settle' as const) }),
  fc.record({
    kind: fc.constant('later' as const),
    minutes: fc.integer({ min: 1, max: 20 }),
  }),
);

describe('decisions, whatever happens in whatever order', () => {
  it('are done at most once, and every attempt gets its outcome', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 8 }), async events => {
        const world = await makeActWorld();
        const viewHash = world.viewHash();
        for (const [round, item] of events.entries()) {
          if (item.kind === 'later') world.later(item.minutes * 60_000);
          if (item.kind === 'settle') await world.operations.settle(signal);
          if (item.kind !== 'clicks') continue;
          world.audit.before = phase => {
            if (item.auditFails && phase !== 'attempted') {
              throw new Error('disk full');
            }
          };
          world.vendor.onSend = async doIt => {
            if (item.mood === 'refuses') {
              throw new VendorRefusal('not_allowed', 'No.');
            }
            if (item.mood !== 'does nothing silently') doIt();
            if (item.mood !== 'does it') throw new VendorSilence('502');
          };
          await Promise.allSettled(
            item.who.map((who, index) =>
              world.decisions.decide(
                who === 'cleo' ? cleo : otto,
                APPROVAL_ID,
                {
                  decision: 'approve',
                  comment: 'Looks good',
                  viewHash,
                  idempotencyKey: `click-${round}-${index}-0000000000`,
                },
                tokenOf(who),
              ),
            ),
          );
          await world.runner.idle();
          world.audit.before = () => {};
        }
        world.later(2 * 24 * 60 * 60_000);
        await world.operations.settle(signal);

        expect(world.vendor.done.length).toBeLessThanOrEqual(1);
        const rows = world.approvals.all();
        expect(rows.filter(({ state }) => state === 'succeeded')).toHaveLength(
          world.vendor.done.length,
        );
        for (const { state } of rows) {
          expect(['succeeded', 'refused', 'failed']).toContain(state);
        }
        const entries = world.audit.entries.map(({ content }) => content);
        for (const { operationId, phase } of entries) {
          if (phase !== 'attempted') continue;
          const ends = entries.filter(
            other =>
              other.operationId === operationId && other.phase !== 'attempted',
          );
          expect(ends.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
