import fc from 'fast-check';
import { GitHubError } from '../state';
import { job, last, memoryWorld, workflow } from './testUtils/memoryWorld';

const CD = '.github/workflows/cd.yml';
const SHIP = workflow(job('ship', ['environment: production']));
/** Timers are divided by this; see `memoryWorld`. */
const SPEED = 15;
const MINUTE = 60_000 / SPEED;
const GATE = 500;

const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ wait: fc.nat(20 * MINUTE) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      by: fc.constantFrom('dana', 'ravi', 'cleo'),
      state: fc.constantFrom('approved' as const, 'rejected' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ rerun: 'ravi' }) },
  { weight: 1, arbitrary: fc.constant({ cancel: true }) },
  { weight: 1, arbitrary: fc.constant({ restart: true }) },
);

describe('a gate', () => {
  it('is passed only when its timer is over and somebody has approved who may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          waitTimerMinutes: fc.constantFrom(0, 5, 30),
          preventSelfReview: fc.boolean(),
          acts: fc.array(act, { maxLength: 14 }),
        }),
        async ({ waitTimerMinutes, preventSelfReview, acts }) => {
          const world = await memoryWorld();
          const { clock, state } = world;
          let engine = world.engine;
          const repo = world.addRepo('shop');
          repo.environments.push({
            id: GATE,
            nodeId: 'EN_500',
            name: 'production',
            createdAt: 0,
            waitTimerMinutes,
            preventSelfReview,
            canAdminsBypass: false,
            reviewers: [
              { type: 'User', id: 11 },
              { type: 'User', id: 13 },
            ],
            branchPolicies: null,
          });
          const sha = world.commit(repo, { [CD]: SHIP });
          const [run] = await world.push(repo, sha);
          const approvers = new Map<number, string>();

          for (const one of acts) {
            const attempt = last(run);
            const [gate] = engine.pending(run);
            if ('wait' in one) clock.advance(one.wait);
            else if ('by' in one) {
              const may =
                gate !== undefined &&
                (gate.timerEndsAt ?? 0) <= clock.now() &&
                ['dana', 'cleo'].includes(one.by) &&
                !(preventSelfReview && attempt.triggeringActor === one.by);
              const count = run.reviews.length;
              const decide = () =>
                engine.review(run, {
                  environmentIds: [GATE],
                  state: one.state,
                  comment: '',
                  actor: one.by,
                });
              if (may) {
                decide();
                expect(run.reviews).toHaveLength(count + 1);
                if (one.state === 'approved') {
                  approvers.set(attempt.attempt, one.by);
                } else expect(last(run).conclusion).toBe('failure');
              } else {
                expect(decide).toThrow(
                  expect.objectContaining({
                    status: 422,
                    message:
                      'No pending deployment requests to approve or reject',
                  }),
                );
                expect(run.reviews).toHaveLength(count);
              }
            } else if ('restart' in one) {
              engine.stop();
              engine = world.newEngine();
              await engine.resume();
            } else if ('cancel' in one) {
              try {
                engine.cancel(run, 'dana');
              } catch (error) {
                expect((error as GitHubError).status).toBe(409);
              }
            } else {
              await engine
                .rerun(run, { failedOnly: false, actor: one.rerun })
                .catch((error: GitHubError) => expect(error.status).toBe(403));
            }
          }
          clock.advance(24 * 60 * MINUTE);

          for (const ship of state.jobsOfRun.get(run.id) ?? []) {
            const began = ship.runnerId !== null;
            if (began) {
              expect(approvers.has(ship.attempt)).toBe(true);
              expect(
                (ship.startedAt ?? 0) - ship.createdAt,
              ).toBeGreaterThanOrEqual(waitTimerMinutes * MINUTE);
            }
          }
          const notes = run.reviews.filter(({ user }) =>
            user.endsWith('[bot]'),
          );
          expect(notes.length).toBeLessThanOrEqual(
            waitTimerMinutes > 0 ? run.attempts.length : 0,
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
