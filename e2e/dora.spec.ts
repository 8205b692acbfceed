import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './lib/axe';
import { openDelivery, signIn, signInAsGuest } from './lib/people';
import { sandbox } from './lib/sandbox';

const A_TICK = { timeout: 40_000 };
const A_ROLLOUT = { timeout: 150_000 };
const METRICS = [
  'lead_time',
  'deployment_frequency',
  'recovery_time',
  'change_fail_rate',
  'rework_rate',
  'deployment_duration',
  'deployment_success_rate',
  'rollback_frequency',
  'time_to_recovery',
];
const short = (sha: string) => sha.slice(0, 7);

async function openMetric(
  page: Page,
  component: string,
  metric: string,
): Promise<void> {
  await openDelivery(page, component);
  const chosen = new URLSearchParams({ panel: 'dora', metric, days: '30' });
  await page.goto(`/catalog/default/component/${component}/delivery?${chosen}`);
  await expect(page.getByTestId('delivery-dora')).toBeVisible();
  await expect(card(page, metric)).toBeVisible();
}

const card = (page: Page, metric: string) =>
  page.locator(`button[data-metric="${metric}"]`);
const rows = (page: Page) => page.locator('[data-row]');
const rowsTab = (page: Page) =>
  page
    .getByTestId('delivery-dora')
    .or(page.getByTestId('delivery-dora-page'))
    .getByRole('tab')
    .first();
const numberIn = (text: string) => Number(/\d+/.exec(text)?.[0]);

/** `2 of 14 deployments` on the card. */
async function failRate(page: Page): Promise<{ hits: number; n: number }> {
  const text = await card(page, 'change_fail_rate').innerText();
  const [, hits, n] = /(\d+) of (\d+) deployments/.exec(text) ?? [];
  return { hits: Number(hits ?? 0), n: Number(n ?? 0) };
}

/** Opens all pages of the list. */
async function allRows(page: Page, count: number): Promise<void> {
  const more = page.getByRole('button', { name: /^Show/ }).last();
  await expect(async () => {
    const shown = await rows(page).count();
    if (shown < count && (await more.isVisible())) await more.click();
    expect(await rows(page).count()).toBe(count);
  }).toPass({ timeout: 20_000 });
}

test('every number opens as many rows as it says', async ({ page }) => {
  test.setTimeout(300_000);
  await signInAsGuest(page);
  await openMetric(page, 'vaultex-api', 'lead_time');
  // The commits between the deployments are read in the background at first.
  await expect(card(page, 'lead_time')).toContainText(/\d+ change/, A_TICK);
  await expect(page.getByText(/numbers will move/)).toHaveCount(0, A_ROLLOUT);
  for (const metric of METRICS) {
    await card(page, metric).click();
    await expect(card(page, metric)).toHaveAttribute('aria-pressed', 'true');
    const said = await card(page, metric).innerText();
    await expect(rowsTab(page)).toContainText(/\d/);
    const count = numberIn(await rowsTab(page).innerText());
    if (count > 0) expect(said).toMatch(new RegExp(`\\b${count}\\b`));
    await allRows(page, count);
  }
  await card(page, 'lead_time').click();
  await page.getByRole('tab', { name: /not counted/i }).click();
  await expect(page).toHaveURL(/behind=excluded/);
  await expectAccessible(page);
  await page.getByRole('button', { name: /table/i }).first().click();
  await expect(
    page.getByRole('table', { name: /lead time/i }).first(),
  ).toBeVisible();
  await expectAccessible(page);
});

test('journey 5, in numbers: a smoke test fails, the deployment counts once, with its evidence and its recovery', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await signIn(page, 'dana');
  await openMetric(page, 'vaultex-ledger', 'change_fail_rate');
  await expect(card(page, 'change_fail_rate')).toContainText(
    /\d+ of \d+ deployments/,
    A_TICK,
  );
  const before = await failRate(page);

  await sandbox.breakSmoke('vaultex-ledger');
  const message = `Charge twice, case ${Date.now()}`;
  const { sha } = await sandbox.push('vaultex-ledger', { message });
  await expect(async () => {
    await sandbox.approve('vaultex-ledger', 'cleo');
  }).toPass(A_ROLLOUT);
  await expect
    .poll(() => failRate(page), A_ROLLOUT)
    .toEqual({ hits: before.hits + 1, n: before.n + 1 });

  const row = rows(page).filter({ hasText: short(sha) });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('check failed');
  await expect(row).toContainText(/\d+s|\d+m/);
  expect(numberIn(await rowsTab(page).innerText())).toBe(before.n + 1);
  await allRows(page, before.n + 1);

  await card(page, 'recovery_time').click();
  const restored = rows(page).filter({ hasText: short(sha) });
  await expect(restored).toHaveCount(1, A_TICK);
  await expect(restored).toContainText(/put the version before back/);

  // Somebody who owns the service knows better, and says why.
  await card(page, 'change_fail_rate').click();
  await row.getByRole('button', { name: /Mark as not failed/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Why/).fill('The smoke test itself was broken');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Mark as not failed' }).click();
  await expect(page.getByText(/entry \d+ of the audit/)).toBeVisible();
  await expect
    .poll(() => failRate(page), A_TICK)
    .toMatchObject({
      hits: before.hits,
    });
  const marked = page.getByRole('button', { name: /Take back/ });
  await marked.first().click();
  await dialog.getByLabel(/Why/).fill('It was not, sorry');
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await expect
    .poll(() => failRate(page), A_TICK)
    .toEqual({ hits: before.hits + 1, n: before.n + 1 });
  await page.goto(
    '/catalog/default/component/vaultex-ledger/delivery?panel=audit',
  );
  await expect(
    page.getByRole('row').filter({ hasText: 'The smoke test itself' }).first(),
  ).toBeVisible(A_TICK);
});

test('an incident makes the deployment before it a failed one, marked as inferred', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await signInAsGuest(page);
  const message = `A faster index, case ${Date.now()}`;
  const { sha } = await sandbox.push('cicd-platform', { message });
  await openMetric(page, 'cicd-platform', 'change_fail_rate');
  await expect(async () => {
    await sandbox.approve('cicd-platform', 'cleo').catch(() => {});
    await expect(rows(page).filter({ hasText: short(sha) })).toHaveCount(1, {
      timeout: 4_000,
    });
  }).toPass(A_ROLLOUT);
  const row = rows(page).filter({ hasText: short(sha) });
  await expect(row).not.toContainText('inferred');
  // GitHub's clock counts seconds: an incident of the same second would have begun before.
  const since = Date.now();
  await expect.poll(() => Date.now() - since).toBeGreaterThan(3_000);
  await sandbox.incident('cicd-platform');
  await expect(row).toContainText('inferred', A_ROLLOUT);
  await expect(row).toContainText(/incident/i);
});

for (const [width, theme] of [
  [1280, 'light'],
  [768, 'dark'],
] as const) {
  test(`all services side by side at ${width} px, ${theme}`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await signInAsGuest(page);
    await page.goto('/delivery/dora');
    const table = page.getByRole('table', { name: /Services with their/ });
    await expect
      .poll(() => table.getByRole('rowheader').count(), A_TICK)
      .toBeGreaterThan(4);
    const names = await table.getByRole('rowheader').allInnerTexts();
    expect([...names].sort()).toEqual(names);
    const all = numberIn(await card(page, 'deployment_frequency').innerText());
    expect(all).toBeGreaterThan(0);
    await expectAccessible(page);
    const scroll = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(scroll).toBeLessThanOrEqual(0);

    const select = page.getByLabel('Numbers of');
    const [team] = await select
      .getByRole('option', { name: /^Team/ })
      .allInnerTexts();
    await select.selectOption({ label: team });
    await expect(page).toHaveURL(/of=team/);
    await expect(table.getByRole('row')).not.toHaveCount(names.length + 1);
  });
}

test('the first sight shows four numbers, with no further request', async ({
  page,
}) => {
  await signInAsGuest(page);
  await openDelivery(page, 'vaultex-api');
  const tiles = page.locator('[data-tile]');
  await expect(tiles).toHaveCount(4, A_TICK);
  await page.locator('[data-tile="change_fail_rate"]').click();
  await expect(card(page, 'change_fail_rate')).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});
