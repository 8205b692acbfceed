import { Portal } from '../__testUtils__/makePortal';
import type { FakeRepository } from '../__testUtils__/FakeRepository';

let portal: Portal;
let repo: FakeRepository;
beforeEach(async () => {
  portal = await new Portal().start();
  repo = portal.github.repository('shop');
  repo.push({});
});
afterEach(() => portal.stop());

const wait = (changes = {}, start = {}) =>
  portal.run(
    'delivery:github:run:wait',
    { repoUrl: portal.repoUrl('shop'), until: 'completed', ...changes },
    start,
  );

/** Does one thing at each pause, in order. */
function meanwhile(...events: (() => void)[]): void {
  portal.onSleep = () => events.shift()?.();
}

describe('delivery:github:run:wait', () => {
  it('waits until the run has succeeded, with longer and longer pauses', async () => {
    const run = repo.run();
    meanwhile(
      () => Object.assign(run, { status: 'in_progress' }),
      () => {},
      () => Object.assign(run, { status: 'completed', conclusion: 'success' }),
    );
    const { outputs, error, log } = await wait({ runId: run.id });

    expect(error).toBeUndefined();
    expect(outputs).toEqual({
      runId: run.id,
      htmlUrl: `http://${portal.github.host}/acme/shop/actions/runs/${run.id}`,
      status: 'completed',
      conclusion: 'success',
    });
    expect(portal.slept).toEqual([3_000, 4_500, 6_750]);
    expect(log.split('\n')).toHaveLength(3);
  });

  it('says that somebody has to approve', async () => {
    const run = repo.run({ status: 'waiting' });
    meanwhile(() =>
      Object.assign(run, { status: 'completed', conclusion: 'success' }),
    );
    expect((await wait({ runId: run.id })).log).toMatch(
      /Somebody has to approve it/,
    );
  });

  it.each(['failure', 'cancelled', 'skipped', 'neutral', 'timed_out'])(
    'fails when the run ends with %s, with its link',
    async conclusion => {
      const run = repo.run({ status: 'completed', conclusion });
      const { error, outputs } = await wait({ runId: run.id });

      expect(error?.message).toMatch(
        new RegExp(`runs/${run.id} ended with “${conclusion}” instead`),
      );
      expect(outputs.conclusion).toBe(conclusion);
    },
  );

  it('ends when the time is over', async () => {
    const run = repo.run({ status: 'in_progress' });
    const { error, outputs } = await wait({
      runId: run.id,
      timeoutSeconds: 60,
    });

    expect(error?.message).toMatch(/still “in_progress” after 60 seconds/);
    expect(outputs.htmlUrl).toMatch(/runs/);
    expect(portal.time).toBe(60_000);
  });

  it('waits a quarter of an hour by itself', async () => {
    const run = repo.run();
    const { error } = await wait({ runId: run.id });
    expect(error?.message).toMatch(/after 15 minutes/);
    expect(portal.time).toBe(900_000);
  });

  it('finds the run of the newest commit of a branch once it is there', async () => {
    meanwhile(
      () => {},
      () => {
        repo.run({ head_sha: 'e'.repeat(40) });
        repo.run({ event: 'dynamic' });
        repo.run({ id: 900 });
        repo.run({ id: 901 });
      },
    );
    const { outputs, error } = await wait({
      branch: 'main',
      until: 'created',
    });

    expect(error).toBeUndefined();
    expect(outputs).toMatchObject({ runId: 900, status: 'queued' });
  });

  it('finds the run of one workflow and one commit', async () => {
    repo.run({ id: 1, path: '.github/workflows/other.yml' });
    repo.run({ id: 2, head_sha: 'e'.repeat(40) });
    const { outputs } = await wait({
      headSha: 'e'.repeat(40),
      workflow: 'pipeline.yml',
      until: 'created',
    });
    expect(outputs.runId).toBe(2);
  });

  it('says so when no run appears', async () => {
    const { error } = await wait({
      branch: 'main',
      until: 'created',
      timeoutSeconds: 120,
    });
    expect(error?.message).toMatch(
      /No workflow run of acme\/shop appeared within 2 minutes/,
    );
  });

  it('waits through trouble of GitHub, and for a run that is not shown yet', async () => {
    portal.github.faults = [
      { method: 'GET', path: /runs/, status: 404 },
      { method: 'GET', path: /runs/, status: 503, times: 4 },
      { method: 'GET', path: /runs/, status: 429 },
    ];
    const run = repo.run({ status: 'completed', conclusion: 'success' });
    expect((await wait({ runId: run.id })).error).toBeUndefined();
  });

  it('does not wait for a run that is not there at all', async () => {
    const { error } = await wait({ runId: 4711 });
    expect(error?.message).toMatch(/could not read the run 4711/);
    expect(portal.time).toBeLessThan(90_000);
  });

  it('does not wait when GitHub refuses', async () => {
    portal.github.faults = [{ method: 'GET', path: /runs/, status: 403 }];
    const { error } = await wait({ runId: 1 });
    expect(error?.message).toMatch(/did not let you read the run 1/);
    expect(portal.slept).toEqual([]);
  });

  it('ends when the task is cancelled', async () => {
    const run = repo.run();
    const cancelled = new AbortController();
    meanwhile(
      () => {},
      () => cancelled.abort(new Error('cancelled')),
    );
    const { error } = await wait(
      { runId: run.id },
      { signal: cancelled.signal },
    );
    expect(error?.message).toBe('cancelled');
    expect(portal.slept).toHaveLength(2);
  });

  it('wants to know which run', async () => {
    expect((await wait()).error?.message).toMatch(/Which run is meant/);
  });

  it('waits for nothing in a dry run', async () => {
    const { outputs } = await wait({ runId: 5 }, { isDryRun: true });
    expect(outputs).toMatchObject({ runId: 5, conclusion: 'success' });
    expect(portal.github.asked).toEqual([]);
  });
});
