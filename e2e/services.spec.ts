import { expect, type Page, test } from '@playwright/test';
import { decide } from './lib/approve';
import { expectAccessible } from './lib/axe';
import { create, endOf, fillForm, headOf } from './lib/create';
import {
  environmentCard,
  openDelivery,
  openEnvironments,
  signIn,
} from './lib/people';
import { sandbox } from './lib/sandbox';

const A_TICK = { timeout: 60_000 };
const A_PIPELINE = { timeout: 300_000 };
const short = (sha: string) => sha.slice(0, 7);

/** Opens the new tab as soon as the catalog has the service. */
async function openNew(page: Page, name: string): Promise<void> {
  await expect(async () => openDelivery(page, name)).toPass(A_PIPELINE);
}

/** Everything that was created is as it should be, and the rules of the pipeline hold. */
async function expectConform(page: Page, component: string): Promise<void> {
  await openNew(page, component);
  await page.goto(
    `/catalog/default/component/${component}/delivery?panel=conformance`,
  );
  const panel = page.getByTestId('delivery-conformance');
  await expect(panel.getByText('12 of 12 rules hold')).toBeVisible(A_PIPELINE);
  await expectAccessible(page);
}

/** Lets cleo approve whatever waits in the repository until the commit runs in production. */
async function bringToProduction(
  page: Page,
  component: string,
  options: { repository: string; sha: string },
): Promise<void> {
  await openNew(page, component);
  await openEnvironments(page, component, 'production');
  const card = environmentCard(page, 'production');
  await expect(async () => {
    await sandbox.approve(options.repository, 'cleo').catch(() => {});
    await expect(card).toContainText(short(options.sha), { timeout: 3_000 });
  }).toPass(A_PIPELINE);
}

test('journey 8: a Node service from the form to production; a failing smoke test takes itself back', async ({
  browser,
}) => {
  test.setTimeout(900_000);
  const author = await (await browser.newContext()).newPage();
  await signIn(author, 'dana');
  await fillForm(author, 'dana', {
    ...{ template: 'node-ecs-service', name: 'parcel-quotes' },
  });
  const list = await create(author);
  expect(list).not.toContain('FAIL');
  expect(list).toMatch(/PASS .*production: somebody has to approve: cleo/i);
  await author.getByRole('link', { name: /delivery tab/i }).click();
  await openNew(author, 'parcel-quotes');
  const first = await headOf('parcel-quotes');

  // The CTO finds it in the inbox and approves it there, in her own name.
  const approver = await (await browser.newContext()).newPage();
  await signIn(approver, 'cleo');
  const card = approver
    .getByRole('article')
    .or(approver.locator('li'))
    .filter({ hasText: 'parcel-quotes' });
  await expect(async () => {
    await approver.goto('/delivery/approvals');
    await card
      .getByRole('button', { name: 'Review' })
      .first()
      .click({ timeout: 10_000 });
  }).toPass(A_PIPELINE);
  const drawer = approver.getByRole('dialog');
  await drawer.getByRole('textbox').fill('The first one; staging holds');
  await decide(drawer);

  await openEnvironments(author, 'parcel-quotes', 'production');
  const production = environmentCard(author, 'production');
  await expect(production).toContainText(short(first), A_PIPELINE);
  await expect(production).toContainText('approved by cleo', A_TICK);
  await expectConform(author, 'parcel-quotes');

  // The next change breaks the smoke test in production: the pipeline goes back by itself.
  await sandbox.breakSmoke('parcel-quotes');
  const { sha } = await sandbox.push('parcel-quotes', {
    message: 'Round up instead of down',
  });
  await openEnvironments(author, 'parcel-quotes', 'production');
  await expect(environmentCard(author, 'staging')).toContainText(
    short(sha),
    A_PIPELINE,
  );
  await expect(async () => {
    await sandbox.approve('parcel-quotes', 'cleo');
  }).toPass(A_PIPELINE);
  await expect(production).toContainText(short(sha), A_PIPELINE);
  await expect(production).toContainText(short(first), A_PIPELINE);
  await openDelivery(author, 'parcel-quotes');
  const run = author.getByRole('row').filter({ hasText: 'Round up instead' });
  await expect(run).toContainText(/failed/i, A_PIPELINE);
});

test('journey 8: Python service and CDK worker, side by side', async ({
  page,
}) => {
  test.setTimeout(900_000);
  await signIn(page, 'dana');
  const both = [
    ['worker-cdk-service', 'parcel-worker'],
    ['python-ecs-service', 'parcel-labels'],
  ] as const;
  for (const [template, name] of both) {
    await fillForm(page, 'dana', { template, name });
    const list = await create(page);
    expect(list).toContain('PASS');
    expect(list).not.toContain('FAIL');
  }
  for (const [, name] of both) {
    const sha = await headOf(name);
    await bringToProduction(page, name, { repository: name, sha });
    await expectConform(page, name);
  }
});

test('journey 8: Terraform blue/green, from develop over staging to main', async ({
  page,
}) => {
  test.setTimeout(900_000);
  const name = 'parcel-track';
  await signIn(page, 'dana');
  await fillForm(page, 'dana', {
    ...{ template: 'terraform-bluegreen-service', name },
  });
  const list = await create(page);
  expect(list).toContain('PASS');
  expect(list).not.toContain('FAIL');
  const { sha } = await sandbox.push(name, {
    ...{ branch: 'develop', message: 'Where is my parcel' },
  });
  // Production takes what was verified in staging and nothing else, so it is brought to main when that has ended.
  await expect
    .poll(() => endOf(name, { branch: 'develop', sha }), A_PIPELINE)
    .toBe('success');
  await openNew(page, `${name}-backend`);
  await openEnvironments(page, `${name}-backend`, 'staging');
  await expect(environmentCard(page, 'staging')).toContainText(
    short(sha),
    A_TICK,
  );
  await sandbox.merge(name, { from: 'develop' });
  const merged = await headOf(name);
  expect(merged).toBe(sha);
  for (const part of ['backend', 'frontend']) {
    const component = `${name}-${part}`;
    await bringToProduction(page, component, { repository: name, sha });
    await expectConform(page, component);
  }
});

test('what cannot be created says why, and a second run finishes what was begun', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await signIn(page, 'dana');
  const wanted = { template: 'node-ecs-service', name: 'parcel-returns' };
  // A repository of somebody else.
  await fillForm(page, 'dana', {
    ...{ template: wanted.template, name: 'legacy-billing' },
  });
  expect(await create(page)).toMatch(/legacy-billing.*(exists|taken)/is);

  // GitHub breaks off in the middle: nothing has been pushed, and the next run goes on.
  await sandbox.fault('errors', {
    ...{ status: 500, count: 20 },
    route: '/rulesets',
  });
  await fillForm(page, 'dana', wanted);
  expect(await create(page)).toMatch(/second run|again/i);
  await sandbox.calmDown();
  await fillForm(page, 'dana', wanted);
  const list = await create(page);
  expect(list).not.toContain('FAIL');
  expect(list).toMatch(/Rules of main/);
});
