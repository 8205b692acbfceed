import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BROWSER_ARGS, findBrowser } from '../../scripts/lib/browser.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

const require = createRequire(join(ROOT, 'e2e/package.json'));

/** Runs in the page: notes when each title that begins with `prefix` is about to be painted. */
function noteTitles(prefix) {
  const seen = {};
  window.seenTitles = seen;
  const pattern = new RegExp(`${prefix}\\d+`, 'g');
  const look = () => {
    for (const row of document.querySelectorAll('tr, [role="row"]')) {
      for (const [title] of row.textContent.matchAll(pattern)) {
        if (seen[title] === undefined) {
          seen[title] = null;
          requestAnimationFrame(() => {
            seen[title] = Date.now();
          });
        }
      }
    }
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  look();
}

/** Opens the Delivery tab of a service in a real browser, as a guest, and watches its rows. */
export async function watchPage({ portalUrl, component, prefix }) {
  const { chromium, expect } = require('@playwright/test');
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: BROWSER_ARGS,
  });
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
  });
  await page.goto(portalUrl);
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible();
  await expect(async () => {
    await page.goto(
      `${portalUrl}/catalog/default/component/${component}/delivery`,
    );
    await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible({
      timeout: 8_000,
    });
    await expect(page.getByRole('row').nth(3)).toBeVisible({ timeout: 8_000 });
  }).toPass({ timeout: 90_000 });
  await page.evaluate(noteTitles, prefix);
  return {
    /** When the title was visible, in epoch milliseconds; undefined when it was not within `ms`. */
    async seenAt(title, ms) {
      const handle = await page
        .waitForFunction(name => window.seenTitles[name], title, {
          timeout: ms,
          polling: 50,
        })
        .catch(() => undefined);
      return handle?.jsonValue();
    },
    close: () => browser.close(),
  };
}
