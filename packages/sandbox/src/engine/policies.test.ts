import { job, last, memoryWorld, workflow } from './testUtils/memoryWorld';

const FILE = '.github/workflows/ci.yml';
const using = (uses: string) =>
  workflow(
    `a:\n  runs-on: x\n  steps:\n    - uses: ${uses}\n    - run: npm test`,
  );

describe('what settings let start', () => {
  it.each([
    ['actions/checkout@v7', 'startup_failure'],
    [`actions/checkout@${'a'.repeat(40)}`, 'success'],
    ['./.github/actions/own', 'success'],
  ])('%s with pinning demanded: %s', async (uses, conclusion) => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    repo.actions = { shaPinning: true };
    const [run] = await world.push(
      repo,
      world.commit(repo, { [FILE]: using(uses) }),
    );
    world.clock.runAll();
    expect(last(run).conclusion).toBe(conclusion);
  });

  it.each([
    [true, undefined, 'acme', 'startup_failure'],
    [true, 'organization', 'acme', 'success'],
    [true, 'organization', 'other', 'startup_failure'],
    [false, undefined, 'other', 'success'],
  ] as const)(
    'a call of a repository that is private (%p), shared with %p, from %s: %s',
    async (isPrivate, accessLevel, owner, conclusion) => {
      const world = await memoryWorld();
      const shared = world.addRepo('workflows');
      shared.private = isPrivate;
      shared.actions = { accessLevel };
      const sha = world.commit(shared, {
        [FILE]: workflow(job('a'), 'on: workflow_call'),
      });
      const repo = world.addRepo('shop', owner);
      const caller = workflow(`call:\n  uses: acme/workflows/${FILE}@${sha}`);
      const [run] = await world.push(
        repo,
        world.commit(repo, { [FILE]: caller }),
      );
      world.clock.runAll();
      expect(last(run).conclusion).toBe(conclusion);
    },
  );

  it('stops nothing that has begun when settings change', async () => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    const sha = world.commit(repo, { [FILE]: using('actions/checkout@v7') });
    const [run] = await world.push(repo, sha);
    world.clock.advance(5_000);
    world.engine.stop();
    repo.actions = { shaPinning: true };
    await world.newEngine().resume();
    world.clock.runAll();
    expect(last(run).conclusion).toBe('success');
  });

  it('lets a queue wait where GitHub would replace what is pending', async () => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    const yaml = workflow(job('a', ['concurrency: { group: x, queue: max }']));
    const sha = world.commit(repo, { [FILE]: yaml });
    const runs = [];
    for (let count = 0; count < 4; count += 1) {
      runs.push(...(await world.push(repo, sha)));
    }
    world.clock.runAll();
    expect(runs.map(run => last(run).conclusion)).toEqual(
      runs.map(() => 'success'),
    );
  });
});
