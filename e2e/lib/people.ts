import { expect, type Page } from '@playwright/test';

/** The portal answers before its catalog has read the people and services; what a person would do is try again. */
async function catalogHas(page: Page, path: string): Promise<void> {
  await expect
    .poll(
      async () =>
        page.evaluate(async target => {
          const response = await fetch(target, { method: 'GET' });
          return response.status;
        }, path),
      { timeout: 60_000 },
    )
    .toBeLessThan(500);
}

/** Enters as a guest: reads everything, changes nothing, sees no logs. */
export async function signInAsGuest(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible();
}

/** Signs in through the sandbox's GitHub, as one of its people. */
export async function signIn(page: Page, login: string): Promise<void> {
  await page.goto('/');
  await catalogHas(page, '/');
  await expect(async () => {
    const [popup] = await Promise.all([
      page.waitForEvent('popup', { timeout: 10_000 }),
      page
        .getByRole('button', { name: /^sign in$/i })
        .first()
        .click(),
    ]);
    await popup.getByRole('link', { name: login, exact: true }).click();
    await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible({
      timeout: 5_000,
    });
  }).toPass({ timeout: 60_000 });
}

/** Opens a tab of a service once the catalog has it. */
export async function openDelivery(
  page: Page,
  component: string,
): Promise<void> {
  await expect(async () => {
    await page.goto(`/catalog/default/component/${component}/delivery`);
    await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible({
      timeout: 8_000,
    });
  }).toPass({ timeout: 60_000 });
}

/** Asks for the log of the chosen job; choosing a job that has failed, or choosing one by hand, asks already. */
export async function askForLog(page: Page): Promise<void> {
  const show = page.getByRole('button', { name: 'Show log' });
  const panel = page.getByRole('region', { name: /^Log/ });
  await expect(panel).toBeVisible();
  await expect(
    show.or(panel.getByRole('button')).or(panel.getByRole('alert')).first(),
  ).toBeVisible();
  if (await show.isVisible()) await show.click();
}

/** Opens the environments of a service, with one of them chosen. */
export async function openEnvironments(
  page: Page,
  component: string,
  environment?: string,
): Promise<void> {
  await openDelivery(page, component);
  const chosen = new URLSearchParams({
    panel: 'environments',
    ...(environment && { environment }),
  });
  await page.goto(`/catalog/default/component/${component}/delivery?${chosen}`);
  await expect(page.getByTestId('delivery-environments')).toBeVisible();
}

/** The card of one environment. */
export const environmentCard = (page: Page, name: string) =>
  page
    .getByTestId('delivery-environments')
    .locator(`[data-environment="${name}"]`);
