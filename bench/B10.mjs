import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';
import { freePort } from '../scripts/lib/postgres.mjs';

async function startOnce(dataDir) {
  const env = {
    ...process.env,
    DELIVERY_DATA_DIR: dataDir,
    PORTAL_PORT: String(await freePort()),
    SANDBOX_GITHUB_PORT: String(await freePort()),
    SANDBOX_AWS_PORT: String(await freePort()),
  };
  const began = Date.now();
  const child = spawn(process.execPath, ['scripts/run.mjs', 'start'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its own group, so that the whole tree can be ended.
    detached: true,
  });
  try {
    return await new Promise((resolve, reject) => {
      let text = '';
      child.stdout.on('data', chunk => {
        text += chunk;
        if (text.includes('Stop     Ctrl-C'))
          resolve((Date.now() - began) / 1000);
      });
      child.on('exit', code =>
        reject(new Error(`npm start ended with ${code}: ${text}`)),
      );
    });
  } finally {
    const ended = new Promise(resolve => child.on('exit', resolve));
    process.kill(-child.pid, 'SIGTERM');
    await ended;
  }
}

/** `npm start` with everything installed: the first time in an empty data folder, and again. */
export default async function measure({ log }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'delivery-b10-'));
  try {
    const first = await startOnce(dataDir);
    const again = await startOnce(dataDir);
    log(
      `first start of the demo ${first.toFixed(1)} s, next one ${again.toFixed(
        1,
      )} s`,
    );
    return [
      {
        figure:
          '`npm start` with everything installed (90 days of demo history exist)',
        seen: `${again.toFixed(1)} s`,
        target: '≤ 15 s',
        ok: again <= 15,
      },
      {
        figure:
          '`npm start` with everything installed, first time (the demo history is made)',
        seen: `${first.toFixed(1)} s`,
        target: '≤ 15 s',
        ok: first <= 15,
      },
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
