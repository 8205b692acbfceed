import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureApp,
  portalEnvironment,
  startBackend,
  startSandbox,
} from '../scripts/lib/portal.mjs';

/** Starts the product as `npm start` does, on ports and in a folder of its own. */
export default async function globalSetup() {
  const node = process.env.DELIVERY_NODE ?? process.execPath;
  const dataDir = mkdtempSync(join(tmpdir(), 'delivery-e2e-'));
  const env = portalEnvironment(process.env, {
    dataDir,
    portalPort: Number(process.env.E2E_PORTAL_PORT ?? 7107),
    sandboxPort: Number(process.env.E2E_SANDBOX_PORT ?? 7111),
    awsPort: Number(process.env.E2E_AWS_PORT ?? 7112),
    speed: Number(process.env.E2E_SPEED ?? 40),
  });
  ensureApp(process.env);
  const sandbox = await startSandbox(node, env, dataDir);
  const backend = await startBackend(node, env, dataDir);
  process.env.E2E_PORTAL_URL = backend.url;
  process.env.E2E_SANDBOX_URL = sandbox.url;
  return async () => {
    await backend.stop();
    await sandbox.stop();
    if (!process.env.E2E_KEEP)
      rmSync(dataDir, { recursive: true, force: true });
  };
}
