import { Octokit } from '@octokit/rest';
import {
  startSmallSandbox,
  until,
} from '../github/__testUtils__/startSmallSandbox';
import { COMMANDS, commandOf, helpText } from './commands';
import { parseArguments } from './parseArguments';
import { runCommand } from './runCommand';

describe('yarn sandbox', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;

  beforeAll(async () => {
    sandbox = await startSmallSandbox();
  });
  afterAll(() => sandbox?.stop());

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

  it('lists every command with one line', () => {
    const help = helpText();
    for (const command of COMMANDS) {
      expect(help).toContain(command.help);
      expect(command.help).not.toContain('\n');
    }
  });

  it('pushes to a component: a file in its folder, a run on the branch', async () => {
    const { answer } = await type('push app-api --message=Improve');
    expect(answer).toMatchObject({ repo: 'acme/app', actor: 'dana' });
    expect(answer.runs).toHaveLength(1);
    const repo = sandbox.state.repo('acme', 'app');
    const files =
      repo && (await sandbox.git.listFiles(repo, answer.sha, 'src'));
    expect(files?.map(f => f.path)).toContain('src/change.txt');
  });

  it('opens a pull request that starts its run', async () => {
    const { answer } = await type('pr app --user ravi --title Better');
    expect(answer.number).toBe(2);
    const pull = [...sandbox.state.pulls.values()].find(
      p => p.number === 2 && p.headSha === answer.sha,
    );
    expect(pull).toMatchObject({ title: 'Better', author: 'ravi' });
    const run = [...sandbox.state.runs.values()].find(
      r => r.headSha === answer.sha && r.event === 'pull_request',
    );
    expect(run?.pullRequest).toBe(2);
  });

  it('approves for a person who may, and for nobody else', async () => {
    const { answer } = await type('push app');
    const id = answer.runs[0].id;
    const run = sandbox.state.runs.get(id);
    if (!run) throw new Error('no run');
    await until(() => sandbox.engine.pending(run).length > 0);
    expect(await type(`approve app --run ${id} --user aude`)).toMatchObject({
      code: 1,
    });
    const approved = await type(`approve app --run ${id} --user cleo`);
    expect(approved.answer.answered).toEqual([
      { run: id, environments: ['production'] },
    ]);
    await until(
      () => run.attempts[run.attempts.length - 1].conclusion === 'success',
    );
  });

  it('makes a job fail', async () => {
    expect((await type('fail app --job check')).code).toBe(0);
    const { answer } = await type('push app');
    const run = sandbox.state.runs.get(answer.runs[0].id);
    if (!run) throw new Error('no run');
    await until(() => run.attempts[0].conclusion === 'failure');
  });

  it('says what is wrong', async () => {
    expect(await type('push nothing')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Repositories: app, secret.'),
    });
    expect(await type('push')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Usage: yarn sandbox push'),
    });
    expect(await type('push app --loud yes')).toMatchObject({ code: 2 });
    expect((await type('fault nonsense')).err).toContain('Unknown fault');
  });

  it('injects faults and takes them away', async () => {
    const octokit = new Octokit({
      baseUrl: `${sandbox.url}/api/v3`,
      auth: 'ghp_sandbox_dana',
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const ask = () =>
      octokit.rest.repos.get({ owner: 'acme', repo: 'app' }).then(
        ok => ({ status: ok.status, headers: ok.headers }),
        error => ({
          status: error.status,
          headers: error.response.headers,
        }),
      );
    await type('fault errors --count 1 --status 503');
    expect((await ask()).status).toBe(503);
    expect((await ask()).status).toBe(200);
    await type('fault rate-limit --seconds 60');
    const limited = await ask();
    expect(limited.status).toBe(403);
    expect(limited.headers['x-ratelimit-remaining']).toBe('0');
    const wait =
      Number(limited.headers['x-ratelimit-reset']) - Date.now() / 1000;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThan(62);
    await type('fault clear');
    expect((await ask()).status).toBe(200);
    await type('fault secondary-limit --count 1');
    expect((await ask()).headers['retry-after']).toBe('60');
    await type('fault latency --count 1 --ms 150');
    const before = Date.now();
    expect((await ask()).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(145);
  });

  it('takes an environment or leaves it out, and says what is wrong about AWS', async () => {
    expect(await type('drift app-api production more')).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'Usage: yarn sandbox drift <component> [environment] [--user ravi]',
      ),
    });
    for (const line of ['drift app-api', 'alarm app-api staging --off']) {
      expect(await type(line)).toMatchObject({
        code: 1,
        err: expect.stringContaining('No component "app-api" runs on ECS.'),
      });
    }
    const { answer } = await type('aws-calls --reset');
    expect(answer).toEqual({ total: 0, calls: [] });
  });

  it('lets the smoke test of the next production deployment fail', async () => {
    const { answer } = await type('break-smoke app-api');
    expect(answer).toMatchObject({ repo: 'acme/app', step: 'smoke' });
    expect(await type('break-smoke nothing')).toMatchObject({ code: 1 });
  });

  it('shows the state and the calls, and starts anew', async () => {
    const { answer } = await type('status');
    expect(answer.counts.repositories).toBe(2);
    expect((await type('calls')).answer.total).toBeGreaterThan(0);
    expect((await type('users')).answer).toContainEqual({
      login: 'dana',
      name: 'Dana',
      token: 'ghp_sandbox_dana',
    });
    await type('reset');
    const fresh = (await type('status')).answer;
    expect(fresh.counts.runs).toBe(47);
    expect(fresh.calls).toBe(0);
    expect((await type('push app')).answer.runs).toHaveLength(1);
  });
});
