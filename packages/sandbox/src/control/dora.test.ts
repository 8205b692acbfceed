import { RunRecord } from '../state';
import {
  startSmallSandbox,
  until,
} from '../github/__testUtils__/startSmallSandbox';
import { commandOf } from './commands';
import { parseArguments } from './parseArguments';
import { runCommand } from './runCommand';

describe('yarn sandbox, when production fails', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;

  beforeEach(async () => {
    sandbox = await startSmallSandbox();
  });
  afterEach(() => sandbox.stop());

  async function type(line: string) {
    const { words, flags } = parseArguments(line.split(' '));
    const command = commandOf(words[0]);
    if (!command) throw new Error(`no command ${words[0]}`);
    let out = '';
    let err = '';
    const code = await runCommand(
      command,
      words.slice(1),
      flags,
      sandbox.url,
      { write: text => (out += text) },
      { write: text => (err += text) },
    );
    return { code, err, answer: out === '' ? undefined : JSON.parse(out) };
  }

  async function toProduction(id: number): Promise<RunRecord> {
    const run = sandbox.state.runs.get(id);
    if (!run) throw new Error('no run');
    await until(() => sandbox.engine.pending(run).length > 0);
    await type(`approve app --run ${id} --user cleo`);
    await until(() => run.attempts.at(-1)?.conclusion === 'success');
    return run;
  }

  /** Something went to production by a push. */
  async function deliver() {
    const { answer } = await type('push app-api');
    const run = await toProduction(answer.runs[0].id);
    return { sha: String(answer.sha), run };
  }

  const repo = () => {
    const found = sandbox.state.repo('acme', 'app');
    if (!found) throw new Error('no repository');
    return found;
  };

  it('opens an incident that names nothing, the commit, the run or the pull request', async () => {
    const nothing = await type('incident app-api --minutes-ago 90');
    expect(nothing.answer).toMatchObject({
      number: 2,
      state: 'open',
      labels: ['incident'],
      title: 'Errors in production',
    });
    expect(Date.now() - nothing.answer.createdAt).toBeGreaterThan(89 * 60_000);
    const { sha, run } = await deliver();
    const bySha = await type('incident app-api --names sha --title Slow');
    expect(bySha.answer).toMatchObject({ number: 3, title: 'Slow' });
    expect(bySha.answer.body).toContain(`root cause: ${sha}`);
    const byRun = await type('incident app-api --names run');
    expect(byRun.answer.body).toContain(`/acme/app/actions/runs/${run.id}`);
    expect((await type('incident app-api --names pr')).err).toContain(
      'came by no pull request',
    );
    const { answer } = await type('hotfix app-api');
    await toProduction(answer.runs[0].id);
    const byPull = await type('incident app-api --names pr');
    expect(byPull.answer.body).toContain(`#${answer.number} `);
  });

  it('closes the newest open incident and changes it otherwise', async () => {
    await type('incident app-api --minutes-ago 60');
    await type('incident app-api --minutes-ago 5');
    const closed = await type('incident app-api --close --minutes-ago 30');
    expect(closed.answer).toMatchObject({ number: 3, state: 'closed' });
    expect(closed.answer.closedAt).toBe(closed.answer.createdAt);
    expect((await type('incident app-api --close')).answer.number).toBe(2);
    expect(await type('incident app-api --close')).toMatchObject({
      code: 1,
      err: expect.stringContaining('app has no open incident'),
    });
    const told = async (flag: string) => {
      const { answer } = await type(`incident app-api ${flag}`);
      return [answer.number, answer.state, answer.labels.length, answer.title];
    };
    expect(await told('--reopen')).toEqual([
      3,
      'open',
      1,
      'Errors in production',
    ]);
    expect(await told('--edit --title Gone')).toEqual([3, 'open', 1, 'Gone']);
    expect(await told('--unlabel')).toEqual([3, 'open', 0, 'Gone']);
    expect(await told('--label')).toEqual([3, 'open', 1, 'Gone']);
    expect(await told('--delete')).toEqual([3, 'open', 1, 'Gone']);
    expect((await type('incident app-api --close')).code).toBe(1);
  });

  it('says what is wrong', async () => {
    sandbox.state.deployments.clear();
    for (const [line, text] of [
      ['incident app-api --names everything', 'sha, run, pr, none'],
      ['incident app-api --names sha', 'has been brought to production'],
      ['incident app-api --minutes-ago soon', '--minutes-ago 20'],
      ['incident app-api --close --delete', 'Only one of'],
      ['revert app-api', 'has been brought to production'],
      ['hotfix nothing', 'No component or repository'],
    ]) {
      expect(await type(line)).toMatchObject({
        code: 1,
        err: expect.stringContaining(text),
      });
    }
  });

  it('reverts what went to production last, as GitHub words it', async () => {
    const { sha } = await deliver();
    const { answer } = await type('revert app-api');
    expect(answer).toMatchObject({
      reverts: sha,
      title: 'Revert "Note a change"',
      number: 2,
    });
    const merged = await sandbox.git.commitInfo(repo(), answer.sha);
    expect(merged?.message).toBe(
      `Revert "Note a change" (#2)\n\nThis reverts commit ${sha}.`,
    );
    expect(
      await sandbox.git.readFile(repo(), 'main', 'src/change.txt'),
    ).toBeUndefined();
    expect((await type('revert app-api')).err).toContain('reverted already');
    await toProduction(answer.runs[0].id);
    const back = await type('revert app-api');
    expect(back.answer.title).toBe('Revert "Revert "Note a change" (#2)"');
    const pull = [...sandbox.state.pulls.values()].find(
      ({ number, repoId }) => number === 3 && repoId === repo().id,
    );
    expect(pull?.body).toBe('Reverts acme/app#2');
  });

  it.each([
    ['squash', 1, /^Repair .+ \(#2\)$/],
    ['merge', 2, /^Merge pull request #2 from acme\/hotfix\//],
    ['rebase', 1, /^Repair what production shows$/],
  ] as const)(
    'merges a hotfix by %s and starts both workflows',
    async (mergeMethod, parents, message) => {
      repo().mergeMethod = mergeMethod;
      const { answer } = await type('hotfix app-api --user ravi');
      expect(answer.branch).toMatch(/^hotfix\/2-repair/);
      const pull = [...sandbox.state.pulls.values()].find(
        ({ headBranch }) => headBranch === answer.branch,
      );
      expect(pull).toMatchObject({
        author: 'ravi',
        mergedBy: 'dana',
        labels: ['hotfix'],
        state: 'closed',
        mergeSha: answer.sha,
      });
      expect(pull?.headSha).not.toBe(answer.sha);
      const info = await sandbox.git.commitInfo(repo(), answer.sha);
      expect(info?.parents).toHaveLength(parents);
      expect(info?.parents[0]).toBe(pull?.baseSha);
      expect(info?.message).toMatch(message);
      expect(info?.committer?.email).toBe('noreply@github.com');
      const events = [...sandbox.state.runs.values()]
        .filter(run => [answer.sha, pull?.headSha].includes(run.headSha))
        .map(({ event }) => event);
      expect(events.sort()).toEqual(['pull_request', 'push']);
    },
  );
});
