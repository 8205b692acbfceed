import fc from 'fast-check';
import { matchesGlob } from 'backstage-plugin-delivery-common/domain';
import { belongsToService } from './serviceOfRun';

describe('matchesGlob', () => {
  it.each([
    ['apps/api', 'apps/api/src/x.ts', true],
    ['apps/api/', 'apps/api/x.ts', true],
    ['./apps/api', 'apps/api/x.ts', true],
    ['apps/api', 'apps/api2/x.ts', false],
    ['apps/api', 'apps/api', true],
    ['apps/*/x.ts', 'apps/api/x.ts', true],
    ['apps/*/x.ts', 'apps/api/src/x.ts', false],
    ['apps/**/x.ts', 'apps/api/src/x.ts', true],
    ['apps/**/x.ts', 'apps/x.ts', true],
    ['apps/**', 'apps/api/src/x.ts', true],
    ['**/*.sql', 'db/x.sql', true],
    ['**/*.sql', 'x.sql', true],
    ['*.sql', 'db/x.sql', false],
    ['file?.ts', 'file1.ts', true],
    ['file?.ts', 'file.ts', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'aXbY', false],
    ['', 'anything', true],
  ])('%s %s: %s', (pattern, file, expected) => {
    expect(matchesGlob(pattern, file)).toBe(expected);
  });

  it('takes no pattern long, however it is meant', () => {
    const pattern = `${'**/'.repeat(200)}${'*a'.repeat(200)}b`;
    const file = `${'a/'.repeat(200)}${'a'.repeat(400)}`;
    // A backtracking matcher needs longer than the test may take.
    expect(matchesGlob(pattern, file)).toBe(false);
  });

  it('agrees with its parts: what a folder holds is in the folder', () => {
    const name = fc.stringMatching(/^[a-z.]{1,6}$/);
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.array(name, { minLength: 1, maxLength: 4 }),
        (folder, file) => {
          const path = [...folder, ...file].join('/');
          const start = folder.join('/').replace(/^\.?\/+/, '');
          fc.pre(start === folder.join('/') && !path.startsWith('./'));
          expect(matchesGlob(start, path)).toBe(true);
          expect(matchesGlob(`${start}/**`, path)).toBe(true);
        },
      ),
    );
  });
});

describe('belongsToService', () => {
  const run = { pipelinePath: '.github/workflows/deploy.yml' };
  const files = ['apps/api/x.ts', 'readme.md'];

  it.each([
    ['named workflow', run, { workflows: ['deploy.yml'], paths: [] }, true],
    ['other workflow', run, { workflows: ['x.yml'], paths: [] }, false],
    [
      'named workflow, though no path was touched',
      { ...run, files },
      { workflows: ['deploy.yml'], paths: ['apps/web'] },
      true,
    ],
    [
      'touched path',
      { ...run, files },
      { workflows: [], paths: ['docs', 'apps/api'] },
      true,
    ],
    [
      'untouched path',
      { ...run, files },
      { workflows: [], paths: ['apps/web'] },
      false,
    ],
    [
      'path, but nobody knows the files',
      run,
      { workflows: [], paths: ['apps/web'] },
      true,
    ],
    ['neither', { ...run, files }, { workflows: [], paths: [] }, true],
  ])('%s', (_, origin, binding, expected) => {
    expect(belongsToService(origin, binding)).toBe(expected);
  });
});
