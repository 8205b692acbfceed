import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { ROOT } from '../scripts/lib/paths.mjs';
import { decide } from './lib/approve';
import { expectAccessible } from './lib/axe';
import {
  environmentCard,
  openDelivery,
  openEnvironments,
  signIn,
} from './lib/people';
import { sandbox } from './lib/sandbox';

const A_TICK = { timeout: 25_000 };
const A_ROLLOUT = { timeout: 120_000 };
const short = (sha: string) => sha.slice(0, 7);

test.describe.configure({ timeout: 240_000 });
test.use({ actionTimeout: 20_000 });

/** The card of what waits, above the panels of the tab. */
const card = (page: Page, message: string) => {
  const found = page.locator('[data-approval]').filter({ hasText: message });
  // What touches shared code waits for both services of the repository; the first one is meant.
  return message.includes('ledger')
    ? found
    : found.filter({ hasNotText: /vaultex.ledger/i });
};

async function review(page: Page, message: string) {
  await expect(card(page, message)).toBeVisible(A_ROLLOUT);
  await card(page, message).getByRole('button', { name: 'Review' }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('heading', { name: /^Approve/ })).toBeVisible();
  return drawer;
}

async function approve(page: Page, message: string, reason: string) {
  const drawer = await review(page, message);
  await drawer.getByRole('textbox').fill(reason);
  const button = drawer.getByRole('button', { name: 'Approve production' });
  // Staging has to hold for some seconds first.
  await expect(button).not.toHaveAttribute('aria-disabled', 'true', A_ROLLOUT);
  await decide(drawer);
  await expect(drawer).toContainText(/Audit entry \d+/, A_TICK);
  return drawer;
}

test('journeys 3, 4, 5 and 9: author and approver at once, rollout, audit, failing smoke test', async ({
  browser,
}) => {
  const author = await (await browser.newContext()).newPage();
  const approver = await (await browser.newContext()).newPage();
  await signIn(author, 'dana');
  await signIn(approver, 'cleo');
  await openDelivery(author, 'vaultex-api');
  const message = `Refund in parts, case ${Date.now()}`;
  const { sha } = await sandbox.push('vaultex-api', { message });

  // The author sees what waits, and why it is not theirs to decide.
  const refused = await review(author, message);
  await expect(
    refused.getByRole('button', { name: 'Approve production' }),
  ).toHaveAttribute('aria-disabled', 'true');
  await expect(refused).toContainText(/you started attempt 1|asked for it/i);
  await expect(refused).toContainText('cleo');
  await expectAccessible(author);

  // The approver is told, and finds it in the inbox.
  await approver.goto('/delivery/approvals');
  await expect(
    approver.getByRole('link', { name: /Delivery, \d+ approvals? wait/ }),
  ).toBeVisible(A_TICK);
  await expect(card(approver, message)).toContainText('dana', A_TICK);
  await expectAccessible(approver);
  const evidence = await review(approver, message);
  await expect(evidence).toContainText(short(sha));
  await expect(evidence).toContainText('Unit tests');
  await expect(evidence).toContainText(/The same runs in staging/);
  await expect(evidence).toContainText(/does not prevent/i);
  await expectAccessible(approver);
  await approver.keyboard.press('Escape');

  const decided = await approve(approver, message, 'Merchant support agrees');
  await expect(decided).toContainText('cleo');
  await approver.keyboard.press('Escape');

  // Production rolls out before their eyes.
  await openEnvironments(approver, 'vaultex-api', 'production');
  const production = environmentCard(approver, 'production');
  await expect(production).toContainText(short(sha), A_ROLLOUT);
  await expect(production).toContainText(message, A_ROLLOUT);
  await expect(production).not.toContainText(/tasks new/, A_ROLLOUT);

  // What the author looked at is decided by now.
  await expect(author.getByRole('dialog')).toContainText(
    /approved by.*cleo/i,
    A_TICK,
  );
  await author.keyboard.press('Escape');

  // The smoke test of the next one fails: the old commit comes back.
  const broken = `Refund twice, case ${Date.now()}`;
  await sandbox.breakSmoke('vaultex-api');
  const next = await sandbox.push('vaultex-api', { message: broken });
  await approver.goto('/delivery/approvals');
  await approve(approver, broken, 'Looks harmless');
  await openEnvironments(approver, 'vaultex-api', 'production');
  await expect(production).toContainText(short(next.sha), A_ROLLOUT);
  await expect(production).not.toContainText(short(next.sha), A_ROLLOUT);
  await expect(production).toContainText(short(sha), A_TICK);

  // Journey 9: the audit is there, exported, verified; one changed byte is named.
  await approver.goto(
    '/catalog/default/component/vaultex-api/delivery?panel=audit',
  );
  const rows = approver.getByRole('row');
  await expect(
    rows.filter({ hasText: 'Merchant support agrees' }).first(),
  ).toBeVisible(A_TICK);
  await expect(rows.filter({ hasText: 'succeeded' }).first()).toBeVisible();
  await expectAccessible(approver);
  const [download] = await Promise.all([
    approver.waitForEvent('download'),
    approver.getByRole('button', { name: /JSON Lines/ }).click(),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'delivery-audit-'));
  const file = join(folder, 'audit.jsonl');
  await download.saveAs(file);
  const verify = () =>
    spawnSync(
      process.execPath,
      [join(ROOT, 'plugins/delivery-backend/bin/verify-audit.mjs'), file],
      { encoding: 'utf8' },
    );
  expect(verify()).toMatchObject({ status: 0 });
  const text = readFileSync(file, 'utf8');
  const line = text
    .split('\n')
    .find(item => item.includes('Merchant support agrees'));
  const { seq } = JSON.parse(String(line));
  writeFileSync(file, text.replace('Merchant support', 'merchant support'));
  const changed = verify();
  expect(changed.status).toBe(1);
  expect(changed.stdout + changed.stderr).toMatch(new RegExp(`\\b${seq}\\b`));
  rmSync(folder, { recursive: true });
});

test('journey 7: back to what ran healthy, asked by one and approved by another', async ({
  browser,
}) => {
  const author = await (await browser.newContext()).newPage();
  const approver = await (await browser.newContext()).newPage();
  await signIn(author, 'dana');
  await signIn(approver, 'cleo');
  // What waits for production holds it; nothing waiting is as good.
  await sandbox.cancel('vaultex-ledger').catch(() => undefined);
  await openEnvironments(author, 'vaultex-ledger', 'production');
  await expect(environmentCard(author, 'production')).not.toContainText(
    /waiting for approval/,
    A_ROLLOUT,
  );
  const history = author.getByRole('region', { name: 'History' });
  const back = history.getByRole('button', { name: /Roll back to/ }).first();
  await expect(back).toBeVisible(A_TICK);
  const target = String(await back.getAttribute('aria-label')).match(
    /[0-9a-f]{7}/,
  )?.[0];
  await back.click();
  const drawer = author.getByRole('dialog');
  await expect(drawer).toContainText(/not rolled back/i, A_TICK);
  await expectAccessible(author);
  await drawer.getByRole('textbox').fill('Bookings do not add up');
  await drawer.getByRole('button', { name: 'Roll back', exact: true }).click();
  await expect(drawer).toContainText('started in the name of dana', A_TICK);
  await author.keyboard.press('Escape');

  await approver.goto('/delivery/approvals');
  await approve(approver, 'Roll back vaultex-ledger', 'Agreed in the call');
  await approver.keyboard.press('Escape');
  const production = environmentCard(author, 'production');
  await expect(production).toContainText(String(target), A_ROLLOUT);
  await expect(production).not.toContainText(/tasks new/, A_ROLLOUT);
});

test('re-run and cancel in the own name', async ({ page }) => {
  await signIn(page, 'dana');
  await openDelivery(page, 'vaultex-ledger');
  const message = `Post once, case ${Date.now()}`;
  await sandbox.push('vaultex-ledger', { message });
  const row = page.getByRole('row').filter({ hasText: message }).first();
  await expect(row).toContainText('running', A_ROLLOUT);
  await row.getByRole('link').first().click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Cancel the run/ }).click();
  await expect(page.getByTestId('run-state')).toContainText(
    'cancelled',
    A_ROLLOUT,
  );
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Re-run', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Re-run/ })
    .click();
  await expect(page.getByTestId('run-state')).toContainText(
    /queued|running/,
    A_ROLLOUT,
  );
  await page.keyboard.press('Escape');
  await expect(page.getByText(/[Aa]ttempt 2/).first()).toBeVisible(A_TICK);
  // What would wait for production holds it for whoever comes next.
  await sandbox.cancel('vaultex-ledger');
});

test('a guest sees what waits and can do nothing about it', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible();
  const message = `Round up, case ${Date.now()}`;
  await sandbox.push('vaultex-ledger', { message });
  await page.goto('/delivery/approvals?show=waiting');
  const first = page
    .locator('[data-approval]')
    .filter({ hasText: message })
    .filter({ hasText: 'Vaultex ledger' });
  await expect(first).toBeVisible(A_ROLLOUT);
  await first.getByRole('button', { name: 'Review' }).click();
  const drawer = page.getByRole('dialog');
  await expect(
    drawer.getByRole('button', { name: 'Approve production' }),
  ).toHaveAttribute('aria-disabled', 'true');
  await sandbox.cancel('vaultex-ledger');
  await page.goto('/delivery/audit');
  await expect(page.getByTestId('delivery-audit-page')).toBeVisible();
});
