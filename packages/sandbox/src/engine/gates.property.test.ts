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
          const approved = new Set<number>();
          const wrong: string[] = [];
          const statusOf = (error: unknown) =>
            error instanceof GitHubError ? error.status : 500;
          const decide = (by: string, decision: 'approved' | 'rejected') => {
            const { attempt, triggeringActor } = last(run);
            const [gate] = engine.pending(run);
            const may =
              gate !== undefined &&
              (gate.timerEndsAt ?? 0) <= clock.now() &&
              ['dana', 'cleo'].includes(by) &&
              !(preventSelfReview && triggeringActor === by);
            const count = run.reviews.length;
            let answer = 200;
            try {
              engine.review(run, {
                environmentIds: [GATE],
                state: decision,
                comment: '',
                actor: by,
              });
              if (decision === 'approved') approved.add(attempt);
            } catch (error) {
              answer = statusOf(error);
            }
            const noted = run.reviews.length - count;
            if (answer !== (may ? 200 : 422) || noted !== (may ? 1 : 0)) {
              wrong.push(`${by} ${decision}: ${answer}, ${noted} noted`);
            }
            if (may && decision === 'rejected') {
              if (last(run).conclusion !== 'failure') wrong.push('goes on');
            }
          };
          const expected =
            (what: string, known: number) => (error: unknown) => {
              if (statusOf(error) !== known) wrong.push(`${what}: ${error}`);
            };

          for (const one of acts) {
            if ('wait' in one) clock.advance(one.wait);
            else if ('by' in one) decide(one.by, one.state);
            else if ('restart' in one) {
              engine.stop();
              engine = world.newEngine();
              await engine.resume();
            } else if ('cancel' in one) {
              try {
                engine.cancel(run, 'dana');
              } catch (error) {
                expected('cancel', 409)(error);
              }
            } else {
              await engine
                .rerun(run, { failedOnly: false, actor: one.rerun })
                .catch(expected('rerun', 403));
            }
          }
          clock.advance(24 * 60 * MINUTE);

          const began = (state.jobsOfRun.get(run.id) ?? []).filter(
            ({ runnerId }) => runnerId !== null,
          );
          const tooEarly = began.filter(
            ({ attempt, startedAt, createdAt }) =>
              !approved.has(attempt) ||
              (startedAt ?? 0) - createdAt < waitTimerMinutes * MINUTE,
          );
          const notes = run.reviews.filter(({ user }) =>
            user.endsWith('[bot]'),
          );
          expect(wrong).toEqual([]);
          expect(tooEarly).toEqual([]);
          expect(notes.length).toBeLessThanOrEqual(
            waitTimerMinutes > 0 ? run.attempts.length : 0,
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
