import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { startProcess, waitFor } from './processes.mjs';

const TRANSFORM = [
  '--enable-source-maps',
  '--require',
  '@backstage/cli-node/config/nodeTransform.cjs',
];
const APP_INPUTS = [
  'packages/app/src',
  'packages/app/public',
  'packages/app/package.json',
  'packages/app/app-config.build.yaml',
  'plugins/delivery/src',
  'plugins/delivery/package.json',
  'plugins/delivery-common/src',
  'plugins/delivery-common/package.json',
  'yarn.lock',
];

function hashFiles(hash, path) {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort())
      hashFiles(hash, join(path, name));
    return;
  }
  if (path.includes('.test.')) return;
  hash.update(path.slice(ROOT.length)).update(readFileSync(path));
}

/** Bundles the portal's pages when something they are made of has changed. */
export function ensureApp(env) {
  const hash = createHash('sha256');
  for (const input of APP_INPUTS) hashFiles(hash, join(ROOT, input));
  const key = hash.digest('hex');
  const stamp = join(ROOT, 'packages/app/dist/.inputs');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  console.log('Bundling the portal …');
  const result = spawnSync(
    'backstage-cli',
    [
      'package',
      'build',
      '--config',
      join(ROOT, 'packages/app/app-config.build.yaml'),
    ],
    {
      cwd: join(ROOT, 'packages/app'),
      env: { ...env, NODE_ENV: 'production' },
      encoding: 'utf8',
    },
  );
  if (result.status !== 0) {
    process.stdout.write(result.stdout ?? '');
    process.stderr.write(result.stderr ?? '');
    throw new Error('The portal could not be bundled; the reason is above.');
  }
  writeFileSync(stamp, key);
}

/** Environment that both programs share; the same defaults stand in app-config.yaml. */
export function portalEnvironment(
  env,
  {
    dataDir,
    portalPort = 7007,
    sandboxPort = 7011,
    awsPort = 7012,
    speed,
  } = {},
) {
  return {
    ...env,
    DELIVERY_DATA_DIR: dataDir,
    PORTAL_PORT: String(portalPort),
    SANDBOX_GITHUB_PORT: String(sandboxPort),
    SANDBOX_AWS_PORT: String(awsPort),
    // What the AWS clients themselves look at; nothing in the portal knows that there is a sandbox.
    AWS_ENDPOINT_URL: `http://127.0.0.1:${awsPort}`,
    AWS_EC2_METADATA_DISABLED: 'true',
    SANDBOX_DATA_DIR: join(dataDir, 'sandbox'),
    SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${portalPort}/api/delivery/webhooks/github`,
    ...(speed ? { SANDBOX_SPEED: String(speed) } : {}),
  };
}

export async function startSandbox(node, env, dataDir) {
  mkdirSync(join(dataDir, 'sandbox'), { recursive: true });
  const sandbox = startProcess(
    'The sandbox',
    node,
    [...TRANSFORM, join(ROOT, 'packages/sandbox/src/cli.ts'), 'serve'],
    { cwd: ROOT, env, logFile: join(dataDir, 'logs', 'sandbox.log') },
  );
  const url = `http://127.0.0.1:${env.SANDBOX_GITHUB_PORT}`;
  await waitFor(`${url}/_sandbox/status`, sandbox);
  return { ...sandbox, url, stop: () => sandbox.stop() };
}

/** The key that signs the audit lies beside the database, not in it. */
export function makeAuditKey(dataDir) {
  const file = join(dataDir, 'audit', 'key.pem');
  if (existsSync(file)) return;
  mkdirSync(join(dataDir, 'audit'), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(file, pem, { mode: 0o600 });
}

export async function startBackend(
  node,
  env,
  dataDir,
  configs = ['app-config.yaml'],
) {
  mkdirSync(join(dataDir, 'portal'), { recursive: true });
  makeAuditKey(dataDir);
  const backend = startProcess(
    'The portal',
    node,
    [
      ...TRANSFORM,
      'src/index.ts',
      ...configs.flatMap(config => ['--config', join(ROOT, config)]),
    ],
    {
      cwd: join(ROOT, 'packages/backend'),
      env: { ...env, NODE_ENV: 'production' },
      logFile: join(dataDir, 'logs', 'portal.log'),
    },
  );
  const url = `http://localhost:${env.PORTAL_PORT}`;
  await waitFor(`${url}/.backstage/health/v1/readiness`, backend);
  return {
    ...backend,
    url,
    pid: backend.child.pid,
    stop: () => backend.stop(),
  };
}
