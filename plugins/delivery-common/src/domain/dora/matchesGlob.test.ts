import { matchesGlob } from './matchesGlob';

it.each([
  ['api/**', 'api/src/a.ts', true],
  ['api/**', 'apis/a.ts', false],
  ['api', 'api/src/a.ts', true],
  ['api', 'api', true],
  ['./api/', 'api/a.ts', true],
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['**/*.md', 'docs/a/README.md', true],
  ['**/test/**', 'a/b/test/c/d.ts', true],
  ['a/?.ts', 'a/b.ts', true],
  ['a/?.ts', 'a/bc.ts', false],
  ['', 'anything', true],
])('%s of %s: %s', (pattern, file, expected) =>
  expect(matchesGlob(pattern, file)).toBe(expected),
);

it('takes no longer for what is made to be slow', () => {
  const pattern = `${'*a'.repeat(2_000)}b`;
  expect(matchesGlob(pattern, 'a'.repeat(5_000))).toBe(false);
  expect(matchesGlob('**/'.repeat(500), 'a/'.repeat(500))).toBe(true);
});
