import { expect, test } from '@playwright/test';
import { expectAccessible } from './lib/axe';
import { openDelivery, signInAsGuest } from './lib/people';
import { sandbox } from './lib/sandbox';

test('journey 1: a service page shows its runs with one request and no call to GitHub', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-api');
  const rows = page.getByRole('table').getByRole('row');
  await expect.poll(() => rows.count()).toBeGreaterThan(20);

  // Only this component's pipeline, although the repository has another one.
  await expect(page.getByRole('table')).not.toContainText('Ledger');

  await expect(page.locator('[data-tile]')).toHaveCount(4, {
    timeout: 60_000,
  });

  const before = await sandbox.calls();
  const requests: string[] = [];
  page.on('request', request => {
    // The sidebar counts what waits for the person, whatever page is open.
    if (/\/api\/delivery\/(?!v1\/approvals)/.test(request.url())) {
      requests.push(request.url());
    }
  });
  await page.reload();
  await expect.poll(() => rows.count()).toBeGreaterThan(20);
  await expect(page.locator('[data-tile]')).toHaveCount(4);
  expect(
    requests.filter(url => url.endsWith('/overview')).length,
  ).toBeGreaterThan(0);
  expect(requests.every(url => url.endsWith('/overview'))).toBe(true);
  // The reconciler may read meanwhile, but no view makes it read more than a sweep's few calls.
  expect((await sandbox.calls()) - before).toBeLessThanOrEqual(4);
});

test('what was cancelled is called cancelled, and the filter finds it', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-ledger');
  const message = `Take back what was begun, case ${Date.now()}`;
  await sandbox.push('vaultex-ledger', { message });
  const row = page.getByRole('row').filter({ hasText: message });
  await expect(row).toContainText(/running|queued/);
  await sandbox.cancel('vaultex-ledger');
  await expect(row).toContainText('cancelled');
  await page.goto(
    '/catalog/default/component/vaultex-ledger/delivery?status=cancelled',
  );
  await expect(row).toBeVisible();
  // First cell of every row: the head, then one status a run.
  const statuses = await page
    .getByRole('row')
    .locator('td:first-child, th[scope=row]')
    .allInnerTexts();
  expect(statuses.length).toBeGreaterThan(0);
  for (const status of statuses) expect(status).toContain('cancelled');
});

test('the card on the overview page leads to the tab', async ({ page }) => {
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-api');
  await page.goto('/catalog/default/component/vaultex-api');
  await page.getByRole('link', { name: 'All runs' }).click();
  await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible();
});

test('a component without the annotation has no tab', async ({ page }) => {
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-api');
  await page.goto('/catalog/default/system/vaultex');
  await expect(
    page.getByRole('link', { name: 'Overview' }).first(),
  ).toBeVisible();
  // The one of the sidebar stays.
  await expect(
    page.getByRole('main').getByRole('link', { name: 'Delivery', exact: true }),
  ).toHaveCount(0);
});

for (const theme of ['light', 'dark']) {
  for (const width of [1280, 768]) {
    test(`axe finds nothing on the tab, ${theme}, ${width} px`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.addInitScript(
        value => localStorage.setItem('theme', value),
        theme,
      );
      await signInAsGuest(page);
      await openDelivery(page, 'vaultex-api');
      await expect
        .poll(() => page.getByRole('table').getByRole('row').count())
        .toBeGreaterThan(20);
      await expectAccessible(page);
      // Nothing makes the page itself scroll sideways.
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth <= window.innerWidth,
        ),
      ).toBe(true);
    });
  }
}
