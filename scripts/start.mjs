import { connect } from 'node:net';
import { DATA } from './lib/paths.mjs';
import { asked, stopAll } from './lib/processes.mjs';
import {
  ensureApp,
  portalEnvironment,
  startBackend,
  startSandbox,
} from './lib/portal.mjs';

const node = process.env.DELIVERY_NODE ?? process.execPath;
const began = Date.now();

/** A port that somebody else holds would make us wait for a portal that is not ours. */
function requireFree(port, variable) {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => resolve());
    socket.on('connect', () => {
      socket.destroy();
      reject(
        new Error(
          `Port ${port} is taken, perhaps by another portal. Stop that, or choose another one with ${variable}=….`,
        ),
      );
    });
  });
}

async function main() {
  const env = portalEnvironment(process.env, {
    dataDir: DATA,
    portalPort: process.env.PORTAL_PORT,
    sandboxPort: process.env.SANDBOX_GITHUB_PORT,
    awsPort: process.env.SANDBOX_AWS_PORT,
  });
  await requireFree(env.PORTAL_PORT, 'PORTAL_PORT');
  await requireFree(env.SANDBOX_GITHUB_PORT, 'SANDBOX_GITHUB_PORT');
  await requireFree(env.SANDBOX_AWS_PORT, 'SANDBOX_AWS_PORT');
  ensureApp(process.env);
  // The portal reads the sandbox's App key when it starts, so the sandbox is first.
  const sandbox = await startSandbox(node, env, DATA);
  const backend = await startBackend(node, env, DATA);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`
Portal   ${backend.url}   (ready after ${seconds} s)
GitHub   ${sandbox.url}   (the sandbox)
AWS      ${env.AWS_ENDPOINT_URL}   (the sandbox)

Sign in as guest, or with GitHub as one of
  dana   author          ravi   reviewer        cleo   CTO, approver
  pat    platform        aude   auditor, read only

Try      npm run sandbox push vaultex-api     a commit, and its run on the Delivery tab
         npm run sandbox drift vaultex-api    somebody changes production by hand
         npm run sandbox help                 everything else
Logs     ${DATA}/logs
Stop     Ctrl-C
`);
  const stopped = await Promise.race([
    sandbox.done.then(exit => ({ name: 'The sandbox', ...exit })),
    backend.done.then(exit => ({ name: 'The portal', ...exit })),
  ]);
  if (asked.toEnd) return;
  console.error(
    `${stopped.name} stopped (${
      stopped.signal ?? stopped.code
    }); see ${DATA}/logs.`,
  );
  await stopAll();
  process.exit(1);
}

main().catch(async error => {
  console.error(error.message);
  await stopAll();
  process.exit(1);
});
