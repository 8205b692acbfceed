import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BROWSER_ARGS, findBrowser } from '../../scripts/lib/browser.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

const require = createRequire(join(ROOT, 'e2e/package.json'));
const PATIENCE_MS = 60_000;

/** Runs in the page before anything else: notes when the first content is about to be painted. */
function noteContent(selector) {
  const observer = new MutationObserver(() => {
    if (!document.querySelector(selector)) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      window.contentAt = performance.now();
    });
  });
  observer.observe(document, { subtree: true, childList: true });
}

async function choosePerson(page, button, person) {
  const [popup] = await Promise.all([
    page.waitForEvent('popup', { timeout: 10_000 }),
    button.click(),
  ]);
  await popup.getByRole('link', { name: person, exact: true }).click();
}

/**
 * A browser in which a person is signed in once; each visit then begins with nothing but their cookies.
 *
 * GitHub answers pages of other origins, the sandbox does not: the browser is told not to mind, which also spares the other
 * plugin the preflight requests it would make.
 *
 * @param {{portalUrl: string, person: string}} options - `person` as the sandbox's GitHub calls them
 */
export async function openBrowser({ portalUrl, person }) {
  const { chromium, expect } = require('@playwright/test');
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: [...BROWSER_ARGS, '--disable-web-security'],
  });
  const viewport = { width: 1280, height: 900 };
  let storageState;

  async function visit(path, selector, look) {
    const context = await browser.newContext({ viewport, storageState });
    try {
      const page = await context.newPage();
      const scripts = [];
      page.on('request', request => {
        if (request.resourceType() !== 'script') return;
        scripts.push(new URL(request.url()).pathname.split('/').pop());
      });
      await page.addInitScript(noteContent, selector);
      await page.goto(`${portalUrl}${path}`);
      await page.waitForFunction(() => window.contentAt, undefined, {
        timeout: PATIENCE_MS,
        polling: 'raf',
      });
      const first = await page.evaluate(() => ({
        contentMs: window.contentAt,
        scripts: performance
          .getEntriesByType('resource')
          .filter(({ initiatorType }) => initiatorType === 'script')
          .filter(({ startTime }) => startTime <= window.contentAt)
          .map(({ name }) => new URL(name).pathname.split('/').pop()),
      }));
      await look?.({ page, scripts });
      // Tokens that renew a session hold for one time.
      storageState = await context.storageState();
      return first;
    } finally {
      await context.close();
    }
  }

  return {
    /** Signs the person in, with the consent that `path` asks for, until `selector` is there. */
    async signIn(path, selector) {
      const context = await browser.newContext({ viewport });
      try {
        const page = await context.newPage();
        await page.goto(portalUrl);
        const signIn = page.getByRole('button', { name: /^sign in$/i }).first();
        await expect(async () => {
          await choosePerson(page, signIn, person);
          await expect(
            page.getByRole('link', { name: 'Settings' }),
          ).toBeVisible({ timeout: 5_000 });
        }).toPass({ timeout: PATIENCE_MS });
        await expect(async () => {
          await page.goto(`${portalUrl}${path}`);
          const consent = page.getByRole('button', { name: /^log in$/i });
          const content = page.locator(selector).first();
          await expect(consent.or(content).first()).toBeVisible({
            timeout: 10_000,
          });
          if (await consent.isVisible()) {
            await choosePerson(page, consent, person);
          }
          await expect(content).toBeVisible({ timeout: 10_000 });
        }).toPass({ timeout: 2 * PATIENCE_MS });
        storageState = await context.storageState();
      } finally {
        await context.close();
      }
    },
    /**
     * Opens a page with a cold cache.
     *
     * @returns milliseconds from the navigation until `selector` is about to be painted, and the scripts asked for until then
     */
    visit,
    close: () => browser.close(),
  };
}
