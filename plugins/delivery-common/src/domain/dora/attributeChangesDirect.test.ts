import type { CommitFact, ServiceFact } from './facts';
import {
  attribute,
  deploy,
  FIRST,
  type Given,
  LINE,
  placesOf,
  pull,
  reasonsOf,
} from './testUtils/attribution';
import { API, at, MINUTE } from './testUtils/sources';

describe('direct commits', () => {
  const idsOf = (given: Partial<Given>) =>
    placesOf(
      attribute({ sources: [FIRST, deploy('c', 20)], commits: LINE, ...given }),
    );

  it('what belongs to no change is one itself', () => {
    const found = attribute({
      sources: [FIRST, deploy('c', 20)],
      changes: [pull('b')],
      commits: LINE,
    });
    expect(placesOf(found)).toBe('commit:c@d20 pr-b@d20');
    expect(found.changes.find(({ kind }) => kind === 'commit')).toMatchObject({
      ...{ mergeSha: 'c', leadMs: 18 * MINUTE, mergedAt: at(2) },
    });
  });

  it('own commits of a pull request are part of it', () => {
    expect(idsOf({ changes: [pull('c', { commits: [{ sha: 'b' }] })] })).toBe(
      'pr-c@d20',
    );
  });

  it('so are rebased ones: who wrote them when stays', () => {
    const rebased = pull('c', {
      mergedAt: at(3),
      commits: [
        { sha: 'before', authoredAt: at(1) },
        { sha: 'before2', authoredAt: at(2) },
      ],
    });
    expect(idsOf({ changes: [rebased] })).toBe('pr-c@d20');
  });

  it('a merge without a pull request is one change with all it brought', () => {
    const commits: CommitFact[] = [
      { sha: 'a', parents: [] },
      { sha: 'f', parents: ['a'], authoredAt: at(1) },
      { sha: 'g', parents: ['f'], authoredAt: at(2) },
      { sha: 'm', parents: ['a', 'g'], authoredAt: at(3) },
    ];
    const found = attribute({ sources: [FIRST, deploy('m', 20)], commits });
    expect(placesOf(found)).toBe('commit:m@d20');
    expect(found.changes[0].commits?.map(({ sha }) => sha).sort()).toEqual([
      'f',
      'g',
      'm',
    ]);
    expect(found.changes[0].leadMs).toBe(19 * MINUTE);
  });

  it('a direct commit that is told and is part of a pull request is listed', () => {
    const found = attribute({
      sources: [FIRST, deploy('c', 20)],
      changes: [
        pull('c', { commits: [{ sha: 'b' }] }),
        { ...pull('b'), kind: 'commit' },
      ],
      commits: LINE,
    });
    expect(placesOf(found)).toBe('pr-c@d20');
    expect(reasonsOf(found)).toContain('pr-b duplicate');
  });

  it('commits of which nothing is known are counted out', () => {
    const found = attribute({
      sources: [FIRST, deploy('c', 20)],
      spans: [
        {
          base: 'a',
          head: 'c',
          status: 'ahead',
          shas: ['b', 'c'],
          complete: true,
        },
      ],
    });
    expect(found.excluded.map(it => it.detail)).toContain(
      '2 of its commits are not known',
    );
  });
});

describe('parts of a monorepo', () => {
  const services: ServiceFact[] = [
    { service: API, paths: ['api/**', 'shared'] },
    { service: 'component:default/web' },
  ];
  const files: [string, string[] | undefined, string, string[]][] = [
    ['its own', ['docs/x.md', 'api/src/a.ts'], 'pr-b@d20', []],
    ['below a folder', ['shared/x/y.ts'], 'pr-b@d20', []],
    ['of others', ['web/a.ts', 'apis/a.ts'], '', []],
    ['unknown', undefined, 'pr-b@d20', ['paths_unknown']],
  ];

  it.each(files)('files that are %s', (_, given, expected, warnings) => {
    const found = attribute({
      sources: [FIRST, deploy('b', 20)],
      changes: [pull('b', { files: given, services: [API] })],
      ...{ commits: LINE, services },
    });
    expect(placesOf(found)).toBe(expected);
    expect(found.changes.flatMap(it => it.warnings)).toEqual(warnings);
    expect(reasonsOf(found).includes('pr-b other_paths')).toBe(expected === '');
  });

  it('without paths every change counts for each, with a warning', () => {
    const found = attribute({
      sources: [FIRST, deploy('b', 20)],
      changes: [pull('b')],
      ...{ commits: LINE, services: [{ service: API }, services[1]] },
    });
    expect(found.changes.map(it => it.warnings)).toEqual([
      ['no_paths'],
      ['no_paths'],
    ]);
  });

  it('a change of another service is none of this one', () => {
    const found = attribute({
      sources: [FIRST, deploy('b', 20)],
      changes: [pull('b', { services: ['component:default/web'] })],
      commits: LINE,
    });
    expect(placesOf(found)).toBe('');
  });
});
