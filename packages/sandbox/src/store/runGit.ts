import { spawn } from 'child_process';

/** The command ran and did not like what it was given. */
export class GitFailure extends Error {
  constructor(readonly code: number | null, readonly stderr: string) {
    super(`git ended with ${code}: ${stderr.trim()}`);
    this.name = 'GitFailure';
  }
}

/** Nothing of the machine's own git configuration may change a sha or ask for a password. */
const CLEAN_ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

/** Environment for every git process of the sandbox. */
export function gitEnvironment(
  extra: Record<string, string> = {},
): NodeJS.ProcessEnv {
  return { ...CLEAN_ENVIRONMENT, ...extra } as NodeJS.ProcessEnv;
}

/**
 * Runs git without a shell and returns what it wrote to standard output.
 * @throws GitFailure when git ends with another code than 0.
 */
export function runGit(
  gitDir: string,
  args: string[],
  input?: Buffer | string,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: gitDir, env: gitEnvironment() });
    const out: Buffer[] = [];
    let err = '';
    child.stdout.on('data', chunk => out.push(chunk));
    child.stderr.on('data', chunk => {
      err += chunk;
    });
    child.on('error', reject);
    // git may end before it read everything; its exit code tells the story, not the broken pipe
    child.stdin.on('error', () => undefined);
    child.on('close', code =>
      code === 0
        ? resolve(Buffer.concat(out))
        : reject(new GitFailure(code, err)),
    );
    child.stdin.end(input ?? '');
  });
}
