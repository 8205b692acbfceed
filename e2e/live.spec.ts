import { expect, test } from '@playwright/test';
import { expectAccessible } from './lib/axe';
import { askForLog, openDelivery, signIn } from './lib/people';
import { sandbox } from './lib/sandbox';

test('journey 2: a push appears by itself and walks to the gate of production', async ({
  page,
}) => {
  await signIn(page, 'dana');
  await openDelivery(page, 'vaultex-api');
  await expect(page.getByText(/· live$/)).toBeVisible();
  let reloads = 0;
  page.on('framenavigated', frame => {
    if (frame === page.mainFrame()) reloads += 1;
  });

  const message = `Round refunds half up, case ${Date.now()}`;
  const { runs } = await sandbox.push('vaultex-api', { message });
  expect(runs.map(run => run.name)).toContain('API pipeline');

  const row = page.getByRole('row').filter({ hasText: message });
  await expect(row).toBeVisible({ timeout: 5_000 });
  await expect(row).toContainText('running', { timeout: 30_000 });
  await expect(row).toContainText('waiting', { timeout: 90_000 });
  expect(reloads).toBe(0);

  await row.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/delivery\/runs\//);
  await expect(
    page.getByRole('heading', { name: new RegExp(message) }),
  ).toBeVisible();
  // The graph: quality before what needs it, the gate highlighted.
  const graph = page.getByRole('group', { name: /Job graph/ });
  await expect(
    graph.getByRole('button', { name: /^Quality gate.*success/ }),
  ).toBeVisible();
  await expect(graph.getByText('waits for approval in GitHub')).toBeVisible();
  await expectAccessible(page);

  // Steps and log on demand.
  await graph.getByRole('button', { name: /^Unit tests.*success/ }).click();
  await askForLog(page);
  await expect(page.getByRole('region', { name: /^Log/ })).toContainText('npm');
  await expectAccessible(page);

  // What a person decides at GitHub moves the page as well.
  await sandbox.approve('vaultex-api', 'cleo');
  await expect(page.getByTestId('run-state')).toContainText('success', {
    timeout: 60_000,
  });
});

test('a failing job is red, and its log opens at the first error', async ({
  page,
}) => {
  await signIn(page, 'dana');
  await openDelivery(page, 'cicd-platform');
  await sandbox.fail('cicd-platform');
  const message = `Break something, case ${Date.now()}`;
  await sandbox.push('cicd-platform', { message });
  const row = page.getByRole('row').filter({ hasText: message }).first();
  await expect(row).toContainText('failed', { timeout: 90_000 });
  await row.getByRole('link').first().click();
  await page
    .getByRole('button', { name: /\bfailed\b/ })
    .first()
    .click();
  await askForLog(page);
  await page.getByRole('button', { name: 'First error' }).click();
  await expect(page.getByRole('region', { name: /^Log/ })).toContainText(
    /error/i,
  );
});

test('script, direction marks and endless words in a commit message stay text', async ({
  page,
}) => {
  let dialogs = 0;
  page.on('dialog', dialog => {
    dialogs += 1;
    return dialog.dismiss();
  });
  await signIn(page, 'dana');
  await openDelivery(page, 'vaultex-ledger');
  const message = `<img src=x onerror=alert(1)><script>alert(2)</script> \u202Egnp.exe ${'a'.repeat(
    400,
  )}`;
  await sandbox.push('vaultex-ledger', { message });
  await expect(
    page.getByRole('row').filter({ hasText: '<img src=x' }),
  ).toBeVisible({
    timeout: 15_000,
  });
  expect(
    await page.evaluate(
      () => document.documentElement.scrollWidth <= window.innerWidth,
    ),
  ).toBe(true);
  expect(dialogs).toBe(0);
});

test('with the keyboard alone: from the list to a job of a run', async ({
  page,
}) => {
  await signIn(page, 'dana');
  await openDelivery(page, 'vaultex-api');
  const first = page.getByRole('table').getByRole('link').first();
  await expect(first).toBeVisible();
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/delivery\/runs\//);
  const job = page
    .getByRole('group', { name: /Job graph/ })
    .getByRole('button')
    .first();
  await job.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/job=/);
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement!);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  });
  expect(outline).toBe(true);
});
