import * as fc from 'fast-check';
import type { CommitFact, CommitSpan } from './facts';
import { makeHistory } from './history';

/** `b a` reads: b with the parent a. */
const commits = (...lines: string[]): CommitFact[] =>
  lines.map(line => {
    const [sha, ...parents] = line.split(' ');
    return { sha, parents };
  });
const span = (
  base: string,
  head: string,
  shas: string,
  part: Partial<CommitSpan> = {},
): CommitSpan => ({
  ...{ base, head, status: 'ahead', complete: true },
  shas: shas.split(' ').filter(Boolean),
  ...part,
});
const shasOf = (found: { shas: ReadonlySet<string> } | undefined) =>
  found && [...found.shas].sort().join(' ');

//   a ── b ── d ── e (merge of d and c) ── f
//    └── c ────────┘
const MERGED = commits('a', 'b a', 'c a', 'd b', 'e d c', 'f e');

describe('between, by the parents', () => {
  const history = makeHistory(MERGED, []);

  it.each([
    ['b', 'd', 'd', 'ahead'],
    ['d', 'e', 'c e', 'ahead'],
    ['a', 'f', 'b c d e f', 'ahead'],
    ['f', 'd', '', 'behind'],
    ['c', 'd', 'b d', 'diverged'],
    ['d', 'd', '', 'identical'],
  ])('from %s to %s: %s', (base, head, shas, status) => {
    const found = history.between(base, head);
    expect(shasOf(found)).toBe(shas);
    expect(found).toMatchObject({ status, complete: true });
  });

  it('without a base it is everything that is known', () => {
    expect(shasOf(history.between(undefined, 'e'))).toBe('a b c d e');
  });

  it.each([
    ['x', 'f'],
    ['a', 'x'],
    [undefined, 'x'],
  ])('nothing is claimed of a commit nobody told of: %s to %s', (base, head) =>
    expect(history.between(base, head)).toBeUndefined(),
  );

  it('histories without a common commit diverge when both are whole', () => {
    const found = makeHistory(commits('a', 'b a', 'x'), []).between('b', 'x');
    expect(shasOf(found)).toBe('x');
    expect(found?.status).toBe('diverged');
  });

  it('a missing parent before the base is met makes the answer unknown', () => {
    const history2 = makeHistory(commits('a', 'c b'), []);
    expect(history2.between('a', 'c')).toBeUndefined();
  });

  it('a missing parent beside the way makes it incomplete', () => {
    const found = makeHistory(commits('a', 'c a x'), []).between('a', 'c');
    expect(shasOf(found)).toBe('c x');
    expect(found).toMatchObject({ status: 'ahead', complete: false });
  });

  it('what lies below the base plays no part', () => {
    const found = makeHistory(commits('b a', 'c b'), []).between('b', 'c');
    expect(found).toMatchObject({ status: 'ahead', complete: true });
  });

  it('circles end', () => {
    const history2 = makeHistory(
      commits('a c', 'b a', 'c b', 'd d', 'e d'),
      [],
    );
    expect(history2.between('a', 'c')).toBeDefined();
    expect(history2.between('d', 'e')).toMatchObject({ status: 'ahead' });
    expect(history2.isAncestor('d', 'c')).toBeUndefined();
  });

  it('walks a long history without recursion', () => {
    const long = Array.from({ length: 50_000 }, (_, i) => ({
      sha: `c${i}`,
      parents: i ? [`c${i - 1}`] : [],
    }));
    const history2 = makeHistory(long, []);
    expect(history2.between('c0', 'c49999')?.shas.size).toBe(49_999);
    expect(history2.isAncestor('c49999', 'c3')).toBe(false);
  });
});

describe('between, by what the vendor said', () => {
  it('its word goes before the parents', () => {
    const history = makeHistory(MERGED, [span('b', 'd', 'd z')]);
    expect(shasOf(history.between('b', 'd'))).toBe('d z');
  });

  it('parents fill up what it did not list whole', () => {
    const cut = span('a', 'f', 'e f', { complete: false });
    const history = makeHistory(MERGED, [cut]);
    expect(shasOf(history.between('a', 'f'))).toBe('b c d e f');
    const holed = makeHistory(commits('f e'), [cut]).between('a', 'f');
    expect(holed).toMatchObject({ complete: false, status: 'ahead' });
    expect(shasOf(holed)).toBe('e f');
  });

  it('a force-pushed base is told as diverged', () => {
    const said = span('old', 'new', 'new', { status: 'diverged' });
    expect(makeHistory([], [said]).between('old', 'new')).toMatchObject({
      status: 'diverged',
    });
  });

  it('what is behind brings nothing, whatever list comes with it', () => {
    const said = span('b', 'a', 'a b', { status: 'behind' });
    expect(shasOf(makeHistory([], [said]).between('b', 'a'))).toBe('');
  });

  it('spans that follow on one another answer together', () => {
    const history = makeHistory(
      [],
      [span('a', 'c', 'b c'), span('c', 'd', 'd')],
    );
    expect(shasOf(history.between('a', 'd'))).toBe('b c d');
    expect(shasOf(history.between(undefined, 'd'))).toBe('a b c d');
    expect(history.isAncestor('a', 'd')).toBe(true);
  });

  it('of two tellings of one pair the whole one counts', () => {
    const cut = span('a', 'c', 'c', { complete: false });
    for (const spans of [
      [cut, span('a', 'c', 'b c')],
      [span('a', 'c', 'b c'), cut],
    ]) {
      expect(shasOf(makeHistory([], spans).between('a', 'c'))).toBe('b c');
    }
  });
});

describe('isAncestor', () => {
  it.each([
    ['a', 'f', true],
    ['c', 'd', false],
    ['f', 'a', false],
    ['a', 'a', true],
    ['a', 'x', undefined],
  ])('%s of %s: %s', (a, b, expected) =>
    expect(makeHistory(MERGED, []).isAncestor(a, b)).toBe(expected),
  );

  it.each([
    ['ahead', true, false],
    ['behind', false, true],
    ['diverged', false, false],
  ] as const)('a span that is %s answers both ways', (status, there, back) => {
    const history = makeHistory([], [span('a', 'b', 'b', { status })]);
    expect(history.isAncestor('a', 'b')).toBe(there);
    expect(history.isAncestor('b', 'a')).toBe(back);
  });
});

describe('whatever is told', () => {
  const sha = fc.constantFrom(...'abcdefgh');
  const anyCommits = fc.array(
    fc.record({ sha, parents: fc.option(fc.array(sha, { maxLength: 3 })) }),
    { maxLength: 14 },
  );

  it('the order plays no part, and nothing throws', () => {
    const shuffled = anyCommits.chain(list =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, sha, sha, ([list, other], base, head) => {
        const told = (given: typeof list) =>
          makeHistory(
            given.map(it => ({ ...it, parents: it.parents ?? undefined })),
            [],
          ).between(base, head);
        expect(told(other)).toEqual(told(list));
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with sets of ancestors where nothing is missing and nothing runs in circles', () => {
    const names = [...'abcdefgh'];
    const whole = fc
      .array(fc.array(fc.nat(7), { maxLength: 3 }), {
        minLength: names.length,
        maxLength: names.length,
      })
      .map(lists =>
        lists.map((parents, i) => ({
          sha: names[i],
          parents: i ? parents.map(at => names[at % i]) : [],
        })),
      );
    fc.assert(
      fc.property(whole, sha, sha, (list, base, head) => {
        const parentsOf = new Map(list.map(it => [it.sha, it.parents]));
        const ancestors = (of: string) => {
          const all = new Set([of]);
          for (const each of all) {
            for (const parent of parentsOf.get(each) ?? []) all.add(parent);
          }
          return all;
        };
        const [below, above] = [ancestors(base), ancestors(head)];
        const history = makeHistory(list, []);
        expect(shasOf(history.between(base, head))).toBe(
          [...above]
            .filter(it => !below.has(it))
            .sort()
            .join(' '),
        );
        expect(history.isAncestor(base, head)).toBe(above.has(base));
      }),
      { numRuns: 1_000 },
    );
  });
});
