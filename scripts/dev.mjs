import { DATA, ROOT } from './lib/paths.mjs';
import {
  makeAuditKey,
  portalEnvironment,
  startSandbox,
} from './lib/portal.mjs';
import { startProcess, stopAll } from './lib/processes.mjs';
import { join } from 'node:path';

const node = process.env.DELIVERY_NODE ?? process.execPath;

async function main() {
  const env = portalEnvironment(process.env, { dataDir: DATA });
  const sandbox = await startSandbox(node, env, DATA);
  makeAuditKey(DATA);
  const portal = startProcess(
    'The portal',
    'backstage-cli',
    [
      'repo',
      'start',
      '--config',
      join(ROOT, 'app-config.yaml'),
      '--config',
      join(ROOT, 'app-config.dev.yaml'),
    ],
    { cwd: ROOT, env, logFile: join(DATA, 'logs', 'dev.log') },
  );
  portal.child.stdout.pipe(process.stdout);
  portal.child.stderr.pipe(process.stderr);
  console.log(
    `GitHub   ${sandbox.url}   (the sandbox)\nPortal   http://localhost:3000   (with hot reload)`,
  );
  await Promise.race([sandbox.done, portal.done]);
  await stopAll();
}

main().catch(async error => {
  console.error(error.message);
  await stopAll();
  process.exit(1);
});
