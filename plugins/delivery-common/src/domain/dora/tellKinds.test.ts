import type { CommitFact, DeploymentSource } from './facts';
import { makeHistory } from './history';
import { tellKinds } from './tellKinds';
import { merge, source } from './testUtils/sources';

const LINE: CommitFact[] = ['a', 'b', 'c', 'd'].map((sha, i, all) => ({
  sha,
  parents: i ? [all[i - 1]] : [],
}));

/** Kinds of deployments of these commits, one after the other. */
const kindsOf = (
  shas: (string | Partial<DeploymentSource>)[],
  commits: CommitFact[] = [],
) => {
  const sources = shas.map((each, i) =>
    source(
      `${i}`,
      [i * 100, i * 100 + 5],
      typeof each === 'string' ? { sha: each } : each,
    ),
  );
  return tellKinds(merge(sources).deployments, makeHistory(commits, [])).map(
    ({ kind }) => kind,
  );
};

describe('tellKinds', () => {
  it.each<
    [string, (string | Partial<DeploymentSource>)[], CommitFact[], string]
  >([
    ['new commits', ['a', 'b', 'c'], [], 'regular regular regular'],
    ['the same again', ['a', 'a'], [], 'regular redeploy'],
    ['one that ran before', ['a', 'b', 'a'], [], 'regular regular rollback'],
    [
      'forward again after a rollback',
      ['a', 'b', 'a', 'b'],
      [],
      'regular regular rollback regular',
    ],
    ['an ancestor that never ran', ['c', 'a'], LINE, 'regular rollback'],
    [
      'forward from an ancestor that never ran',
      ['c', 'a', 'b'],
      LINE,
      'regular rollback regular',
    ],
    ['marked', ['a', { sha: 'z', isRollback: true }], [], 'regular rollback'],
    [
      'a marked one never seen, then back to what ran',
      ['b', { sha: 'a', isRollback: true }, 'b'],
      [],
      'regular rollback regular',
    ],
    ['without a commit', ['a', { sha: undefined }], [], 'regular regular'],
    [
      'a retry of what failed',
      ['a', { sha: 'b', status: 'failed' }, 'b'],
      [],
      'regular regular regular',
    ],
    [
      'the same after it was put back at once',
      ['a', { sha: 'b', putBack: { ok: true } }, 'b'],
      [],
      'regular regular regular',
    ],
    [
      'a failed way back',
      ['a', 'b', { sha: 'a', status: 'failed' }],
      [],
      'regular regular rollback',
    ],
  ])('%s', (_, shas, commits, expected) => {
    expect(kindsOf(shas, commits).join(' ')).toBe(expected);
  });

  it('history goes before the order in which they ran', () => {
    // b ran first, then a; b is ahead of a all the same.
    expect(kindsOf(['b', 'a', 'b'], LINE)).toEqual([
      'regular',
      'rollback',
      'regular',
    ]);
  });

  it('each service, and where wanted each environment, has a past of its own', () => {
    const { deployments } = merge(
      [
        source('1', [0, 5], { sha: 'a', environment: 'eu' }),
        source('2', [500, 505], { sha: 'a', environment: 'us' }),
        source('3', [900, 905], { sha: 'a', service: 'component:default/web' }),
      ],
      { perEnvironment: true },
    );
    const history = makeHistory([], []);
    const kinds = (perEnvironment: boolean) =>
      tellKinds(deployments, history, { perEnvironment }).map(it => it.kind);
    expect(kinds(true)).toEqual(['regular', 'regular', 'regular']);
    expect(kinds(false)).toEqual(['regular', 'redeploy', 'regular']);
  });
});
