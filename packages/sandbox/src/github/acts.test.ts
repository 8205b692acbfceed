import {
  actingSandbox,
  ActingSandbox,
  APP,
  HOUR,
  NOTHING,
  SPEED,
} from './__testUtils__/actingSandbox';

describe('approving and acting, asked by the real Octokit', () => {
  let at: ActingSandbox;

  beforeEach(async () => {
    at = await actingSandbox();
  });
  afterEach(() => at?.sandbox.stop());

  it('refuses with one text whoever may not decide, and what does not wait', async () => {
    const { gate, problem, waiting, review } = at;
    const run = await waiting();
    expect(await problem(review(run, 'dana'))).toEqual(NOTHING);
    expect(await problem(review(run, 'aude'))).toEqual(NOTHING);
    expect(
      await problem(review(run, 'cleo', 'approved', [gate.id, 9])),
    ).toEqual(NOTHING);
    expect(run.reviews).toEqual([]);
    await review(run);
    expect(await problem(review(run))).toEqual(NOTHING);
    expect(await problem(review(run, 'ravi', 'rejected'))).toEqual(NOTHING);
  });

  it('lists a run under a wait timer, and lets nobody decide until it is over', async () => {
    const {
      clock,
      gate,
      problem,
      control,
      dispatched,
      last,
      pending,
      review,
      approvals,
    } = at;
    await control('/environment', {
      target: 'app',
      name: 'production',
      'wait-minutes': 30,
    });
    const run = await dispatched();
    while (last(run).status !== 'waiting') clock.advanceTo(clock.nextAt());
    const closedAt = clock.now();
    const [held] = await pending(run);
    expect(held).toMatchObject({
      environment: { id: gate.id },
      wait_timer: 30,
      current_user_can_approve: true,
    });
    // durations are divided by the speed: the end that follows from the answer is the true one
    const end = closedAt + (30 * 60_000) / SPEED;
    expect(Date.parse(held.wait_timer_started_at ?? '') + 30 * 60_000).toBe(
      end - (end % 1000),
    );
    expect(await problem(review(run))).toEqual(NOTHING);
    clock.advance((30 * 60_000) / SPEED - 1);
    expect(await problem(review(run))).toEqual(NOTHING);
    expect(await approvals(run)).toEqual([]);
    clock.advance(1);
    expect(last(run).status).toBe('waiting');
    expect(await pending(run)).toHaveLength(1);
    await review(run);
    expect(
      (await approvals(run)).map(({ user, comment, state }) => [
        user?.login,
        comment,
        state,
      ]),
    ).toEqual([
      ['github-actions[bot]', '30 minute wait timer', 'approved'],
      ['cleo', 'Go', 'approved'],
    ]);
    expect((await approvals(run))[0].user).toMatchObject({ type: 'Bot' });
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('success');
  });

  it('goes on by itself when only the timer holds it', async () => {
    const { control, waiting, last, approvals } = at;
    await control('/environment', {
      target: 'app',
      name: 'production',
      'no-reviewers': true,
      'wait-minutes': 5,
    });
    const run = await waiting();
    expect(last(run).conclusion).toBe('success');
    expect((await approvals(run)).map(({ comment }) => comment)).toEqual([
      '5 minute wait timer',
    ]);
  });

  it('wants a new approval for a new attempt, and lists those of all attempts without time or attempt', async () => {
    const { clock, as, problem, waiting, last, pending, review, approvals } =
      at;
    const run = await waiting();
    await review(run, 'cleo', 'rejected');
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('failure');
    await as('ravi').actions.reRunWorkflow({ ...APP, run_id: run.id });
    clock.advance(HOUR);
    expect(last(run)).toMatchObject({
      attempt: 2,
      status: 'waiting',
      triggeringActor: 'ravi',
    });
    // who runs it again triggers it; dana, who did first, is barred no more
    expect(await problem(review(run, 'ravi'))).toEqual(NOTHING);
    expect((await pending(run, 'dana'))[0].current_user_can_approve).toBe(true);
    await review(run, 'cleo');
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('success');
    await as('ravi').actions.reRunWorkflow({ ...APP, run_id: run.id });
    clock.advance(HOUR);
    expect(last(run)).toMatchObject({ attempt: 3, status: 'waiting' });
    const listed = await approvals(run);
    expect(listed.map(({ state }) => state)).toEqual(['rejected', 'approved']);
    expect(Object.keys(listed[0]).sort()).toEqual([
      'comment',
      'environments',
      'state',
      'user',
    ]);
  });

  it('closes the gate of a run that is cancelled', async () => {
    const { clock, as, problem, waiting, last, pending, review } = at;
    const run = await waiting();
    const cancel = () =>
      as('dana').actions.cancelWorkflowRun({ ...APP, run_id: run.id });
    expect((await cancel()).status).toBe(202);
    expect(last(run).status).toBe('waiting');
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('cancelled');
    expect(await pending(run)).toEqual([]);
    expect(await problem(review(run))).toEqual(NOTHING);
    expect(await problem(cancel())).toMatchObject({ status: 409 });
  });

  it('refuses to run again what runs, what is old, and whoever may only read', async () => {
    const { clock, as, problem, waiting, review } = at;
    const run = await waiting();
    const again = (by: string) =>
      problem(as(by).actions.reRunWorkflow({ ...APP, run_id: run.id }));
    expect(await again('dana')).toEqual({
      status: 403,
      message: 'This workflow is already running',
    });
    expect(await again('aude')).toMatchObject({ status: 403 });
    await review(run);
    clock.advance(31 * 24 * HOUR);
    expect(await again('dana')).toEqual({
      status: 403,
      message:
        'Unable to retry this workflow run because it was created over a month ago',
    });
  });

  it('tells whether administrators may bypass, and leaves no approval when one does', async () => {
    const { clock, as, control, waiting, last, approvals } = at;
    const run = await waiting();
    const bypass = () => control('/bypass', { target: 'app', run: run.id });
    expect(await bypass()).toEqual({
      error: expect.stringContaining('--admins-bypass true'),
    });
    await control('/environment', {
      target: 'app',
      name: 'production',
      'admins-bypass': true,
    });
    const { data } = await as('cleo').repos.getEnvironment({
      ...APP,
      environment_name: 'production',
    });
    expect(data).toMatchObject({
      can_admins_bypass: true,
      updated_at: new Date(clock.now()).toISOString().replace('.000', ''),
    });
    expect(await bypass()).toEqual({
      bypassed: [{ run: run.id, environments: ['production'] }],
    });
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('success');
    expect(await approvals(run)).toEqual([]);
  });

  it('gives every answer a number', async () => {
    const { sandbox } = at;
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${sandbox.url}${path}`, init);
    const answers = await Promise.all([
      ask('/api/v3/repos/acme/app'),
      ask('/api/v3/repos/acme/nothing'),
      ask('/api/v3/nowhere', { method: 'POST' }),
      ask('/api/v3/user', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{',
      }),
      ask('/login/oauth/access_token', { method: 'POST' }),
    ]);
    const ids = answers.map(({ headers }) =>
      headers.get('x-github-request-id'),
    );
    expect(ids.every(id => /^[0-9A-F-]{36}$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
