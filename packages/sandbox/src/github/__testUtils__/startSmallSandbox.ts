import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { Sandbox, SandboxOptions, startServer } from '../../server';
import { smallParts } from './smallWorld';

/** A sandbox on a free port in a folder of its own, gone after `stop`. */
export async function startSmallSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<Sandbox & { dataDir: string; stop: () => Promise<void> }> {
  const dataDir =
    options.dataDir ?? (await mkdtemp(join(tmpdir(), 'sandbox-github-')));
  const sandbox = await startServer(
    {
      port: 0,
      awsPort: 0,
      // nobody listens there: a test that cares names its own receiver
      webhookUrl: 'http://127.0.0.1:9/',
      speed: 1000,
      ...options,
      dataDir,
    },
    smallParts,
  );
  return Object.assign(sandbox, {
    dataDir,
    stop: async () => {
      await sandbox.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  });
}

/** Asks until `look` gives something. @throws Error after 10 s */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not happen within 10 s');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
