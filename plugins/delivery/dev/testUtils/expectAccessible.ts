import axe from 'axe-core';

/** Fails with what axe finds in the plugin's own root, or in what the selector names. Colours need a browser; they are checked there. */
export async function expectAccessible(selector = '[data-testid=root]') {
  const root = document.querySelector(selector);
  if (!root) throw new Error('No root to check');
  const { violations } = await axe.run(root, {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(
    violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join('\n')}`),
  ).toEqual([]);
}
