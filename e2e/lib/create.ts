import { expect, type Page } from '@playwright/test';
import { sandbox } from './sandbox';

/** Signing in, onboarding and the steps before and after it. */
const A_CREATION = { timeout: 180_000 };

/** What a person fills in; the rest is as the form suggests it. */
export interface Wanted {
  template: string;
  name: string;
  /** Name of the repository; the service's when absent. */
  repository?: string;
}

/** Signs in to the App that creates services, once a session. */
async function signInToCreate(page: Page, login: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const repository = page.locator('input:enabled').last();
  await expect(dialog.or(repository).first()).toBeVisible();
  const ask = dialog.getByRole('button', { name: /^log in$/i });
  // It is asked for a moment after the page has appeared, unless somebody is signed in already.
  const asked = await ask
    .waitFor({ timeout: 6_000 })
    .then(() => true)
    .catch(() => false);
  if (!asked) return;
  const [popup] = await Promise.all([page.waitForEvent('popup'), ask.click()]);
  await popup.getByRole('link', { name: login, exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** Fills the form of a template up to its review step, as that person. */
export async function fillForm(
  page: Page,
  login: string,
  wanted: Wanted,
): Promise<void> {
  const { template, name, repository = name } = wanted;
  const next = () => page.getByRole('button', { name: 'Next' }).click();
  await expect(async () => {
    await page.goto(`/create/templates/default/${template}`);
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeVisible({
      timeout: 8_000,
    });
  }).toPass({ timeout: 60_000 });
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page
    .getByRole('textbox', { name: 'Description' })
    .fill('Quotes for parcels');
  await choose(page, 'Owner', 'Products');
  await next();
  await signInToCreate(page, login);
  const field = page.locator('input:enabled').last();
  await field.fill(repository);
  await field.press('Tab');
  await next();
  await expect(
    page.getByText('Environments that will be created'),
  ).toBeVisible();
  // Nothing is created that nobody could approve.
  await expect(
    page.getByText(/^Choose at least one reviewer/).first(),
  ).toBeVisible();
  await choose(page, 'Who may approve', 'Cleo');
  await expect(
    page.getByText('one of: cleo – never whoever started the run').first(),
  ).toBeVisible();
  const review = page.getByRole('button', { name: 'Review' });
  const onward = page.getByRole('button', { name: 'Next' });
  await expect(async () => {
    if (await onward.isVisible()) await onward.click();
    await expect(review).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await review.click();
  await expect(
    page.getByText(/^production: .* one of: cleo/).first(),
  ).toBeVisible();
}

async function choose(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: new RegExp(`^${label}`) });
  await field.click();
  await field.fill(text);
  await page
    .getByRole('option', { name: new RegExp(text, 'i') })
    .first()
    .click();
}

/** Presses "Create" and waits for the end; gives the check list, or what the portal says went wrong. */
export async function create(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const list = page
    .getByRole('listitem')
    .filter({ hasText: /^(PASS|FAIL|UNKNOWN) / });
  const wrong = page.getByRole('alert').or(page.locator('[class*="error" i]'));
  await expect(list.first().or(wrong.first())).toBeVisible(A_CREATION);
  return (await list.count()) > 0
    ? (await list.allInnerTexts()).join('\n')
    : page.locator('body').innerText();
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${sandbox.url()}/api/v3/repos/acme/${path}`, {
    headers: { authorization: 'Bearer ghp_sandbox_dana' },
  });
  return (await response.json()) as T;
}

/** Newest commit of a branch, as GitHub tells it to dana. */
export async function headOf(name: string, branch = 'main'): Promise<string> {
  return (await ask<{ sha: string }>(`${name}/commits/${branch}`)).sha;
}

/** How the runs of a commit ended; what they do while they go on. */
export async function endOf(
  name: string,
  { branch, sha }: { branch: string; sha: string },
): Promise<string> {
  const { workflow_runs: runs } = await ask<{
    workflow_runs: { status: string; conclusion: string | null }[];
  }>(`${name}/actions/runs?branch=${branch}&head_sha=${sha}`);
  if (runs.length === 0) return 'none';
  const open = runs.find(({ status }) => status !== 'completed');
  if (open) return open.status;
  const bad = runs.find(({ conclusion }) => conclusion !== 'success');
  return bad?.conclusion ?? 'success';
}
