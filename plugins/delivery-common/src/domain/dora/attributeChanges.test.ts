import type { ChangeFact, CommitSpan, DeploymentSource } from './facts';
import {
  attribute,
  deploy,
  FIRST,
  LINE,
  placesOf,
  pull,
  PULLS,
  reasonsOf,
} from './testUtils/attribution';
import { API, AS_OF, at, MINUTE } from './testUtils/sources';

describe('which deployment brought a change', () => {
  it.each<[string, DeploymentSource[], string]>([
    [
      'the first that contains it',
      [deploy('b', 20), deploy('d', 30)],
      'pr-b@d20 pr-c@d30 pr-d@d30 pr-e@-',
    ],
    [
      'one that failed brings nothing',
      [deploy('b', 20, { status: 'failed' }), deploy('c', 30)],
      'pr-b@d30 pr-c@d30 pr-d@- pr-e@-',
    ],
    [
      'a rollback and what comes after it move nothing',
      [deploy('c', 20), deploy('a', 30), deploy('c', 40), deploy('d', 50)],
      'pr-b@d20 pr-c@d20 pr-d@d50 pr-e@-',
    ],
    [
      'the same again moves nothing',
      [deploy('c', 20), deploy('c', 300)],
      'pr-b@d20 pr-c@d20 pr-d@- pr-e@-',
    ],
  ])('%s', (_, sources, expected) => {
    const found = attribute({
      sources: [FIRST, ...sources],
      changes: PULLS,
      commits: LINE,
    });
    expect(placesOf(found)).toBe(expected);
    expect(reasonsOf(found)).toBe('pr-a no_base');
    expect(found.deployments[0].hints.noBase).toBe(true);
    for (const deployment of found.deployments) {
      expect(deployment.changes).toEqual(
        found.changes
          .filter(it => it.deploymentId === deployment.id)
          .map(it => it.id)
          .sort(),
      );
    }
  });

  it('tells when, and how long it took', () => {
    const [change] = attribute({
      sources: [FIRST, deploy('b', 20)],
      changes: [pull('b')],
      commits: LINE,
    }).changes;
    expect(change).toMatchObject({
      ...{ service: API, deployedAt: at(20), leadMs: 20 * MINUTE },
      stages: { coding: MINUTE, deploy: 19 * MINUTE },
    });
  });

  it('a force push brings what is not there yet, and nothing twice', () => {
    const spans: CommitSpan[] = [
      { base: 'a', head: 'b', status: 'ahead', shas: ['b'], complete: true },
      {
        base: 'b',
        head: 'x',
        status: 'diverged',
        shas: ['a', 'x'],
        complete: true,
      },
    ];
    const found = attribute({
      sources: [FIRST, deploy('b', 20), deploy('x', 30)],
      changes: [pull('b'), pull('x'), pull('a')],
      spans,
    });
    expect(placesOf(found)).toBe('pr-b@d20 pr-x@d30');
    expect(reasonsOf(found)).toBe('pr-a no_base');
  });

  it('in each environment after the other it is brought once', () => {
    const sources = [FIRST, deploy('b', 20)].flatMap(each => [
      each,
      {
        ...each,
        id: `${each.id}-us`,
        environment: 'us',
        finishedAt: (each.finishedAt ?? 0) + MINUTE,
      },
    ]);
    const found = attribute({
      sources,
      changes: [pull('b')],
      commits: LINE,
      settings: { perEnvironment: true },
    });
    expect(placesOf(found)).toBe('pr-b@d20');
  });
});

describe('what is not known', () => {
  it('between two deployments: only the commit itself is certain', () => {
    const found = attribute({
      sources: [FIRST, deploy('c', 20), deploy('d', 30)],
      changes: [
        pull('b'),
        pull('c'),
        pull('d', { mergedAt: at(25) }),
        pull('z', { mergedAt: at(26) }),
      ],
      spans: [
        { base: 'c', head: 'd', status: 'ahead', shas: ['d'], complete: true },
      ],
    });
    expect(placesOf(found)).toBe('pr-c@d20 pr-d@d30 pr-z@-');
    expect(reasonsOf(found)).toBe(
      'd10 no_base, d20 commits_unknown, pr-b no_base',
    );
  });

  it('changes that an unknown deployment may have brought are no waiting ones', () => {
    const found = attribute({
      sources: [FIRST, deploy('c', 20)],
      changes: [
        pull('b', { mergedAt: at(12) }),
        pull('z', { mergedAt: at(26) }),
      ],
    });
    expect(placesOf(found)).toBe('pr-z@-');
    expect(reasonsOf(found)).toContain('pr-b commits_unknown');
  });

  it('of a list that is not whole the known ones count', () => {
    const found = attribute({
      sources: [FIRST, deploy('c', 20)],
      changes: [pull('c')],
      spans: [
        { base: 'a', head: 'c', status: 'ahead', shas: ['c'], complete: false },
      ],
    });
    expect(placesOf(found)).toBe('pr-c@d20');
    expect(reasonsOf(found)).toBe('d10 no_base, d20 list_incomplete');
  });

  it('a deployment without a commit makes the next one uncertain', () => {
    const found = attribute({
      sources: [FIRST, deploy(undefined, 20), deploy('b', 30)],
      changes: [pull('b')],
      commits: LINE,
    });
    expect(placesOf(found)).toBe('pr-b@d30');
    expect(found.changes[0].warnings).toEqual(['base_uncertain']);
    expect(reasonsOf(found)).toContain('d20 commits_unknown');
  });

  it('what a deployment lists itself needs no history, nor a base', () => {
    const found = attribute({
      sources: [
        deploy('a', 10, { commits: ['a'] }),
        deploy('c', 20, { commits: ['b', 'c'] }),
      ],
      changes: PULLS,
    });
    expect(placesOf(found)).toBe('pr-a@d10 pr-b@d20 pr-c@d20 pr-d@- pr-e@-');
    expect(found.excluded).toEqual([]);
  });
});

it.each<[string, Partial<ChangeFact>, string]>([
  ['no commit', { mergeSha: '' }, 'malformed'],
  ['a time that is none', { mergedAt: Infinity }, 'malformed'],
  ['merged in the future', { mergedAt: AS_OF + 1 }, 'future'],
])('a change with %s is listed', (_, part, reason) => {
  const found = attribute({
    sources: [FIRST],
    changes: [pull('b', { id: 'p', ...part })],
    commits: LINE,
  });
  expect(reasonsOf(found)).toContain(`p ${reason}`);
});
