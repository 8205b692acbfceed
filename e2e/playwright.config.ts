import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS } from '../scripts/lib/browser.mjs';

/** One portal and one sandbox serve all journeys, as one person after the other would use them. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './globalSetup.ts',
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  use: {
    baseURL: `http://localhost:${process.env.E2E_PORTAL_PORT ?? 7107}`,
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: BROWSER_ARGS,
    },
  },
});
