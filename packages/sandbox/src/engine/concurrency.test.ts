import { CD, environment, pushed } from './testUtils/gatedRun';
import { job, last, memoryWorld, workflow } from './testUtils/memoryWorld';

describe('concurrency', () => {
  it('keeps one job inside and one pending; the newest takes the place', async () => {
    const yaml = workflow(
      job('ship', ['environment: production', 'concurrency: ship']),
    );
    const { run, repo, push, sha, clock, review, state } = await pushed(yaml, [
      environment(),
    ]);
    const [second] = await push(repo, sha);
    clock.runAll();
    expect(last(second).status).toBe('pending');
    expect(state.jobsOfRun.get(second.id)?.[0].status).toBe('pending');
    const [third] = await push(repo, sha);
    clock.runAll();
    expect(last(second).conclusion).toBe('cancelled');
    review('cleo');
    clock.runAll();
    expect(last(run).conclusion).toBe('success');
    expect(last(third).status).toBe('waiting');
  });

  it('cancels the run inside where the file says so', async () => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    const head =
      'on: push\nconcurrency: { group: "x-${{ github.ref }}", cancel-in-progress: true }';
    const sha = world.commit(repo, { [CD]: workflow(job('a'), head) });
    const [first] = await world.push(repo, sha);
    world.clock.advance(4_000);
    expect(last(first).status).toBe('in_progress');
    const [second] = await world.push(repo, sha);
    world.clock.runAll();
    expect(last(first).conclusion).toBe('cancelled');
    expect(last(second).conclusion).toBe('success');
  });

  it('keeps a run without jobs pending behind another', async () => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    const head = 'on: push\nconcurrency: all';
    const sha = world.commit(repo, { [CD]: workflow(job('a'), head) });
    await world.push(repo, sha);
    const [second] = await world.push(repo, sha);
    expect(last(second).status).toBe('pending');
    expect(world.state.jobsOfRun.get(second.id)).toEqual([]);
    world.clock.runAll();
    expect(last(second).conclusion).toBe('success');
  });
});
