import { expect, test } from '@playwright/test';
import { expectAccessible } from './lib/axe';
import {
  environmentCard,
  openDelivery,
  openEnvironments,
  signIn,
  signInAsGuest,
} from './lib/people';
import { sandbox } from './lib/sandbox';

/** One look of the portal at AWS, its answer and the way to the page. */
const A_TICK = { timeout: 25_000 };
const A_ROLLOUT = { timeout: 120_000 };
/** Account of production. */
const PRODUCTION = '444444444444';
const short = (sha: string) => sha.slice(0, 7);

test.afterEach(async () => {
  await sandbox.calmAws(PRODUCTION);
  await sandbox.breakTargets('vaultex-api', { off: true });
});

test('journey 1: the first sight says what runs where, with one request and no call', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openDelivery(page, 'order-processing');
  const strip = page.getByRole('list', { name: /Environments/ }).first();
  for (const name of ['dev', 'qa', 'staging', 'production']) {
    await expect(strip.locator(`[data-environment="${name}"]`)).toContainText(
      /[0-9a-f]{7}/,
      A_TICK,
    );
  }
  const requests: string[] = [];
  page.on('request', request => {
    // The sidebar counts what waits for the person, whatever page is open.
    if (/\/api\/delivery\/(?!v1\/approvals)/.test(request.url())) {
      requests.push(request.url());
    }
  });
  await page.reload();
  await expect(strip.locator('[data-environment="production"]')).toContainText(
    /[0-9a-f]{7}/,
  );
  expect(requests.length).toBeGreaterThan(0);
  expect(requests.every(url => url.endsWith('/overview'))).toBe(true);
  await expectAccessible(page);
});

test('a push rolls out in staging before the reader’s eyes, and its commit runs there', async ({
  page,
}) => {
  await signIn(page, 'dana');
  await openEnvironments(page, 'vaultex-api', 'staging');
  const staging = environmentCard(page, 'staging');
  const message = `Refund in parts, case ${Date.now()}`;
  const { sha } = await sandbox.push('vaultex-api', { message });
  await expect(staging).toContainText(/\d of \d tasks new/, A_ROLLOUT);
  await expect(staging).toContainText(short(sha));
  await expect(staging).toContainText(message, A_ROLLOUT);
  await expect(staging).not.toContainText(/tasks new/, A_ROLLOUT);
  await expect(staging).toContainText(/healthy/, A_TICK);
  await expectAccessible(page);

  const production = environmentCard(page, 'production');
  await expect(production).toContainText(/waiting for approval/, A_ROLLOUT);
  await expect(production).toContainText(/behind staging/);
  await production.getByRole('button', { name: /behind staging/ }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText(message);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await sandbox.approve('vaultex-api', 'cleo');
  await expect(production).toContainText(message, A_ROLLOUT);
  await expect(production).not.toContainText(/tasks new/, A_ROLLOUT);
  await expect(production).not.toContainText(/behind staging/, A_TICK);
});

test('journey 5: a failing smoke test brings the old commit back', async ({
  page,
}) => {
  await signIn(page, 'dana');
  await openEnvironments(page, 'vaultex-ledger', 'production');
  const production = environmentCard(page, 'production');
  await expect(production).toContainText(/[0-9a-f]{7}/, A_TICK);
  await expect(production).toContainText('healthy', A_TICK);
  const before = /[0-9a-f]{7}/.exec(await production.innerText())?.[0] ?? '';

  await sandbox.breakSmoke('vaultex-ledger');
  const message = `Book twice, case ${Date.now()}`;
  const { sha } = await sandbox.push('vaultex-ledger', { message });
  await expect(production).toContainText(/waiting for approval/, A_ROLLOUT);
  await sandbox.approve('vaultex-ledger', 'cleo');
  await expect(production).toContainText(short(sha), A_ROLLOUT);
  await expect(production).toContainText(/rolled back/, A_ROLLOUT);
  await expect(production).toContainText(before);
  // The pipeline brought it back itself: that is no drift.
  await expect(production).not.toContainText('pipeline says');
  const history = page.getByRole('region', { name: 'History' });
  await expect(
    history
      .getByRole('listitem')
      .filter({ hasText: short(sha) })
      .first(),
  ).toContainText(/rolled back/);
});

test('journey 6: what somebody changed by hand is told within one tick', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openEnvironments(page, 'eventflow-frontend', 'staging');
  const staging = environmentCard(page, 'staging');
  await expect(staging).toContainText(/[0-9a-f]{7}/, A_TICK);
  const said = /[0-9a-f]{7}/.exec(await staging.innerText())?.[0] ?? '';
  await sandbox.drift('eventflow-frontend', 'staging');
  await expect(staging).toContainText(
    new RegExp(`Running .*, pipeline says ${said}`),
    A_ROLLOUT,
  );
  await expectAccessible(page);
  await page.goto('/delivery');
  const row = page.locator(
    '[data-service="component:default/eventflow-frontend"]',
  );
  await expect(row).toContainText('pipeline says');
});

test('a failing health check of the balancer shows the first red boundary and what to do', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openEnvironments(page, 'vaultex-api', 'production');
  const chain = page.getByRole('list', { name: /Health/ }).first();
  await expect(chain.getByRole('listitem')).toHaveCount(5);
  await sandbox.breakTargets('vaultex-api', { reason: 'timeout' });
  // ECS begins to stop tasks whose targets fail, so the first red one is the target or, a little later, the service.
  const red = chain.locator('[data-state="unhealthy"]');
  await expect(red).toHaveCount(1, A_TICK);
  await expect(red).toContainText(/Target|Service/);
  await expect(chain.locator('[data-state="not_reached"]')).not.toHaveCount(0);
  await expect(page.getByText(/security group/i).first()).toBeVisible(A_TICK);
  await expectAccessible(page);
});

test('an account that cannot be read keeps its last good state and hides no other', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openEnvironments(page, 'order-processing', 'production');
  const production = environmentCard(page, 'production');
  await expect(production).toContainText(/[0-9a-f]{7}/, A_TICK);
  await sandbox.awsFault('access-denied', PRODUCTION);
  await expect(production).toContainText(/Last good state|not up to date/, {
    timeout: 60_000,
  });
  await expect(production).toContainText(/[0-9a-f]{7}/);
  const staging = environmentCard(page, 'staging');
  await expect(staging).not.toContainText(/Last good state|not up to date/);
  await expectAccessible(page);
});

test('the matrix shows every service in one request', async ({ page }) => {
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-api');
  const requests: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/api/delivery/')) requests.push(request.url());
  });
  await page
    .getByRole('link', { name: 'Delivery', exact: true })
    .first()
    .click();
  const rows = page.locator('[data-service]');
  await expect(rows).toHaveCount(7);
  // All seven come in one answer; news may bring a newer one, but nothing is asked for a single row.
  const first = requests.findIndex(url => url.endsWith('/v1/matrix'));
  expect(first).toBeGreaterThanOrEqual(0);
  expect(
    requests.slice(first).filter(url => !url.endsWith('/v1/matrix')),
  ).toEqual([]);
  await expect(
    page.locator('[data-service="component:default/legacy-billing"]'),
  ).toContainText('commit unknown');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByLabel('Group by').selectOption('system');
  await expectAccessible(page);
  await page.setViewportSize({ width: 768, height: 900 });
  await expectAccessible(page);
  await page
    .locator('[data-service="component:default/vaultex-api"]')
    .getByRole('link', { name: /production/ })
    .click();
  await expect(page).toHaveURL(
    /vaultex-api\/delivery\?.*environment=production/,
  );
  await expect(environmentCard(page, 'production')).toBeVisible();
});
