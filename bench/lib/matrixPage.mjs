import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BROWSER_ARGS, findBrowser } from '../../scripts/lib/browser.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

const require = createRequire(join(ROOT, 'e2e/package.json'));

/** Scrolls the table from top to bottom, `step` pixels a frame, and gives the lengths of tasks that held the page. */
async function scrollThrough({ step }) {
  const table = document.querySelector('[data-testid="matrix"]');
  const long = [];
  const observer = new PerformanceObserver(list =>
    list.getEntries().forEach(entry => long.push(Math.round(entry.duration))),
  );
  observer.observe({ type: 'longtask' });
  const frames = [];
  let last = performance.now();
  while (table.scrollTop + table.clientHeight < table.scrollHeight - 1) {
    table.scrollTop += step;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  // What is noted of the last frames arrives a moment later.
  await new Promise(resolve => setTimeout(resolve, 300));
  observer.disconnect();
  return {
    long,
    frames,
    rows: document.querySelectorAll('[data-service]').length,
  };
}

/**
 * Opens the matrix in a real browser with the answer of another, larger portal, and scrolls through it.
 *
 * @param {{portalUrl: string, answer: string, answerMs: number}} options - `answer` is the JSON of `/v1/matrix`, given after `answerMs`
 */
export async function openMatrix({ portalUrl, answer, answerMs }) {
  const { chromium, expect } = require('@playwright/test');
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: BROWSER_ARGS,
  });
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 900 },
    });
    await page.goto(portalUrl);
    await page.getByRole('button', { name: 'Enter' }).click();
    await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible();
    let served = 0;
    await page.route('**/api/delivery/v1/matrix', async route => {
      served += 1;
      await new Promise(resolve => setTimeout(resolve, answerMs));
      await route.fulfill({ contentType: 'application/json', body: answer });
    });
    await page.goto(`${portalUrl}/delivery`);
    await page.locator('[data-service]').first().waitFor({ timeout: 60_000 });
    const interactiveMs = await page.evaluate(() => performance.now());
    const requests = served;
    const scrolled = await page.evaluate(scrollThrough, { step: 400 });
    return { interactiveMs, requests, ...scrolled };
  } finally {
    await browser.close();
  }
}
