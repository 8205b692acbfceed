import {
  job,
  last,
  memoryWorld,
  results,
  workflow,
} from './testUtils/memoryWorld';

const CI = '.github/workflows/ci.yml';
const CHAIN = workflow(
  [
    job('a', ['outputs: { v: "${{ github.run_attempt }}" }']),
    job('b', ['needs: a']),
    job('c', ['needs: b', 'name: c after ${{ needs.b.result }}']),
    job('d'),
  ].join('\n'),
);

async function failed() {
  const world = await memoryWorld();
  const repo = world.addRepo('shop');
  const sha = world.commit(repo, { [CI]: CHAIN });
  world.engine.failNext(repo, { job: 'b' });
  const [run] = await world.push(repo, sha);
  world.clock.runAll();
  const jobs = () => world.state.jobsOfRun.get(run.id) ?? [];
  return { ...world, repo, sha, run, jobs };
}

describe('re-runs', () => {
  it('runs failed jobs and what depends on them again; the others stay with the older attempt', async () => {
    const { engine, run, clock, jobs } = await failed();
    expect(last(run)).toMatchObject({ attempt: 1, conclusion: 'failure' });
    clock.advance(60_000);
    await engine.rerun(run, { failedOnly: true, actor: 'ravi' });
    clock.runAll();
    expect(run.attempts).toHaveLength(2);
    expect(last(run)).toMatchObject({
      attempt: 2,
      triggeringActor: 'ravi',
      conclusion: 'success',
    });
    expect(last(run).startedAt).toBeGreaterThan(run.attempts[0].startedAt);
    expect(jobs().map(({ name, attempt }) => `${name} ${attempt}`)).toEqual([
      'a 1',
      'd 1',
      'b 1',
      'c after ${{ needs.b.result }} 1',
      'b 2',
      'c after success 2',
    ]);
  });

  it('runs everything again', async () => {
    const { engine, run, clock, jobs } = await failed();
    await engine.rerun(run, { failedOnly: false, actor: 'dana' });
    clock.runAll();
    const second = jobs().filter(({ attempt }) => attempt === 2);
    expect(results(second)).toEqual({
      a: 'success',
      b: 'success',
      'c after success': 'success',
      d: 'success',
    });
  });

  it('runs one job and its dependents again', async () => {
    const { engine, run, clock, jobs } = await failed();
    const [, d] = jobs();
    await engine.rerun(run, { failedOnly: false, actor: 'dana', jobId: d.id });
    clock.runAll();
    const second = jobs().filter(({ attempt }) => attempt === 2);
    expect(second.map(({ name }) => name)).toEqual(['d']);
    expect(last(run).conclusion).toBe('failure');
  });

  it('refuses a run under way, a broken file and an old run', async () => {
    const { engine, run, repo, sha, push, commit, clock } = await failed();
    const again = { failedOnly: false, actor: 'dana' };
    const [open] = await push(repo, sha);
    await expect(engine.rerun(open, again)).rejects.toMatchObject({
      status: 403,
      message: 'This workflow is already running',
    });
    const [broken] = await push(repo, commit(repo, { [CI]: 'on: push' }));
    await expect(engine.rerun(broken, again)).rejects.toThrow(
      /cannot be retried/,
    );
    clock.advance(31 * 86_400_000);
    await expect(engine.rerun(run, again)).rejects.toThrow(/over a month ago/);
  });
});

describe('cancel', () => {
  it('ends the step under way, still runs always() steps, and starts nothing new', async () => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    const sha = world.commit(repo, {
      [CI]: workflow(
        `${job(
          'a',
        )}\n    - name: Tidy\n      if: always()\n      run: rm -r x\n${job(
          'b',
          ['needs: a'],
        )}`,
      ),
    });
    const [run] = await world.push(repo, sha);
    world.clock.advance(4_000);
    world.engine.cancel(run, 'dana');
    world.clock.runAll();
    const [a, b] = world.state.jobsOfRun.get(run.id) ?? [];
    expect(last(run).conclusion).toBe('cancelled');
    expect(a.steps.map(({ conclusion }) => conclusion)).toEqual([
      'success',
      'cancelled',
      'success',
      'success',
    ]);
    expect([a.conclusion, b.conclusion]).toEqual(['cancelled', 'skipped']);
  });
});

describe('resume', () => {
  const YAML = workflow(
    [
      job('test'),
      job('ship', ['needs: test', 'environment: production']),
      job('tell', ['needs: ship']),
    ].join('\n'),
  );

  async function interrupted(at: number) {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    repo.environments.push({
      id: 500,
      nodeId: 'EN_500',
      name: 'production',
      createdAt: 0,
      waitTimerMinutes: 0,
      preventSelfReview: false,
      canAdminsBypass: false,
      reviewers: [{ type: 'User', id: 13 }],
      branchPolicies: null,
    });
    const sha = world.commit(repo, { [CI]: YAML });
    const [run] = await world.push(repo, sha);
    world.clock.advance(at);
    world.engine.stop();
    const engine = world.newEngine();
    await engine.resume();
    return { ...world, engine, run };
  }

  it.each([0, 1_500, 5_000, 30_000])(
    'goes on after a stop at %i ms as if nothing had happened',
    async at => {
      const { engine, run, clock, state } = await interrupted(at);
      clock.runAll();
      expect(last(run).status).toBe('waiting');
      engine.review(run, {
        environmentIds: [500],
        state: 'approved',
        comment: '',
        actor: 'cleo',
      });
      clock.runAll();
      const jobs = state.jobsOfRun.get(run.id) ?? [];
      expect(jobs.map(({ name }) => name)).toEqual(['test', 'ship', 'tell']);
      expect(last(run).conclusion).toBe('success');
      const [deployment] = [...state.deployments.values()];
      expect(deployment.statuses.map(status => status.state)).toEqual([
        'waiting',
        'queued',
        'in_progress',
        'success',
      ]);
    },
  );

  it('remembers over a restart what was made to fail', async () => {
    const { clock, engine, newEngine, addRepo, commit, state } =
      await memoryWorld();
    const repo = addRepo('shop');
    engine.failNext(repo, { job: 'b' });
    engine.stop();
    const second = newEngine();
    const sha = commit(repo, { [CI]: CHAIN });
    const before = 'b'.repeat(40);
    const pushed = { branch: 'main', before, after: sha, actor: 'dana' };
    const [run] = await second.push(repo, pushed);
    clock.advance(4_000);
    second.stop();
    await newEngine().resume();
    clock.runAll();
    expect(results(state.jobsOfRun.get(run.id))).toMatchObject({
      a: 'success',
      b: 'failure',
    });
    const healthy = await newEngine().push(repo, pushed);
    clock.runAll();
    expect(last(healthy[0]).conclusion).toBe('success');
  });

  it('gives a job the same end whether or not it was interrupted', async () => {
    const [one, other] = [await interrupted(0), await interrupted(5_000)];
    [one, other].forEach(({ clock }) => clock.runAll());
    const end = (world: typeof one) =>
      world.state.jobsOfRun.get(world.run.id)?.[0].completedAt;
    expect(end(one)).toBe(end(other));
    expect(end(one)).toEqual(expect.any(Number));
  });
});
