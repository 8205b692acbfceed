import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** How a command ended; `unreachable` when it could not get a package. */
export interface Ended {
  readonly code: number;
  readonly log: string;
  readonly unreachable: boolean;
}

const UNREACHABLE =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|EHOSTUNREACH|NewConnectionError|Temporary failure in name resolution|No matching distribution found|Could not find a version/;

/** Runs a command in a folder without what Jest put into the environment. */
export function runIn(
  folder: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ended {
  const { NODE_ENV, NODE_OPTIONS, JEST_WORKER_ID, ...own } = process.env;
  const path = [dirname(process.execPath), own.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...own, PATH: path, CI: 'true', ...env },
  });
  const log = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
  return { code: status ?? -1, log, unreachable: UNREACHABLE.test(log) };
}

/** Folders of a repository that have a lock file of npm. */
export const npmFolders = (repository: string): string[] =>
  readdirSync(repository, { recursive: true, encoding: 'utf8' })
    .filter(
      path =>
        /(^|\/)package-lock\.json$/.test(path) &&
        !path.includes('node_modules'),
    )
    .map(dirname)
    .sort();

/** `npm ci` with a cache that all rendered repositories share. */
export const npmCi = (folder: string): Ended =>
  runIn(folder, 'npm', [
    'ci',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    `--cache=${join(tmpdir(), 'rendered-npm-cache')}`,
  ]);

const DEBIANS_PYTHON = '/usr/bin/python3';

/** A Python with the packages of the lock files: from an index, else Debian's own; or why there is none. */
export function pythonFor(
  repository: string,
): { python: string } | { reason: string } {
  const venv = join(repository, '.venv');
  const python = join(venv, 'bin/python');
  const made = runIn(repository, 'python3', ['-m', 'venv', venv]);
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--require-hashes',
    '--retries=1',
    '--timeout=10',
  ];
  const files = ['requirements.lock', 'requirements-dev.lock']
    .filter(path => existsSync(join(repository, path)))
    .flatMap(path => ['-r', path]);
  if (
    made.code === 0 &&
    runIn(repository, python, [...install, ...files]).code === 0
  ) {
    return { python };
  }
  const wanted = 'import fastapi, httpx, uvicorn, pytest';
  if (runIn(repository, DEBIANS_PYTHON, ['-c', wanted]).code === 0) {
    return { python: DEBIANS_PYTHON };
  }
  return {
    reason:
      'no index of Python packages answers, and Debian’s python3-fastapi, -httpx, -uvicorn and -pytest are not installed',
  };
}
