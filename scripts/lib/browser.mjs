import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ROOT } from './paths.mjs';

const require = createRequire(import.meta.url);

/** What a browser needs to run as root, and to leave the network alone. */
export const BROWSER_ARGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

function launches(path) {
  const result = spawnSync(
    path,
    [
      '--headless',
      '--disable-gpu',
      ...BROWSER_ARGS,
      '--dump-dom',
      'data:text/html,ready',
    ],
    { encoding: 'utf8', timeout: 30_000 },
  );
  return result.status === 0 && result.stdout.includes('ready');
}

/** Where browsers may be, the cheapest first; each is asked only when the one before did not start. */
const CANDIDATES = [
  async () => process.env.CHROMIUM_PATH,
  async () => '/usr/bin/chromium',
  async () => {
    const { default: chromium } = await import('@sparticuz/chromium');
    return chromium.executablePath();
  },
  async () => {
    if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
      return undefined;
    console.log('Installing chromium with apt-get …');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
      {
        stdio: 'ignore',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      },
    );
    return '/usr/bin/chromium';
  },
  async () => {
    spawnSync('playwright', ['install', 'chromium'], {
      cwd: ROOT,
      stdio: 'ignore',
      env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '' },
    });
    return require('@playwright/test').chromium.executablePath();
  },
];

/** Path of a Chromium that really starts here. */
export async function findBrowser() {
  for (const candidate of CANDIDATES) {
    const path = await candidate().catch(() => undefined);
    if (path && existsSync(path) && launches(path)) return path;
  }
  throw new Error(
    'No Chromium starts on this machine. Install one and set CHROMIUM_PATH to it.',
  );
}
