import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../scripts/lib/paths.mjs';

const APP = join(ROOT, 'packages/bench-app');
const DIST = join(APP, 'dist');
const KEPT = join(ROOT, 'node_modules/.cache/delivery-bench-app');
const OURS = 'backstage-plugin-delivery';
const THEIRS = '@backstage-community/plugin-github-actions';
/** What each bundle leaves out; nothing else differs. */
const EXCLUDED = {
  neither: [OURS, THEIRS],
  ours: [THEIRS],
  theirs: [OURS],
  both: [],
};
const INPUTS = [
  'packages/bench-app/src',
  'packages/bench-app/public',
  'packages/bench-app/package.json',
  'packages/app/src/modules/auth',
  'packages/app/app-config.build.yaml',
  'plugins/delivery/src',
  'plugins/delivery/package.json',
  'plugins/delivery-common/src',
  'plugins/delivery-common/package.json',
  'yarn.lock',
];

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.includes('.test.'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

function inputsKey() {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap(input => filesOf(join(ROOT, input)))) {
    hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function bundle(name) {
  const config = join(KEPT, `${name}.config.yaml`);
  const packages = { exclude: EXCLUDED[name] };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ app: { packages } }));
  const configs = [
    join(ROOT, 'packages/app/app-config.build.yaml'),
    config,
  ].flatMap(file => ['--config', file]);
  const result = spawnSync('backstage-cli', ['package', 'build', ...configs], {
    cwd: APP,
    env: { ...process.env, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    throw new Error(
      `The bundle "${name}" failed:\n${result.stdout}\n${result.stderr}`,
    );
  }
  for (const file of filesOf(DIST).filter(one => one.endsWith('.map'))) {
    rmSync(file);
  }
  rmSync(join(KEPT, name), { recursive: true, force: true });
  renameSync(DIST, join(KEPT, name));
}

/**
 * Makes the bundles `neither`, `ours`, `theirs` and `both`: the same app without, with one of, and with both plugins.
 * Nothing is done when what they are made of has not changed.
 */
export function ensureBundles(log) {
  mkdirSync(KEPT, { recursive: true });
  const key = inputsKey();
  const stamp = join(KEPT, '.inputs');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  rmSync(stamp, { force: true });
  for (const name of Object.keys(EXCLUDED)) {
    const began = Date.now();
    bundle(name);
    log(
      `bundle "${name}": ${Math.round((Date.now() - began) / 1000)} s to make`,
    );
  }
  writeFileSync(stamp, key);
}

/** Makes a bundle the one that a portal serves when it starts. A copy: the portal writes its configuration into it. */
export function chooseBundle(name) {
  rmSync(DIST, { recursive: true, force: true });
  cpSync(join(KEPT, name), DIST, { recursive: true });
}

/** Bytes of one script of a bundle as gzip makes it. */
export function gzipOf(name, script) {
  return gzipSync(readFileSync(join(KEPT, name, 'static', script))).length;
}

/** Gzip bytes of every script of a bundle, also those that nobody has asked for. */
export function wholeBundle(name) {
  return readdirSync(join(KEPT, name, 'static'))
    .filter(file => file.endsWith('.js'))
    .reduce((sum, file) => sum + gzipOf(name, file), 0);
}
