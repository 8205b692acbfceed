import { CD, environment, pushed } from './testUtils/gatedRun';
import {
  job,
  last,
  memoryWorld,
  results,
  story,
  workflow,
} from './testUtils/memoryWorld';

const SHIP = workflow(job('ship', ['environment: production']));

describe('environments', () => {
  it('waits for a reviewer and tells everything in GitHub\u2019s order', async () => {
    const { events, run, clock, engine, review, state } = await pushed(SHIP, [
      environment(),
    ]);
    expect(last(run).status).toBe('waiting');
    expect(engine.pending(run)).toEqual([
      { environment: environment(), since: expect.any(Number) },
    ]);
    const deployments = review('cleo');
    clock.runAll();
    expect(story(events)).toEqual([
      'run requested',
      'job ship queued',
      'deployment',
      'deployment waiting',
      'job ship waiting',
      'review requested',
      'review approved',
      'deployment queued',
      'job ship queued',
      'run in_progress',
      'deployment in_progress',
      'job ship in_progress',
      'job ship completed',
      'deployment success',
      'run completed',
    ]);
    expect(deployments.map(({ environment: name }) => name)).toEqual([
      'production',
    ]);
    expect(run.reviews).toMatchObject([
      { user: 'cleo', state: 'approved', attempt: 1, environmentIds: [500] },
    ]);
    expect(state.jobsOfRun.get(run.id)?.[0]).toMatchObject({
      environment: 'production',
      deploymentId: deployments[0].id,
    });
  });

  it('lets neither the author nor a stranger decide, and nobody twice', async () => {
    const { review } = await pushed(SHIP, [environment()]);
    const refusal = {
      status: 422,
      message: 'No pending deployment requests to approve or reject',
    };
    expect(() => review('dana')).toThrow(expect.objectContaining(refusal));
    expect(() => review('ravi')).toThrow(expect.objectContaining(refusal));
    review('cleo');
    expect(() => review('cleo')).toThrow(expect.objectContaining(refusal));
  });

  it('fails the run when the reviewer rejects', async () => {
    const { review, run, clock, state } = await pushed(SHIP, [environment()]);
    review('cleo', 'rejected');
    clock.runAll();
    expect(last(run).conclusion).toBe('failure');
    const [deployment] = [...state.deployments.values()];
    expect(deployment.statuses.map(status => status.state)).toEqual([
      'waiting',
      'failure',
    ]);
  });

  it('fails the whole run: other gates close, and what is under way is cancelled', async () => {
    const yaml = workflow(
      [
        job('ship', ['environment: production']),
        job('other', ['environment: staging']),
        job('later', ['needs: other']),
        job('tell', ['needs: ship', 'if: failure()']),
      ].join('\n'),
    );
    const { review, run, clock, engine, state } = await pushed(yaml, [
      environment(),
      environment({ id: 501, name: 'staging' }),
    ]);
    expect(engine.pending(run)).toHaveLength(2);
    review('cleo', 'rejected');
    expect(engine.pending(run)).toEqual([]);
    clock.runAll();
    expect(last(run).conclusion).toBe('failure');
    expect(results(state.jobsOfRun.get(run.id))).toEqual({
      ship: 'failure',
      other: 'cancelled',
      later: 'skipped',
      tell: 'success',
    });
  });

  it('fails the run also where the file would forgive the job', async () => {
    const yaml = workflow(
      job('ship', ['environment: production', 'continue-on-error: true']),
    );
    const { review, run, clock } = await pushed(yaml, [environment()]);
    review('cleo', 'rejected');
    clock.runAll();
    expect(last(run).conclusion).toBe('failure');
  });

  it('decides nothing when one of the environments cannot be decided', async () => {
    const yaml = workflow(
      [
        job('ship', ['environment: production']),
        job('other', ['environment: staging']),
      ].join('\n'),
    );
    const { run, engine } = await pushed(yaml, [
      environment(),
      environment({ id: 501, name: 'staging', reviewers: [] }),
    ]);
    const both = { environmentIds: [500, 501], comment: '', actor: 'cleo' };
    expect(() => engine.review(run, { ...both, state: 'approved' })).toThrow(
      expect.objectContaining({ status: 422 }),
    );
    expect(run.reviews).toEqual([]);
  });

  it('waits for its timer first, then for a person, also over a restart', async () => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    repo.environments.push(environment({ waitTimerMinutes: 15 }));
    const sha = world.commit(repo, { [CD]: SHIP });
    const [run] = await world.push(repo, sha);
    while (last(run).status !== 'waiting') {
      world.clock.advanceTo(world.clock.nextAt());
    }
    const [{ since, timerEndsAt }] = world.engine.pending(run);
    expect((timerEndsAt ?? 0) - since).toBe(60_000);
    const decide = (engine = world.engine) =>
      engine.review(run, {
        environmentIds: [500],
        state: 'approved',
        comment: '',
        actor: 'cleo',
      });
    expect(() => decide()).toThrow(expect.objectContaining({ status: 422 }));
    world.engine.stop();
    const second = world.newEngine();
    await second.resume();
    expect(second.pending(run)).toMatchObject([{ since, timerEndsAt }]);
    world.clock.runAll();
    expect(run.reviews).toMatchObject([
      { user: 'github-actions[bot]', comment: '15 minute wait timer' },
    ]);
    second.stop();
    const third = world.newEngine();
    await third.resume();
    world.clock.runAll();
    // the timer is not waited for twice, and its note is nobody's approval
    expect(run.reviews).toHaveLength(1);
    expect(last(run).status).toBe('waiting');
    decide(third);
    world.clock.runAll();
    expect(last(run).conclusion).toBe('success');
  });

  it('lets an administrator past the gate without an approval, also over a restart', async () => {
    const { run, engine, clock, newEngine, events } = await pushed(SHIP, [
      environment({ canAdminsBypass: true }),
    ]);
    engine.bypass(run, [500]);
    engine.stop();
    const second = newEngine();
    await second.resume();
    clock.runAll();
    expect(last(run).conclusion).toBe('success');
    expect(run.reviews).toEqual([]);
    expect(story(events)).not.toContain('review approved');
    expect(() => second.bypass(run, [500])).toThrow(/No pending/);
  });

  it('keeps administrators behind a gate that does not let them bypass', async () => {
    const { run, engine } = await pushed(SHIP, [environment()]);
    expect(() => engine.bypass(run, [500])).toThrow(
      expect.objectContaining({ status: 422 }),
    );
    expect(last(run).status).toBe('waiting');
  });

  it('refuses a branch the environment does not allow', async () => {
    const { run, state } = await pushed(SHIP, [
      environment({ branchPolicies: [{ id: 1, name: 'stable/*' }] }),
    ]);
    expect(last(run).conclusion).toBe('failure');
    expect(state.jobsOfRun.get(run.id)?.[0].runnerId).toBeNull();
  });

  it('waits for its timer without a person', async () => {
    const { run, clock, state } = await pushed(SHIP, [
      environment({ reviewers: [], waitTimerMinutes: 15 }),
    ]);
    expect(last(run).conclusion).toBe('success');
    const [ship] = state.jobsOfRun.get(run.id) ?? [];
    expect((ship.startedAt ?? 0) - ship.createdAt).toBeGreaterThan(60_000);
    expect(clock.nextAt()).toBe(Infinity);
  });

  it('makes the deployment before inactive', async () => {
    const yaml = workflow(job('ship', ['environment: { name: staging }']));
    const { state, repo, push, sha, clock } = await pushed(yaml, []);
    await push(repo, sha);
    clock.runAll();
    const finals = [...state.deployments.values()].map(
      ({ statuses }) => statuses.at(-1)?.state,
    );
    expect(finals).toEqual(['inactive', 'success']);
    expect(repo.environments.map(({ name }) => name)).toEqual(['staging']);
  });

  it('makes no deployment where the file says so', async () => {
    const yaml = workflow(
      job('ship', ['environment: { name: staging, deployment: false }']),
    );
    const { state, run } = await pushed(yaml, []);
    expect(state.deployments.size).toBe(0);
    expect(last(run).conclusion).toBe('success');
  });

  it('cancels a waiting job with its run', async () => {
    const { engine, run, clock, state } = await pushed(SHIP, [environment()]);
    engine.cancel(run, 'dana');
    expect(last(run).status).toBe('waiting');
    clock.runAll();
    expect(last(run).conclusion).toBe('cancelled');
    expect(results(state.jobsOfRun.get(run.id))).toEqual({ ship: 'cancelled' });
    expect(() => engine.cancel(run, 'dana')).toThrow(
      expect.objectContaining({ status: 409 }),
    );
  });
});
