import { expect, type Locator } from '@playwright/test';

const A_TICK = { timeout: 60_000 };

/**
 * Approves in the open drawer. What is shown may change until the click (the image becomes known): then nothing is sent, and a person looks
 * again and decides.
 */
export async function decide(drawer: Locator): Promise<void> {
  const approve = drawer.getByRole('button', { name: 'Approve production' });
  const again = drawer.getByRole('button', { name: 'I have looked again' });
  const approved = drawer.getByText('It was approved.');
  await approve.click();
  await expect(async () => {
    if (await again.isVisible()) {
      await again.click();
      await approve.click();
    }
    await expect(approved).toBeVisible({ timeout: 2_000 });
  }).toPass(A_TICK);
}
