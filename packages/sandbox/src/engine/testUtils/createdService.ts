import type { RunRecord } from '../../state';
import { pipeline, PLATFORM_FILES } from './platformFiles';
import { provenWorld } from './provenWorld';

const PIPELINE = '.github/workflows/pipeline.yml';

/** A service that was created: onboarded, with its pipeline on main, deployed once. */
export async function createdService(
  strategy: 'ROLLING' | 'BLUE_GREEN' = 'ROLLING',
) {
  const world = await provenWorld(PLATFORM_FILES);
  const repo = world.createRepo('shop', strategy);
  const inputs = world.inputsOf(repo, 'node-ecs-service');
  const environments = JSON.parse(inputs.environments) as object[];
  await world.onboard({
    ...inputs,
    environments: JSON.stringify(
      environments.map(item => ({ ...item, strategy })),
    ),
  });
  let version = 0;
  const push = async (): Promise<RunRecord> => {
    version += 1;
    const sha = world.commit(repo, {
      [PIPELINE]: pipeline('shop', world.sha),
      'src/version': String(version),
    });
    const [run] = await world.push(repo, sha);
    return run;
  };
  const first = await push();
  world.clock.runAll();
  world.approve(first);
  const log = (run: RunRecord, key: string) =>
    world.engine.log(world.job(run, key));
  return { ...world, pushCommit: world.push, repo, first, push, log };
}
