import type { Change } from '../model';
import { mergeRun } from './runs';
import { hint, jobFact, read, runFact } from './testUtils/facts';

const success = { status: 'completed', conclusion: 'success' };

function merged(...batches: Change[][]) {
  let result = mergeRun(undefined, []);
  for (const batch of batches) result = mergeRun(result.state, batch);
  return result;
}

describe('mergeRun', () => {
  it('says nothing about nothing', () => {
    expect(mergeRun(undefined, [])).toEqual({
      state: undefined,
      changed: false,
      touched: false,
    });
  });

  it('refuses facts of two runs', () => {
    expect(() =>
      mergeRun(undefined, [
        hint(runFact(success), 1),
        hint(jobFact(success, { runKey: 'gh.101' }), 1),
      ]),
    ).toThrow('Facts of the runs gh.100 and gh.101 cannot be merged into one.');
  });

  it('keeps jobs whose run nobody told of, and joins them to it', () => {
    const alone = merged([hint(jobFact({ status: 'queued' }), 1)]);
    expect(alone.state).toMatchObject({
      runKey: 'gh.100',
      repoKey: 'gh/1',
      attempts: [],
      jobs: [{ fact: { jobKey: 'gh.200' } }],
    });
    expect(alone.state?.run).toBeUndefined();

    const joined = mergeRun(alone.state, [
      hint(runFact({ status: 'queued' }), 2),
    ]);
    expect(joined.state?.run?.title).toBe('Charge cards once');
    expect(joined.state?.jobs).toHaveLength(1);
  });

  it('does not let a late webhook reopen what is completed', () => {
    const { state } = merged(
      [hint(runFact(success, { updatedAt: 5_000 }), 1)],
      [hint(runFact({ status: 'in_progress' }, { updatedAt: 9_000 }), 2)],
    );
    expect(state?.run?.state).toMatchObject(success);
    expect(state?.attempts[0].completedAt).toBe(5_000);
  });

  it('ranks by status when the vendor gives the same second', () => {
    const { state } = merged(
      [hint(runFact({ status: 'in_progress' }), 1)],
      [hint(runFact({ status: 'queued' }), 2)],
    );
    expect(state?.run?.state.status).toBe('in_progress');
  });

  it('shows a word it does not know, as unknown', () => {
    const { state } = merged([
      hint(runFact({ status: 'hibernating' }, { updatedAt: 2_000 }), 1),
      hint(runFact({ status: 'in_progress' }, { updatedAt: 1_000 }), 1),
    ]);
    expect(state?.run?.state).toEqual({
      status: 'unknown',
      rawStatus: 'hibernating',
    });
  });

  it('shows the head of the current attempt', () => {
    const { state } = merged(
      [
        hint(
          runFact(
            { status: 'in_progress' },
            { attempt: 2, triggeringActor: 'hubot' },
          ),
          2,
        ),
      ],
      [hint(runFact(success, { updatedAt: 99_000 }), 3)],
    );
    expect(state?.run).toMatchObject({
      attempt: 2,
      triggeringActor: 'hubot',
      state: { status: 'in_progress' },
    });
    expect(state?.attempts.map(a => a.state.status)).toEqual([
      'completed',
      'in_progress',
    ]);
  });

  describe('queued and waiting', () => {
    const queued = jobFact({ status: 'queued' });
    const waiting = jobFact({ status: 'waiting' });

    it.each([
      ['queued, waiting', [queued, waiting]],
      ['waiting, queued', [waiting, queued]],
      ['queued, waiting, queued', [queued, waiting, queued]],
    ])('asks for a confirmation after %s', (_, facts) => {
      const { state } = merged(...facts.map((fact, i) => [hint(fact, i)]));
      expect(state?.needsConfirm).toBe(true);
    });

    it('does not ask while only "queued" was told', () => {
      const { state } = merged([hint(queued, 1)]);
      expect(state?.needsConfirm).toBe(false);
    });

    it.each([
      ['in_progress', hint(jobFact({ status: 'in_progress' }), 3)],
      ['completed', hint(jobFact(success), 3)],
      ['a read that says queued', read(queued, 3)],
      ['a read that says waiting', read(waiting, 3)],
    ])('knows it after %s', (_, change) => {
      const { state } = merged([hint(queued, 1), hint(waiting, 2)], [change]);
      expect(state?.needsConfirm).toBe(false);
      expect(state?.jobs[0].fact.state).toEqual(
        change.fact.kind === 'job' ? change.fact.state : undefined,
      );
    });

    it('asks again when a webhook doubts a confirmed "waiting"', () => {
      const { state, changed } = merged([read(waiting, 1)], [hint(queued, 2)]);
      expect(state?.jobs[0].fact.state.status).toBe('waiting');
      expect(state?.needsConfirm).toBe(true);
      expect(changed).toBe(true);
    });

    it('does not ask about an attempt that is over', () => {
      const { state } = merged(
        [hint(waiting, 1)],
        [hint(runFact({ status: 'queued' }, { attempt: 2 }), 2)],
      );
      expect(state?.needsConfirm).toBe(false);
    });
  });

  describe('a read of the API', () => {
    it('heals a forged attempt with its jobs and its header', () => {
      const { state, changed } = merged(
        [hint(runFact({ status: 'in_progress' }), 1)],
        [
          hint(runFact(success, { attempt: 999_999, title: 'All is well' }), 2),
          hint(jobFact(success, { attempt: 999_999, jobKey: 'gh.9' }), 2),
        ],
        [read(runFact({ status: 'in_progress' }), 3)],
      );
      expect(changed).toBe(true);
      expect(state?.attempts.map(a => a.attempt)).toEqual([1]);
      expect(state?.jobs).toEqual([]);
      expect(state?.run).toMatchObject({
        attempt: 1,
        title: 'Charge cards once',
        state: { status: 'in_progress' },
      });
    });

    it('heals a forged completion of run and job', () => {
      const { state } = merged(
        [
          hint(runFact(success, { updatedAt: 90_000 }), 1),
          hint(jobFact(success), 1),
        ],
        [
          read(runFact({ status: 'in_progress' }, { updatedAt: 2_000 }), 2),
          read(jobFact({ status: 'in_progress' }), 2),
        ],
      );
      expect(state?.run?.state.status).toBe('in_progress');
      expect(state?.attempts[0].completedAt).toBeUndefined();
      expect(state?.jobs[0].fact.state.status).toBe('in_progress');
    });

    it('heals a forged job that the read of the whole run does not list', () => {
      const { state } = merged(
        [hint(jobFact(success, { jobKey: 'gh.666' }), 1)],
        [
          read(runFact({ status: 'in_progress' }), 2),
          read(jobFact({ status: 'in_progress' }), 2),
        ],
      );
      expect(state?.jobs.map(job => job.fact.jobKey)).toEqual(['gh.200']);
    });

    it('refuses a forged webhook from before the read that is processed later', () => {
      const { state, touched } = merged(
        [
          read(runFact({ status: 'in_progress' }), 10),
          read(jobFact({ status: 'in_progress' }), 10),
        ],
        [
          hint(runFact(success, { updatedAt: 90_000 }), 9),
          hint(runFact(success, { attempt: 999_999 }), 9),
          hint(jobFact(success), 9),
        ],
      );
      expect(touched).toBe(false);
      expect(state?.run?.state.status).toBe('in_progress');
    });

    it('still refuses it after a newer webhook moved the run on', () => {
      const { state } = merged(
        [read(runFact({ status: 'queued' }), 10)],
        [hint(runFact({ status: 'in_progress' }, { updatedAt: 2_000 }), 12)],
        [hint(runFact(success, { updatedAt: 90_000 }), 9)],
      );
      expect(state?.run?.state.status).toBe('in_progress');
      expect(state?.confirmedAt).toBe(10);
    });

    it('does not roll back a webhook observed since the read began', () => {
      const done = hint(runFact(success, { updatedAt: 9_000 }), 11);
      const answer = read(runFact({ status: 'in_progress' }), 10);
      for (const batches of [
        [[done], [answer]],
        [[answer], [done]],
        [[answer, done]],
        [[done, answer]],
      ]) {
        expect(merged(...batches).state?.run?.state).toMatchObject(success);
      }
    });

    it('keeps a real attempt that began while it was read', () => {
      const { state } = merged(
        [hint(runFact(success, { attempt: 999_999, title: 'Forged' }), 9)],
        [hint(runFact({ status: 'queued' }, { attempt: 2 }), 11)],
        [read(runFact(success), 10)],
      );
      expect(state?.attempts.map(a => a.attempt)).toEqual([1, 2]);
      expect(state?.run).toMatchObject({
        attempt: 2,
        title: 'Charge cards once',
        state: { status: 'queued' },
      });
    });

    it('fixes an earlier attempt without touching the current one', () => {
      const { state } = merged(
        [read(runFact({ status: 'in_progress' }, { attempt: 2 }), 10)],
        [read(runFact({ status: 'completed', conclusion: 'failure' }), 20)],
      );
      expect(state?.run?.attempt).toBe(2);
      expect(state?.attempts.map(a => a.state.rawConclusion)).toEqual([
        'failure',
        undefined,
      ]);
      expect(state?.confirmedAt).toBe(10);
    });

    it('keeps jobs when a list gives the run without them', () => {
      const { state } = merged(
        [hint(jobFact({ status: 'queued' }), 1)],
        [read(runFact({ status: 'in_progress' }), 5)],
      );
      expect(state?.jobs).toHaveLength(1);
    });

    it('believes the later of two reads, in either order', () => {
      const early = read(runFact(success), 10);
      const late = read(runFact({ status: 'in_progress' }), 20);
      for (const batches of [
        [[early], [late]],
        [[late], [early]],
        [[late, early]],
      ]) {
        expect(merged(...batches).state?.run?.state.status).toBe('in_progress');
      }
    });

    it('keeps the environment that only webhooks tell', () => {
      const { state } = merged(
        [hint(jobFact({ status: 'queued' }, { environment: 'staging' }), 1)],
        [read(jobFact({ status: 'in_progress' }), 2)],
      );
      expect(state?.jobs[0].fact).toMatchObject({
        environment: 'staging',
        state: { status: 'in_progress' },
      });
    });

    it('is no news when it only confirms', () => {
      const fact = runFact({ status: 'in_progress' });
      const result = merged([hint(fact, 1)], [read(fact, 2)]);
      expect(result.changed).toBe(false);
      expect(result.touched).toBe(true);
      expect(result.state?.confirmedAt).toBe(2);
    });
  });
});
