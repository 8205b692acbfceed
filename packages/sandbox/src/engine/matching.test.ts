import { matchesPatterns } from './globs';
import { expandMatrix, legSuffix } from './matrix';
import { isTriggered, type TriggerEvent } from './triggers';
import { readWorkflowFile } from './workflowFile';

describe('filter patterns', () => {
  it.each<[string, string[], boolean]>([
    ['main', ['main'], true],
    ['feature/a', ['feature/*'], true],
    ['feature/a/b', ['feature/*'], false],
    ['feature/a/b', ['feature/**'], true],
    ['services/api/src/a.ts', ['services/api/**'], true],
    ['services/apix/a.ts', ['services/api/**'], false],
    ['README.md', ['**.md'], true],
    ['docs/a.md', ['**/*.md'], true],
    ['v1.10', ['v[0-9].[0-9]+'], true],
    ['docs/a.md', ['**', '!docs/**'], false],
    ['docs/a.md', ['!docs/**', '**'], true],
    ['a(b)+', ['a(b)\\+'], true],
  ])('%s in %j: %s', (name, patterns, expected) => {
    expect(matchesPatterns(name, patterns)).toBe(expected);
  });
});

describe('triggers', () => {
  const file = (on: string) =>
    readWorkflowFile(
      'a.yml',
      `on:\n${on}\njobs:\n  a:\n    runs-on: x\n    steps: [{ run: 'true' }]\n`,
    );
  const push = (
    branch: string,
    changedFiles: string[] | null,
  ): TriggerEvent => ({
    event: 'push',
    branch,
    changedFiles,
  });

  it.each<[string, TriggerEvent, boolean]>([
    ['  push: { branches: [main] }', push('main', ['a']), true],
    ['  push: { branches: [main] }', push('dev', ['a']), false],
    ['  push: { branches-ignore: [dev] }', push('dev', ['a']), false],
    ['  push: { paths: ["api/**"] }', push('main', ['web/a', 'api/b']), true],
    ['  push: { paths: ["api/**"] }', push('main', ['web/a']), false],
    ['  push: { paths: ["api/**"] }', push('new', null), true],
    ['  push: { paths-ignore: ["docs/**"] }', push('main', ['docs/a']), false],
    ['  pull_request:', push('main', ['a']), false],
    [
      '  pull_request: { types: [closed] }',
      { ...push('main', []), event: 'pull_request', action: 'opened' },
      false,
    ],
    [
      '  pull_request:',
      { ...push('main', []), event: 'pull_request', action: 'synchronize' },
      true,
    ],
  ])('%s %j: %s', (on, event, expected) => {
    expect(isTriggered(file(on), event)).toBe(expected);
  });
});

describe('matrix', () => {
  it('multiplies, takes away, adds and names', () => {
    const legs = expandMatrix({
      os: ['linux', 'mac'],
      node: [22, 24],
      exclude: [{ os: 'mac', node: 22 }],
      include: [
        { os: 'linux', node: 24, extra: true },
        { os: 'windows', node: 24 },
      ],
    });
    expect(legs).toEqual([
      { os: 'linux', node: 22 },
      { os: 'linux', node: 24, extra: true },
      { os: 'mac', node: 24 },
      { os: 'windows', node: 24 },
    ]);
    expect(legs.map(legSuffix)[1]).toBe(' (linux, 24, true)');
  });

  it('adds what names no axis to every combination', () => {
    expect(expandMatrix({ a: [1, 2], include: [{ color: 'red' }] })).toEqual([
      { a: 1, color: 'red' },
      { a: 2, color: 'red' },
    ]);
  });

  it('makes legs of include alone, and refuses empty and huge ones', () => {
    expect(expandMatrix({ include: [{ a: 1 }, { a: 2 }] })).toHaveLength(2);
    expect(() => expandMatrix({ a: [] })).toThrow(
      /does not contain any values/,
    );
    const many = Array.from({ length: 17 }, (_, index) => index);
    expect(() => expandMatrix({ a: many, b: many })).toThrow(/256/);
  });
});
