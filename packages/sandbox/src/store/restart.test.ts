import { readdir } from 'fs/promises';
import { startSmallSandbox } from '../github/__testUtils__/startSmallSandbox';
import { RunRecord } from '../state';
import { noteDeleted } from './forgetDeleted';
import { SandboxStore } from './sandboxStore';
import { systemClock } from './systemClock';

function settledRun(id: number, at: number): RunRecord {
  return {
    id,
    nodeId: `WFR_${id}`,
    repoId: 1,
    workflowId: 2,
    runNumber: id,
    name: 'Deliver',
    displayTitle: 'x',
    event: 'push',
    headBranch: 'main',
    headSha: 'a'.repeat(40),
    headMessage: 'x',
    headAuthor: { name: 'Dana', email: 'dana@example.com', login: 'dana' },
    actor: 'dana',
    pullRequest: null,
    checkSuiteId: id,
    createdAt: at,
    attempts: [
      {
        attempt: 1,
        triggeringActor: 'dana',
        status: 'completed',
        conclusion: 'success',
        startedAt: at,
        updatedAt: at,
        completedAt: at,
      },
    ],
    referencedWorkflows: [],
    reviews: [],
    artifacts: [],
    inputs: {},
  };
}

describe('a restart', () => {
  it('finds the same world, tokens, deliveries and commits again', async () => {
    const first = await startSmallSandbox();
    const { dataDir } = first;
    const repo = first.state.repo('acme', 'app');
    if (!repo) throw new Error('no repository');
    const { access } = first.github.tokens.issueUser('dana', []);
    first.github.webhooks.send({
      event: 'ping',
      action: null,
      installationId: null,
      repositoryId: null,
      payload: { zen: 'kept' },
    });
    await first.github.webhooks.idle();
    const runs = [...first.state.runs.values()];
    const jobs = [...first.state.jobsOfRun.values()];
    const head = await first.git.resolve(repo, 'main');
    const next = first.state.nextId();
    first.state.changed();
    await first.close();

    const second = await startSmallSandbox({ dataDir });
    expect([...second.state.runs.values()]).toEqual(runs);
    expect([...second.state.jobsOfRun.values()]).toEqual(jobs);
    expect(await second.git.resolve(repo, 'main')).toBe(head);
    expect(second.state.nextId()).toBeGreaterThan(next);
    expect(second.github.tokens.userToken(access.token)?.login).toBe('dana');
    expect(second.github.app.privateKeyPem).toBe(
      first.github.app.privateKeyPem,
    );
    const [delivery] = second.github.webhooks.newestFirst();
    expect((await second.github.webhooks.read(delivery))?.payload).toBe(
      '{"zen":"kept"}',
    );
    await second.stop();
  });

  it('moves settled runs to a file of their own and still sees them change', async () => {
    const sandbox = await startSmallSandbox();
    const folder = `${sandbox.dataDir}/many`;
    const { store } = await SandboxStore.open({ clock: systemClock, folder });
    const at = Date.UTC(2026, 5, 1);
    for (let id = 1; id <= 500; id += 1) store.runs.set(id, settledRun(id, at));
    store.changed();
    await store.save();
    expect((await readdir(folder)).sort()).toEqual([
      'runs-1.json.gz',
      'state.json.gz',
    ]);
    const changed = store.runs.get(7) as RunRecord;
    changed.attempts.push({
      ...changed.attempts[0],
      attempt: 2,
      conclusion: 'failure',
      updatedAt: at + 1,
    });
    store.changed();
    await store.close();
    const again = await SandboxStore.open({ clock: systemClock, folder });
    expect(again.existed).toBe(true);
    expect(again.store.runs.size).toBe(500);
    expect(again.store.runs.get(7)?.attempts).toHaveLength(2);
    // of a repository that is deleted nothing comes back
    noteDeleted(again.store, 1);
    again.store.changed();
    await again.store.close();
    const last = await SandboxStore.open({ clock: systemClock, folder });
    expect(last.store.runs.size).toBe(0);
    await sandbox.stop();
  });

  it('gives the same commits for the same world', async () => {
    const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 20, 12) };
    const heads: (string | undefined)[] = [];
    for (let i = 0; i < 2; i += 1) {
      const sandbox = await startSmallSandbox({ clock });
      const repo = sandbox.state.repo('acme', 'app');
      heads.push(repo && (await sandbox.git.resolve(repo, 'main')));
      await sandbox.stop();
    }
    expect(heads[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(heads[1]).toBe(heads[0]);
  });
});
