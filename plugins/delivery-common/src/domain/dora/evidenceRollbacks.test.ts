import type { DoraDeployment } from './linked';
import {
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  brought,
  deployed,
  judgedOf,
  settingsWith,
  sha,
} from './testUtils/judging';

/** Deployments an hour after each other: `a`, `b` bring something, `>a` goes back to what `a` brought, `=a` deploys it again. */
function sequence(words: string, gap = HOUR): DoraDeployment[] {
  return words.split(' ').map((word, n) => {
    const mark = word[0];
    const name = mark === '>' || mark === '=' ? word.slice(1) : word;
    const kinds = { '>': 'rollback', '=': 'redeploy' } as const;
    const kind = kinds[mark as '>' | '='] ?? 'regular';
    const id = `${n}${word}`;
    return deployed(id, MONDAY + n * gap, { kind, sha: sha(name) });
  });
}

describe('a rollback', () => {
  it.each([
    ['fails what was live', 'a b >a', ['1b'], { '2>a': ['1b'] }],
    [
      'fails only what was live and tells all it takes out',
      'a b c d >a',
      ['3d'],
      { '4>a': ['1b', '2c', '3d'] },
    ],
    [
      'goes a step further after another',
      'a b c >b >a',
      ['1b', '2c'],
      { '3>b': ['2c'], '4>a': ['1b'] },
    ],
    [
      'to where the one before already went takes out nothing',
      'a b >a >a',
      ['1b'],
      { '2>a': ['1b'] },
    ],
    [
      'takes out what came after the one before',
      'a b >a c >a',
      ['1b', '3c'],
      { '2>a': ['1b'], '4>a': ['3c'] },
    ],
    [
      'fails what brought the commit, not what deployed it again',
      'a b =b >a',
      ['1b'],
      { '3>a': ['1b', '2=b'] },
    ],
    [
      'to something never seen takes out what was live',
      'a b c >x',
      ['2c'],
      { '3>x': ['2c'] },
    ],
    ['of nothing fails nothing', '>x', [], {}],
  ])('%s', (_, words, failed, removes) => {
    const judged = judgedOf({ deployments: sequence(words) });
    expect(judged.failed).toEqual(failed);
    const told = judged.deployments.filter(each => each.removes.length > 0);
    expect(Object.fromEntries(told.map(d => [d.id, d.removes]))).toEqual(
      removes,
    );
    expect(
      judged.deployments.filter(d => d.rolledBack).map(({ id }) => id),
    ).toEqual([...new Set(Object.values(removes).flat())].sort());
  });

  it('says who went back, and after how long', () => {
    const [a, b] = sequence('a b');
    const back = deployed('r', b.finishedAt! + 40 * MINUTE, {
      ...{ kind: 'rollback', sha: a.sha, url: 'https://example.test/r' },
    });
    expect(judgedOf({ deployments: [a, b, back] }).of(b.id)).toMatchObject({
      evidence: [
        {
          ...{ code: 'rolled_back', confidence: 'high', inferred: false },
          text: 'Rolled back by deployment of a000000 after 40 min',
          ...{ ref: 'r', url: 'https://example.test/r' },
        },
      ],
      failedAt: b.finishedAt,
      detectedAt: back.startedAt,
      recoveredAt: back.finishedAt,
      recovery: { by: 'rollback', ref: 'r' },
    });
  });

  it.each([
    [DAY, {}, ['1b']],
    [DAY + 1, {}, []],
    [9 * DAY, { windows: { rollbackMs: null } }, ['1b']],
  ])(
    'counts for %d ms with %j, and takes out what it takes out',
    (gap, settings, failed) => {
      const judged = judgedOf({
        deployments: sequence('a b >a', gap),
        settings: settingsWith(settings),
        asOf: MONDAY + 100 * DAY,
      });
      expect(judged.failed).toEqual(failed);
      expect(judged.of('1b').rolledBack).toBe(true);
    },
  );

  it('fails the redeployment where redeployments count', () => {
    const judged = judgedOf({
      deployments: sequence('a b =b >a'),
      settings: settingsWith({ includeRedeploys: true }),
    });
    expect(judged.failed).toEqual(['2=b']);
  });

  it('that did not succeed took nothing out', () => {
    const [a, b, back] = sequence('a b >a');
    const judged = judgedOf({
      deployments: [a, b, { ...back, outcome: 'cancelled' }],
    });
    expect(judged.failed).toEqual([]);
    expect(judged.of('1b').rolledBack).toBe(false);
  });

  it('is not of what the run itself had put back', () => {
    const [a, b, c, back] = sequence('a b c >a');
    const hints = { putBack: { at: c.finishedAt, ok: true } };
    const judged = judgedOf({ deployments: [a, b, { ...c, hints }, back] });
    expect(judged.of(back.id).removes).toEqual(['1b']);
    expect(judged.failed).toEqual(['1b', '2c']);
  });

  it('takes out what the history knows to be newer than what it goes back to', () => {
    const commits = ['x', 'a', 'b', 'c'].map((name, n, all) => ({
      sha: sha(name),
      parents: n === 0 ? [] : [sha(all[n - 1])],
    }));
    const judged = judgedOf({ deployments: sequence('a b c >x'), commits });
    expect(judged.of('3>x').removes).toEqual(['0a', '1b', '2c']);
    expect(judged.failed).toEqual(['2c']);
  });

  it('is told on the changes it takes out', () => {
    const [a, b, back] = sequence('a b >a');
    const { changes } = judgedOf({
      deployments: [a, b, back],
      changes: [brought(1, a), brought(2, b), brought(3, undefined)],
    });
    expect(changes.map(each => each.rolledBack)).toEqual([false, true, false]);
  });

  it.each([
    [false, ['1b']],
    [true, []],
  ])(
    'belongs to its own environment: perEnvironment %s',
    (perEnvironment, failed) => {
      const [a, b, back] = sequence('a b >a');
      const judged = judgedOf({
        deployments: [a, b, { ...back, environment: 'production-us' }],
        settings: settingsWith({ perEnvironment }),
      });
      expect(judged.failed).toEqual(failed);
    },
  );

  it('stays quick when thousands go back further and further', () => {
    const n = 4_000;
    const there = Array.from({ length: n }, (_, i) => `${i}x`);
    const back = Array.from({ length: n - 1 }, (_, i) => `>${n - 2 - i}x`);
    const deployments = sequence([...there, ...back].join(' '), MINUTE);
    const started = performance.now();
    const judged = judgedOf({ deployments, asOf: MONDAY + 100 * DAY });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(judged.deployments.filter(d => d.rolledBack)).toHaveLength(n - 1);
  });
});
