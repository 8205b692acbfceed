import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

const STAMP = join(ROOT, 'node_modules', '.installed');

function wanted() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'yarn.lock')))
    .update(readFileSync(join(ROOT, 'package.json')))
    .digest('hex');
}

/** `yarn install --immutable`, only when the lock file changed since the last time. */
export function ensureInstalled(env) {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted()) return;
  console.error('Installing dependencies …');
  const started = Date.now();
  const result = spawnSync('yarn', ['install', '--immutable'], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) {
    process.stdout.write(result.stdout ?? '');
    process.stderr.write(result.stderr ?? '');
    throw new Error('yarn install failed; its words are above.');
  }
  writeFileSync(STAMP, wanted());
  console.error(
    `Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`,
  );
}
