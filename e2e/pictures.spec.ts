import { join } from 'node:path';
import { expect, test, type Page, type TestInfo } from '@playwright/test';
import {
  environmentCard,
  openDelivery,
  openEnvironments,
  signIn,
} from './lib/people';
import { sandbox } from './lib/sandbox';

/** `yarn screenshots` keeps the pictures in docs/images; a test run throws them away with its other results. */
function picture(page: Page, info: TestInfo, name: string) {
  const folder = process.env.DELIVERY_PICTURES ?? info.outputDir;
  return page.screenshot({ path: join(folder, `${name}.png`) });
}

test('the pictures of the documentation show what it says', async ({
  page,
  browser,
}, info) => {
  await signIn(page, 'dana');
  await openDelivery(page, 'vaultex-api');
  const rows = page.getByRole('table').getByRole('row');
  await expect.poll(() => rows.count()).toBeGreaterThan(20);

  const title = 'Keep refunds below the payment';
  await sandbox.push('vaultex-api', { message: title });
  const waiting = rows.filter({ hasText: title }).first();
  await expect(waiting).toContainText('waiting', { timeout: 90_000 });
  await sandbox.push('vaultex-api', {
    message: 'Answer 409 to a second capture',
  });
  await expect(
    rows.filter({ hasText: 'second capture' }).first(),
  ).toContainText('running', {
    timeout: 30_000,
  });
  await picture(page, info, 'runs');

  await waiting.getByRole('link').first().click();
  await expect(
    page.getByRole('button', { name: /^Deploy, waiting/ }),
  ).toBeVisible();
  await page.getByRole('button', { name: /^Unit tests/ }).click();
  await expect(page.getByRole('region', { name: /^Log/ })).toBeVisible();
  await picture(page, info, 'run');

  const approver = await (
    await browser.newContext({ viewport: { width: 1280, height: 1000 } })
  ).newPage();
  await signIn(approver, 'cleo');
  await approver.goto('/delivery/approvals');
  await approver
    .locator('[data-approval]')
    .filter({ hasText: title, hasNotText: /vaultex.ledger/i })
    .getByRole('button', { name: 'Review' })
    .click();
  await expect(approver.getByRole('dialog')).toContainText(
    'The same runs in staging',
    { timeout: 60_000 },
  );
  await picture(approver, info, 'approval');
  await approver.close();

  await openEnvironments(page, 'order-processing', 'production');
  await expect(environmentCard(page, 'production')).toContainText(
    /\d+ commits? behind staging/,
    { timeout: 60_000 },
  );
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
  await picture(page, info, 'environments');

  await page.setViewportSize({ width: 1280, height: 1400 });
  await page.goto(
    '/catalog/default/component/order-processing/delivery?panel=dora&metric=change_fail_rate',
  );
  await expect(
    page.locator('button[data-metric="change_fail_rate"]'),
  ).toContainText(/\d+ of \d+ deployments/, { timeout: 60_000 });
  await expect(page.locator('[data-row]').first()).toBeVisible();
  await page
    .getByRole('heading', { name: 'DORA', exact: true })
    .scrollIntoViewIfNeeded();
  await picture(page, info, 'dora');
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.goto('/delivery?view=live');
  await expect(page.locator('[data-service]')).toHaveCount(7);
  await picture(page, info, 'matrix');
});
