import type { EnvironmentRecord } from '../../state';
import { memoryWorld } from './memoryWorld';

export const CD = '.github/workflows/cd.yml';

/** A production that cleo and dana review, and nobody their own change. */
export const environment = (
  rest: Partial<EnvironmentRecord> = {},
): EnvironmentRecord => ({
  id: 500,
  nodeId: 'EN_500',
  name: 'production',
  createdAt: 0,
  waitTimerMinutes: 0,
  preventSelfReview: true,
  canAdminsBypass: false,
  reviewers: [
    { type: 'User', id: 11 },
    { type: 'User', id: 13 },
  ],
  branchPolicies: null,
  ...rest,
});

/** A run of a push by dana that has come as far as it does without anybody. */
export async function pushed(yaml: string, environments: EnvironmentRecord[]) {
  const world = await memoryWorld();
  const repo = world.addRepo('shop');
  repo.environments.push(...environments);
  const sha = world.commit(repo, { [CD]: yaml });
  const [run] = await world.push(repo, sha);
  world.clock.runAll();
  const review = (actor: string, state: 'approved' | 'rejected' = 'approved') =>
    world.engine.review(run, {
      environmentIds: [500],
      state,
      comment: 'ok',
      actor,
    });
  return { ...world, repo, sha, run, review };
}
