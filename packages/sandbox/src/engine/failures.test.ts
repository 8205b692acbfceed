import { withoutFailures, type Profile } from './profile';
import {
  calmProfile,
  job,
  last,
  memoryWorld,
  workflow,
} from './testUtils/memoryWorld';

const CI = '.github/workflows/ci.yml';

const fragile: Profile = { ...calmProfile, failureChance: () => 1 };

async function pushing(profile: Profile) {
  const world = await memoryWorld({ profile });
  const repo = world.addRepo('shop');
  const push = async () => {
    const sha = world.commit(repo, { [CI]: workflow(job('a')) });
    const [run] = await world.push(repo, sha);
    world.clock.runAll();
    return last(run).conclusion;
  };
  return { ...world, repo, push };
}

describe('failures', () => {
  it('come from the profile', async () => {
    const { push } = await pushing(fragile);
    expect(await push()).toBe('failure');
  });

  it('come only when told to, if the profile is not to decide', async () => {
    const { engine, repo, push } = await pushing(withoutFailures(fragile));
    expect(await push()).toBe('success');
    engine.failNext(repo, {});
    expect(await push()).toBe('failure');
    expect(await push()).toBe('success');
  });
});
