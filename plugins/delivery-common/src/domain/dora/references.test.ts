import {
  closesOf,
  isHotfix,
  isReapply,
  namesOf,
  revertedTitle,
  revertsOf,
} from './references';
import type { ChangeFact } from './facts';

const SHA = '9f31c0712ab4e8d9009f31c0712ab4e8d9001234';
const REPOSITORY = 'https://github.com/acme/shop';

describe('revertsOf', () => {
  it.each([
    ['a commit', undefined, `Oops\n\nThis reverts commit ${SHA}.`, [SHA], []],
    [
      'a short commit',
      undefined,
      'This reverts commit 9F31C07',
      ['9f31c07'],
      [],
    ],
    ['a pull request', 'Back', 'Reverts acme/shop#380', [], [380]],
    ['one of its own repository', 'Back', 'reverts #380', [], [380]],
    ['the number in its title', 'Revert "Faster cart (#380)"', '', [], [380]],
    ['not its own number', 'Revert "Faster cart" (#388)', '', [], []],
    ['the outer of two', 'Revert "Revert "A (#1)" (#2)" (#3)', '', [], [2]],
    [
      'the first line of a message',
      undefined,
      'Revert "Faster cart (#380)"\n\nmore',
      [],
      [380],
    ],
    [
      'nothing',
      'Revert the colour of the cart',
      'This reverts to blue',
      [],
      [],
    ],
    ['no text', undefined, undefined, [], []],
  ])('finds %s', (_, title, message, shas, numbers) => {
    expect(revertsOf(title, message)).toEqual({ shas, numbers });
  });

  it('tells what brings something back from what takes it back', () => {
    expect(isReapply('Revert "Revert "A (#1)" (#2)"')).toBe(true);
    expect(isReapply('Reapply "A"')).toBe(true);
    expect(isReapply('Revert "A (#1)"')).toBe(false);
    expect(revertedTitle('Revert "A" (#7)')).toBe('A');
    expect(revertedTitle('Revert "')).toBeUndefined();
  });
});

describe('closesOf', () => {
  it.each([
    ['Closes #12', [12]],
    ['fixes: #12, resolves #13 and closed GH-14', [12, 13, 14]],
    ['Fixes other/repo#12', []],
    ['prefixes #12', []],
    ['see #12', []],
    [undefined, []],
  ])('%s', (text, numbers) => {
    expect(closesOf(text)).toEqual(numbers);
  });

  it('believes whole names and links of the own repository only', () => {
    const text = `fixes acme/shop#5, fixes acme/other#6, closes ${REPOSITORY}/issues/7`;
    expect(closesOf(text, { repositoryUrl: REPOSITORY })).toEqual([5, 7]);
  });
});

describe('namesOf', () => {
  const none = { shas: [], numbers: [], runIds: [], deploymentIds: [] };
  it.each([
    ['a SHA', `broken since ${SHA}!`, { shas: [SHA] }],
    ['a short SHA', 'since 9f31c07 (yesterday)', { shas: ['9f31c07'] }],
    ['no part of a word', 'x9f31c07, id-9f31c07, 9f31c0712xyz', {}],
    ['a pull request', 'after #380', { numbers: [380] }],
    ['one with its name', 'after acme/shop#380', { numbers: [380] }],
    ['none of another repository', 'after acme/other#380', {}],
    ['a link to one', `${REPOSITORY}/pull/380/files`, { numbers: [380] }],
    [
      'no link to another repository',
      'https://github.com/acme/other/pull/380',
      {},
    ],
    [
      'no link to a repository that begins alike',
      `${REPOSITORY}-old/pull/380`,
      {},
    ],
    [
      'a run',
      `see ${REPOSITORY}/actions/runs/9876543210/job/1`,
      { runIds: ['9876543210'] },
    ],
    ['a commit in a link', `${REPOSITORY}/commit/${SHA}`, { shas: [SHA] }],
    [
      'deployments',
      `deployment 4711 and ${REPOSITORY}/deployments/d-12`,
      { deploymentIds: ['4711', 'd-12'] },
    ],
    [
      'the root cause and nothing beside it',
      `#370 noticed it. root cause: 9f31c07, fine before 71be2d0`,
      { shas: ['9f31c07'] },
    ],
    ['a root cause by number', 'Root cause: #380', { numbers: [380] }],
  ])('finds %s', (_, text, found) => {
    expect(namesOf(text, { repositoryUrl: REPOSITORY })).toEqual({
      ...none,
      ...found,
    });
  });
});

describe('isHotfix', () => {
  const change = (rest: Partial<ChangeFact>): ChangeFact => ({
    ...{ id: 'c', kind: 'pull_request', mergeSha: SHA },
    ...rest,
  });
  it.each([
    [{ labels: ['hotfix'] }, true],
    [{ labels: ['type: Hot-Fix'] }, true],
    [{ labels: ['kind/hotfix'] }, true],
    [{ labels: ['not-hotfix'] }, false],
    [{ branch: 'hotfix/cart' }, true],
    [{ branch: 'kim/hotfix-cart' }, true],
    [{ branch: 'hotfixes-page' }, true],
    [{ branch: 'docs/no-hotfix' }, false],
    [{ title: 'Hotfix: cart' }, true],
    [{ title: '[hotfix] cart' }, true],
    [{ title: 'Document the hotfix process' }, false],
    [{}, false],
  ])('%j', (rest, expected) => {
    expect(isHotfix(change(rest))).toBe(expected);
  });
});

describe('hostile text', () => {
  it.each([
    'closes '.repeat(50_000),
    `fixes${' '.repeat(200_000)}#1`,
    `reverts ${'a'.repeat(200_000)}`,
    `reverts ${'a/'.repeat(100_000)}`,
    'https://'.repeat(50_000),
    `Revert ${'"'.repeat(200_000)}`,
    'root cause: '.repeat(50_000),
    '9f31c07 '.repeat(50_000),
    'deployment '.repeat(50_000),
    `/pull/${'1'.repeat(200_000)}`,
  ])('is read in a moment, with a bounded answer', text => {
    const started = performance.now();
    const names = namesOf(text, { repositoryUrl: REPOSITORY });
    const found = [
      ...Object.values(names).flat(),
      ...Object.values(revertsOf(text, text)).flat(),
      ...closesOf(text, { repositoryUrl: REPOSITORY }),
    ];
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(found.length).toBeLessThanOrEqual(400);
  });

  it('does not take a repository for a pattern', () => {
    const repositoryUrl = 'https://github.com/(a+)+/[x';
    expect(namesOf('after #3', { repositoryUrl }).numbers).toEqual([3]);
  });
});
