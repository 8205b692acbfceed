import { execFile } from 'child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { promisify } from 'util';
import { gitEnvironment } from '../../store/runGit';

const run = promisify(execFile);

/** A folder under the real git, as somebody has it on their machine. */
export async function workingCopy() {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-copy-'));
  const git = async (...args: string[]) => {
    const { stdout } = await run('git', args, {
      cwd: folder,
      env: gitEnvironment({
        GIT_AUTHOR_NAME: 'Dana',
        GIT_AUTHOR_EMAIL: 'dana@example.com',
        GIT_COMMITTER_NAME: 'Dana',
        GIT_COMMITTER_EMAIL: 'dana@example.com',
      }),
    });
    return stdout.trim();
  };
  await git('init', '-q', '--initial-branch=main');
  return {
    git,
    commit: async (files: Record<string, string>, message: string) => {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      await git('add', '.');
      await git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export type WorkingCopy = Awaited<ReturnType<typeof workingCopy>>;
