import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './lib/browser.mjs';
import { ROOT } from './lib/paths.mjs';

/** Makes docs/images anew from the running product, so that the pictures never show what is not there. */
const folder = join(ROOT, 'docs/images');
mkdirSync(folder, { recursive: true });
const result = spawnSync(
  'playwright',
  ['test', '--config', 'e2e/playwright.config.ts', 'pictures'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      CHROMIUM_PATH: await findBrowser(),
      DELIVERY_PICTURES: folder,
    },
  },
);
process.exit(result.status ?? 1);
