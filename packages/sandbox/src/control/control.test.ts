import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
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

  it('runs again and starts by hand, for people who may write', async () => {
    const done = async (id: number) => {
      const run = sandbox.state.runs.get(id);
      if (!run) throw new Error('no run');
      await until(() => sandbox.engine.pending(run).length > 0);
      await type(`approve app --run ${id} --user cleo`);
      await until(() => run.attempts.at(-1)?.status === 'completed');
      return run;
    };
    const started = await type(
      'dispatch app deliver.yml --user ravi --input reason=Why=not',
    );
    expect(started.answer).toMatchObject({ user: 'ravi' });
    const run = await done(started.answer.run.id);
    expect(run).toMatchObject({
      actor: 'ravi',
      event: 'workflow_dispatch',
      inputs: { reason: 'Why=not' },
    });
    const again = await type(`rerun app --run ${run.id} --user dana`);
    expect(again.answer.run).toMatchObject({ id: run.id, attempt: 2 });
    expect(run.attempts[1].triggeringActor).toBe('dana');
    expect((await type(`rerun app --run ${run.id}`)).err).toContain(
      'already running',
    );
    await done(run.id);
    expect((await type('rerun app --failed')).answer).toMatchObject({
      failedOnly: true,
      run: { id: run.id, attempt: 3 },
    });
    await until(() => run.attempts[2].status === 'completed');
    for (const line of ['rerun app', 'dispatch app deliver.yml']) {
      expect((await type(`${line} --user aude`)).err).toContain(
        'aude may not write to acme/app',
      );
    }
    expect((await type('dispatch app other.yml')).err).toContain(
      'It has: deliver.yml.',
    );
    expect(
      (await type('dispatch app deliver.yml --input reason')).err,
    ).toContain('name=value');
    expect((await type('dispatch app deliver.yml --input no=1')).err).toContain(
      'Unexpected inputs',
    );
  });

  it('changes the protection of an environment and who is in a team', async () => {
    const { answer } = await type(
      'environment app production --prevent-self-review false --no-reviewers --reviewer dana --wait-minutes 3',
    );
    expect(answer).toEqual({
      repo: 'acme/app',
      environment: 'production',
      preventSelfReview: false,
      canAdminsBypass: false,
      waitMinutes: 3,
      reviewers: ['dana'],
    });
    const back = await type(
      'environment app production --prevent-self-review true --reviewer cleo --wait-minutes 0 --admins-bypass false',
    );
    expect(back.answer).toMatchObject({ reviewers: ['dana', 'cleo'] });
    expect((await type('environment app nowhere')).err).toContain(
      'It has: production.',
    );
    expect(
      (await type('environment app production --admins-bypass maybe')).err,
    ).toContain('true or false');
    expect((await type('team acme/core --remove ravi')).answer).toEqual({
      team: 'acme/core',
      members: ['dana', 'cleo'],
    });
    expect((await type('team acme/core --remove ravi')).err).toContain(
      'ravi is not in acme/core',
    );
    expect((await type('team acme/core --add ravi')).answer.members).toContain(
      'ravi',
    );
    expect((await type('team acme/none --add ravi')).err).toContain(
      'Teams: acme/core, acme/auditors.',
    );
    expect((await type('team acme/core')).err).toContain('--add login');
  });

  it('shows who acted in AWS, and nobody else', async () => {
    const { cloud } = sandbox.aws;
    const account = { id: '444444444444', name: 'production' };
    cloud.records.accounts.push({ ...account, roles: ['delivery-act'] });
    const sts = new STSClient({
      endpoint: sandbox.aws.url,
      region: 'eu-west-1',
      credentials: {
        accessKeyId: 'AKIASANDBOXPORTAL',
        secretAccessKey: 'sandbox-portal-secret',
      },
    });
    expect((await type('aws-sessions')).answer).toEqual([]);
    await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${account.id}:role/delivery-act`,
        RoleSessionName: 'cleo',
        SourceIdentity: 'cleo',
      }),
    );
    expect((await type('aws-sessions')).answer).toMatchObject([
      {
        accountId: account.id,
        role: 'delivery-act',
        sessionName: 'cleo',
        sourceIdentity: 'cleo',
        acts: [],
      },
    ]);
    const others = await fetch(
      `${sandbox.url}/_sandbox/aws-sessions?role=delivery-read`,
    );
    expect(await others.json()).toEqual([]);
    sts.destroy();
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
