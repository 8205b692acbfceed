import {
  job,
  last,
  memoryWorld,
  results,
  START,
  story,
  workflow,
} from './testUtils/memoryWorld';

const CI = '.github/workflows/ci.yml';

async function played(yaml: string, more: Record<string, string> = {}) {
  const world = await memoryWorld();
  const repo = world.addRepo('shop');
  const sha = world.commit(repo, { [CI]: yaml, ...more });
  const [run] = await world.push(repo, sha);
  const jobs = () => world.state.jobsOfRun.get(run.id) ?? [];
  return { ...world, repo, sha, run, jobs };
}

describe('Engine', () => {
  it('plays a push through to the end, jobs in the order of their needs', async () => {
    const { events, run, clock, jobs } = await played(
      workflow([job('test'), job('ship', ['needs: test'])].join('\n')),
    );
    expect(last(run)).toMatchObject({ status: 'queued', conclusion: null });
    expect(run.displayTitle).toBe('Change something');
    clock.runAll();
    expect(story(events)).toEqual([
      'run requested',
      'job test queued',
      'run in_progress',
      'job test in_progress',
      'job test completed',
      'job ship queued',
      'job ship in_progress',
      'job ship completed',
      'run completed',
    ]);
    expect(last(run)).toMatchObject({
      status: 'completed',
      conclusion: 'success',
    });
    const [test, ship] = jobs();
    expect(ship.createdAt).toBeGreaterThanOrEqual(test.completedAt ?? Infinity);
    expect(test.steps.map(({ name }) => name)).toEqual([
      'Set up job',
      'Run npm test',
      'Complete job',
    ]);
  });

  it('numbers runs per workflow and starts nothing for other paths or [skip ci]', async () => {
    const world = await played(
      workflow(job('a'), 'on: { push: { paths: ["src/**"] } }'),
      { 'src/a.ts': '' },
    );
    const { repo, push, commit } = world;
    const [second] = await push(repo, commit(repo, { 'src/a.ts': '2' }));
    expect(second.runNumber).toBe(2);
    expect(await push(repo, commit(repo, { 'docs/a.md': '' }))).toEqual([]);
  });

  it('passes outputs, inputs and names through reusable workflows and a matrix', async () => {
    const called = workflow(
      [
        'build:',
        '  name: Image',
        '  runs-on: x',
        '  outputs: { image: "${{ steps.o.outputs.image }}" }',
        '  steps:',
        '    - id: o',
        '      run: echo "image=${{ inputs.repository }}:1" >> "$GITHUB_OUTPUT"',
      ].join('\n'),
      'on:\n  workflow_call:\n    inputs: { repository: { type: string, required: true } }\n    outputs: { image: { value: "${{ jobs.build.outputs.image }}" } }',
    );
    const caller = workflow(
      [
        'call:',
        '  name: Build',
        '  strategy: { matrix: { service: [api, web] } }',
        '  uses: ./.github/workflows/build.yml',
        '  with: { repository: "r-${{ matrix.service }}" }',
        'use:',
        '  needs: call',
        '  name: Use ${{ needs.call.outputs.image }}',
        '  runs-on: x',
        '  steps: [{ run: "true" }]',
        'never:',
        '  needs: call',
        "  if: github.event_name == 'schedule'",
        '  uses: ./.github/workflows/build.yml',
        '  with: { repository: r }',
      ].join('\n'),
    );
    const { clock, run, sha, jobs } = await played(caller, {
      '.github/workflows/build.yml': called,
    });
    clock.runAll();
    // The outputs of the combination that ends last win.
    const [service] = jobs()
      .filter(({ key }) => key === 'call/build')
      .sort((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0))
      .map(({ name }) => (name.includes('api') ? 'api' : 'web'));
    expect(results(jobs())).toEqual({
      'Build (api) / Image': 'success',
      'Build (web) / Image': 'success',
      [`Use r-${service}:1`]: 'success',
      never: 'skipped',
    });
    expect(jobs().map(({ key }) => key)).toContain('call/build');
    expect(run.referencedWorkflows).toEqual([
      { path: 'acme/shop/.github/workflows/build.yml@main', sha, ref: 'main' },
    ]);
  });

  it.each([
    ['broken YAML', workflow('a: ['), {}],
    [
      'a called workflow that is not there',
      workflow('a:\n  uses: ./b.yml'),
      {},
    ],
    [
      'a missing input',
      workflow('a:\n  uses: ./.github/workflows/b.yml'),
      {
        '.github/workflows/b.yml': workflow(
          job('b'),
          'on: { workflow_call: { inputs: { x: { required: true, type: string } } } }',
        ),
      },
    ],
  ])('ends %s as startup_failure without jobs', async (_what, yaml, files) => {
    const { run, jobs, events } = await played(yaml, files);
    expect(last(run)).toMatchObject({
      status: 'completed',
      conclusion: 'startup_failure',
    });
    expect(jobs()).toEqual([]);
    expect(story(events)).toEqual(['run requested', 'run completed']);
  });

  it('skips what needs a failed job, unless it asks for it, and fails the run', async () => {
    const { engine, repo, push, sha, clock, state } = await played(
      workflow(
        [
          job('test'),
          job('next', ['needs: test']),
          job('tell', ['needs: next', 'if: always()']),
          job('mend', ['needs: test', 'if: failure()']),
        ].join('\n'),
      ),
    );
    clock.runAll();
    engine.failNext(repo, { job: 'test', count: 1 });
    const [run] = await push(repo, sha);
    clock.runAll();
    expect(results(state.jobsOfRun.get(run.id))).toEqual({
      test: 'failure',
      next: 'skipped',
      tell: 'success',
      mend: 'success',
    });
    expect(last(run).conclusion).toBe('failure');
    const log = engine.log(state.jobsOfRun.get(run.id)?.[0] as never);
    expect(log).toContain('##[error]Process completed with exit code 1.');
    const [healthy] = await push(repo, sha);
    clock.runAll();
    expect(last(healthy).conclusion).toBe('success');
  });

  it('cancels the other combinations when one fails, or runs them all', async () => {
    const matrix = (failFast: boolean) =>
      workflow(
        job('t', [
          `strategy: { fail-fast: ${failFast}, max-parallel: 2, matrix: { n: [1, 2, 3, 4] } }`,
        ]),
      );
    const conclusions = async (failFast: boolean) => {
      const { engine, repo, push, sha, clock, state } = await played(
        matrix(failFast),
      );
      clock.runAll();
      engine.failNext(repo, { job: 't (1)' });
      const [run] = await push(repo, sha);
      clock.runAll();
      return results(state.jobsOfRun.get(run.id));
    };
    expect(await conclusions(true)).toMatchObject({
      't (1)': 'failure',
      't (3)': 'cancelled',
      't (4)': 'cancelled',
    });
    expect(await conclusions(false)).toEqual({
      't (1)': 'failure',
      't (2)': 'success',
      't (3)': 'success',
      't (4)': 'success',
    });
  });

  it('ends a job that hangs as timed_out, and runs its always() step', async () => {
    const { engine, repo, push, sha, clock, state } = await played(
      workflow(
        `${job('slow', [
          'timeout-minutes: 5',
        ])}\n    - name: Tidy\n      if: always()\n      run: rm -r x`,
      ),
    );
    clock.runAll();
    engine.failNext(repo, { job: 'slow', kind: 'hang' });
    const [run] = await push(repo, sha);
    const begin = clock.now();
    clock.runAll();
    const [slow] = state.jobsOfRun.get(run.id) ?? [];
    expect(last(run).conclusion).toBe('timed_out');
    expect(slow.conclusion).toBe('timed_out');
    expect(slow.steps[1].conclusion).toBe('cancelled');
    expect(slow.steps[2]).toMatchObject({
      name: 'Tidy',
      conclusion: 'success',
    });
    expect(clock.now() - begin).toBeGreaterThan((5 * 60_000) / 15);
  });

  it('grows the log of a running job, with a masked secret and colours in it', async () => {
    const { engine, clock, jobs } = await played(workflow(job('test')));
    clock.advance(3_000);
    const early = engine.log(jobs()[0]);
    clock.runAll();
    const whole = engine.log(jobs()[0]);
    expect(whole.length).toBeGreaterThan(early.length);
    expect(whole).toMatch(
      /^2026-01-05T09:00:0\d\.\d{7}Z Current runner version/,
    );
    expect(whole).toContain('##[group]Run npm test');
    expect(whole).toContain('***');
    expect(whole).toContain('\u001b[');
    expect(engine.log(jobs()[0])).toBe(whole);
  });

  it('starts the workflows of a pull request from its own head', async () => {
    const { state, repo, engine, commit, clock } = await played(
      workflow(job('a')),
    );
    const onPull = workflow(
      job('check', ["if: github.head_ref == 'topic'"]),
      'run-name: Check ${{ github.event.pull_request.number }}\non: pull_request',
    );
    const pull = {
      id: 7,
      nodeId: 'PR_7',
      repoId: repo.id,
      number: 3,
      title: 'Add a',
      author: 'dana',
      headBranch: 'topic',
      headSha: commit(repo, { '.github/workflows/pr.yml': onPull }, 'topic'),
      baseBranch: 'main',
      state: 'open' as const,
      mergedAt: null,
      mergeSha: null,
      mergedBy: null,
      createdAt: START,
      updatedAt: START,
    };
    state.pulls.set(pull.id, pull);
    const runs = await engine.pullRequest(repo, pull, 'opened', 'dana');
    clock.runAll();
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      event: 'pull_request',
      pullRequest: 3,
      headBranch: 'topic',
      displayTitle: 'Check 3',
    });
    expect(results(state.jobsOfRun.get(runs[0].id))).toEqual({
      check: 'success',
    });
  });

  it('refuses a dispatch as GitHub does', async () => {
    const head =
      'on:\n  push:\n  schedule: [{ cron: "0 4 * * *" }]\n  workflow_dispatch: { inputs: { reason: { required: true, options: [x, y] } } }';
    const { engine, repo, state, clock } = await played(
      workflow(job('a', ['name: a ${{ inputs.reason }}']), head),
    );
    clock.runAll();
    const [record] = [...state.workflows.values()];
    const dispatch = (inputs: Record<string, string>, ref = 'main') =>
      engine.dispatch(repo, record, { ref, inputs, actor: 'dana' });
    await expect(dispatch({})).rejects.toMatchObject({
      status: 422,
      message: "Required input 'reason' not provided",
    });
    await expect(dispatch({ reason: 'z' })).rejects.toThrow(/allowed values/);
    await expect(dispatch({ other: 'z' })).rejects.toThrow(/Unexpected inputs/);
    await expect(dispatch({ reason: 'x' }, 'gone')).rejects.toThrow(
      'No ref found for: gone',
    );
    const run = await dispatch({ reason: 'x' });
    clock.runAll();
    expect(results(state.jobsOfRun.get(run.id))).toEqual({ 'a x': 'success' });
    const scheduled = await engine.schedule(repo, record);
    expect(scheduled).toMatchObject({
      event: 'schedule',
      actor: 'github-actions[bot]',
      runNumber: 3,
    });
  });
});
