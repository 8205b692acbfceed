import { expect, test } from '@playwright/test';
import { askForLog, openDelivery, signIn, signInAsGuest } from './lib/people';
import { sandbox } from './lib/sandbox';

test.afterEach(() => sandbox.calmDown());

test('with GitHub down the page keeps what it knew', async ({ page }) => {
  // A guest: who is signed in through GitHub cannot come back to a page while GitHub is down, whatever we show.
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-api');
  const rows = page.getByRole('table').getByRole('row');
  await expect.poll(() => rows.count()).toBeGreaterThan(20);
  await sandbox.fault('errors', { rate: 1, status: 502 });
  await page.reload();
  await expect.poll(() => rows.count()).toBeGreaterThan(20);
});

test('webhooks twice and in disorder end in the same state', async ({
  page,
}) => {
  await signIn(page, 'dana');
  await openDelivery(page, 'order-processing');
  await sandbox.fault('webhooks-duplicate', { rate: 1 });
  await sandbox.fault('webhooks-reorder', { rate: 0.5 });
  const message = `Retry orders, case ${Date.now()}`;
  await sandbox.push('order-processing', { message });
  const row = page.getByRole('row').filter({ hasText: message });
  await expect(row.first()).toContainText(/waiting|success/, {
    timeout: 90_000,
  });
  await expect(row).toHaveCount(await row.count());
});

test('lost webhooks are made up for', async ({ page }) => {
  await signIn(page, 'dana');
  await openDelivery(page, 'cicd-platform');
  await sandbox.fault('webhooks-drop', { count: 3 });
  const message = `Lose the first news, case ${Date.now()}`;
  await sandbox.push('cicd-platform', { message });
  const row = page.getByRole('row').filter({ hasText: message }).first();
  await expect(row).toBeVisible({ timeout: 60_000 });
  await expect(row).toContainText(/success|waiting/, { timeout: 90_000 });
});

test('a guest sees no logs, and is told which permission it takes', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-api');
  await page.getByRole('table').getByRole('link').first().click();
  await page
    .getByRole('group', { name: /Job graph/ })
    .getByRole('button')
    .first()
    .click();
  await askForLog(page);
  const refused = page.getByText(/delivery\.log\.read/);
  await expect(refused).toBeVisible();
});

test('a run that does not exist says so', async ({ page }) => {
  await signInAsGuest(page);
  await page.goto('/delivery/runs/github.999999999999');
  await expect(page.getByRole('alert')).toContainText('Not found');
  await expect(page.getByRole('alert')).toContainText('github.999999999999');
});
