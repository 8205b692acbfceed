import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** axe on what the plugin draws; the frame around it is the portal's. */
export async function expectAccessible(page: Page): Promise<void> {
  const builder = new AxeBuilder({ page }).include(
    '[data-testid^="delivery-"]',
  );
  // Drawers lie beside the page in the document.
  if ((await page.getByRole('dialog').count()) > 0) {
    builder.include('[role="dialog"]');
  }
  const { violations } = await builder.analyze();
  expect(
    violations.map(({ id, nodes }) => ({
      id,
      where: nodes.map(node => node.target),
    })),
  ).toEqual([]);
}
