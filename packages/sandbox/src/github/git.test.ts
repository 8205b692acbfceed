import { execFile } from 'child_process';
import { mkdtemp, readFile, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { gitEnvironment } from '../store/runGit';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';

const run = promisify(execFile);

describe('git over http, with the real git', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let folder: string;

  beforeAll(async () => {
    sandbox = await startSmallSandbox();
    folder = await mkdtemp(join(tmpdir(), 'sandbox-clone-'));
  });
  afterAll(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const git = (cwd: string, ...args: string[]) =>
    run('git', args, {
      cwd,
      env: gitEnvironment({
        GIT_AUTHOR_NAME: 'Dana',
        GIT_AUTHOR_EMAIL: 'dana@example.com',
        GIT_COMMITTER_NAME: 'Dana',
        GIT_COMMITTER_EMAIL: 'dana@example.com',
      }),
    });
  const address = (name: string, token?: string) =>
    `${sandbox.url.replace(
      '//',
      token ? `//x-access-token:${token}@` : '//',
    )}/acme/${name}.git`;

  it('clones a public repository without credentials', async () => {
    await git(folder, 'clone', '-q', address('app'), 'open');
    expect(
      await readFile(join(folder, 'open/src/deep/index.txt'), 'utf8'),
    ).toBe('two\n');
  });

  it('asks for credentials before a private one', async () => {
    await expect(
      git(folder, 'clone', '-q', address('secret'), 'closed'),
    ).rejects.toThrow(/could not read Username|Authentication failed/);
    const asked = await fetch(
      `${address('secret')}/info/refs?service=git-upload-pack`,
    );
    expect(asked.status).toBe(401);
    expect(asked.headers.get('www-authenticate')).toMatch(/^Basic /);
    await git(
      folder,
      'clone',
      '-q',
      address('secret', 'ghp_sandbox_aude'),
      'seen',
    );
    await expect(
      git(
        folder,
        'clone',
        '-q',
        address('secret', 'ghp_sandbox_outsider'),
        'no',
      ),
    ).rejects.toThrow(/not found/);
  });

  it('takes a push from who may push, and starts the workflows of it', async () => {
    const token = 'ghp_sandbox_dana';
    await git(folder, 'clone', '-q', address('app', token), 'work');
    const work = join(folder, 'work');
    await writeFile(join(work, 'new.txt'), 'new\n');
    await git(work, 'add', '.');
    await git(work, 'commit', '-q', '-m', 'Add a file');
    const denied = git(
      work,
      'push',
      '-q',
      address('app', 'ghp_sandbox_aude'),
      'main',
    );
    await expect(denied).rejects.toThrow(/403/);
    const events: string[] = [];
    sandbox.state.onEvent(event => {
      if (event.event === 'push') events.push(`${event.ref} ${event.pusher}`);
    });
    await git(work, 'push', '-q', 'origin', 'main');
    const { stdout } = await git(work, 'rev-parse', 'HEAD');
    const started = [...sandbox.state.runs.values()].filter(
      r => r.headSha === stdout.trim(),
    );
    expect(started.map(r => `${r.event} ${r.actor}`)).toEqual(['push dana']);
    expect(events).toEqual(['refs/heads/main dana']);
    const repo = sandbox.state.repo('acme', 'app');
    expect(repo && (await sandbox.git.resolve(repo, 'main'))).toBe(
      stdout.trim(),
    );
  });

  it('gives an archive with one folder at the top', async () => {
    const answer = await fetch(
      `${sandbox.url}/api/v3/repos/acme/app/tarball/main`,
    );
    const file = join(folder, 'app.tar.gz');
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    const { stdout } = await run('tar', ['-tzf', file]);
    const tops = new Set(
      stdout
        .trim()
        .split('\n')
        .map(l => l.split('/')[0]),
    );
    expect([...tops]).toEqual([
      expect.stringMatching(/^acme-app-[0-9a-f]{7}$/),
    ]);
  });
});
