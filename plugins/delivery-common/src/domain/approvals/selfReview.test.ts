import * as fc from 'fast-check';
import { DEFAULT_POLICY, type Account, type GateRun } from './facts';
import { firstRefusal } from './rules';
import { checkSelfReview, type SelfReviewInput } from './selfReview';
import {
  bot,
  cleo,
  commit,
  dana,
  gate,
  range,
  ravi,
  refusals,
  run,
  sha,
  short,
} from './testUtils/approvalFacts';

const me: Account = { id: cleo.id, login: 'cleo' };
const OFF = { ...DEFAULT_POLICY, authors: 'off' as const };
const HEAD = { ...DEFAULT_POLICY, authors: 'head' as const };
const STRICT = { ...DEFAULT_POLICY, unknownAuthors: 'refuse' as const };

function check(part: Partial<SelfReviewInput> = {}) {
  return checkSelfReview({
    ...{ person: cleo, run: run(), requests: [], range: range() },
    ...{ policy: DEFAULT_POLICY, pushers: [] },
    ...part,
  });
}

function whyOf(part: Partial<SelfReviewInput>) {
  return check(part).flatMap(result =>
    result.kind === 'refuse' && result.refusal.code === 'self_review'
      ? [result.refusal.params.why]
      : [],
  );
}

const started: [string, Partial<SelfReviewInput>][] = [
  ['actor', { run: run({ actor: me }) }],
  ['triggering_actor', { run: run({ triggeringActors: [me] }) }],
  [
    'triggering_actor',
    { run: run({ attempt: 3, triggeringActors: [dana, me, bot] }) },
  ],
  ['deployment_creator', { run: run({ deploymentCreators: [bot, me] }) }],
  [
    'portal_request',
    { requests: [{ userRef: 'user:default/x', accountId: '3', attempt: 2 }] },
  ],
  [
    'portal_request',
    {
      requests: [{ userRef: 'User:Default/Cleo', accountId: '8', attempt: 1 }],
    },
  ],
];
const wrote: [string, Partial<SelfReviewInput>][] = [
  ['author', { range: range({ commits: [commit('b', { author: me })] }) }],
  ['author', { range: range({ commits: [commit('b', { committer: me })] }) }],
  [
    'co_author',
    { range: range({ commits: [commit('b', { coAuthors: [ravi, me] })] }) },
  ],
  ['opener', { range: range({ pullRequests: [{ number: 4, opener: me }] }) }],
  ['merger', { range: range({ pullRequests: [{ number: 4, merger: me }] }) }],
  ['pusher', { pushers: ['dana', 'CLEO'] }],
];

describe('checkSelfReview', () => {
  it('passes somebody who has nothing to do with it', () => {
    expect(short(check())).toEqual(['pass self_review']);
  });

  it.each([...started, ...wrote])('refuses %s', (why, part) => {
    expect(whyOf(part)).toEqual([why]);
    expect(firstRefusal(check(part))).toMatchObject({
      ...{ code: 'self_review', status: 403, params: { why, login: 'cleo' } },
    });
  });

  it.each(started)('refuses %s also when authors are off', (why, part) => {
    expect(whyOf({ ...part, policy: OFF })).toEqual([why]);
  });

  it.each(wrote)('lets %s decide when authors are off', (_, part) => {
    expect(short(check({ ...part, policy: OFF }))).toEqual([
      'pass self_review',
    ]);
  });

  it('looks only at the newest commit by policy', () => {
    const commits = [
      commit('a', { author: me, pullRequest: 1 }),
      commit('b', { pullRequest: 2 }),
    ];
    const older = range({
      commits,
      pullRequests: [{ number: 1, opener: me }, { number: 2 }],
    });
    expect(whyOf({ range: older })).toEqual(['author', 'opener']);
    expect(whyOf({ range: older, policy: HEAD })).toEqual([]);
    expect(whyOf({ range: older, policy: HEAD, pushers: ['cleo'] })).toEqual(
      [],
    );
    expect(
      whyOf({
        ...{ range: older, policy: HEAD },
        run: run({ headSha: sha('a') }),
      }),
    ).toEqual(['author', 'opener']);
  });

  it('says in plain words what somebody did, and who may instead', () => {
    const refusal = firstRefusal(
      check({
        run: run({ actor: me, triggeringActors: [me] }),
        reviewers: [
          ...gate().reviewers,
          { kind: 'user', id: '2', name: 'ravi' },
        ],
      }),
    );
    expect(refusal?.message).toBe(
      'You cannot approve this: you started attempt 1 of the run. Somebody else of payments, ravi must decide.',
    );
    expect(
      firstRefusal(
        check({
          run: run({ attempt: 2, triggeringActors: [dana, me] }),
        }),
      )?.message,
    ).toBe(
      'You cannot approve this: you started attempt 2 of the run. Somebody else must decide.',
    );
  });

  it('tells each way in which it is somebody’s own, once', () => {
    expect(
      whyOf({
        run: run({ attempt: 2, actor: me, triggeringActors: [me, me] }),
        range: range({
          commits: [
            commit('a', { author: me }),
            commit('b', { author: me, coAuthors: [me] }),
          ],
        }),
      }),
    ).toEqual(['actor', 'triggering_actor', 'author', 'co_author']);
  });

  it.each<[string, Account, boolean]>([
    ['another id with the same name', { id: '7', login: 'cleo' }, false],
    ['the same id with another name', { id: '3', login: 'renamed' }, true],
    ['no id and the same name', { login: 'Cleo' }, true],
    ['no id and another name', { login: 'cleo-v' }, false],
  ])('of %s: %s', (_, account, isSelf) => {
    for (const part of [
      { run: run({ actor: account }) },
      { run: run({ triggeringActors: [account] }) },
      { run: run({ deploymentCreators: [account] }) },
      { range: range({ commits: [commit('b', { author: account })] }) },
    ]) {
      expect(whyOf(part).length).toBe(isSelf ? 1 : 0);
    }
  });

  it.each<[string, Partial<GateRun>]>([
    ['no actor', { actor: undefined }],
    ['an actor without name and id', { actor: {} }],
    ['an attempt that could not be read', { triggeringActors: [undefined] }],
    ['fewer starters than attempts', { attempt: 2 }],
    ['no starters', { triggeringActors: [] }],
    ['an unknown creator', { deploymentCreators: [bot, undefined] }],
    ['a deployment without creator', { deploymentCreators: [] }],
  ])('refuses everybody with %s, whatever the policy', (_, part) => {
    for (const policy of [DEFAULT_POLICY, HEAD, OFF]) {
      const results = check({ run: run(part), policy });
      expect(refusals(results)).toEqual(['self_review_unknown']);
      expect(firstRefusal(results)?.status).toBe(403);
    }
  });

  it('names what could not be found out', () => {
    expect(
      firstRefusal(
        check({
          run: run({ attempt: 2, triggeringActors: [dana, undefined] }),
        }),
      )?.message,
    ).toMatch(/^It could not be found out who started attempt 2, so/);
  });

  it('a bot that started it is somebody', () => {
    const byBot = run({ actor: bot, triggeringActors: [bot] });
    expect(short(check({ run: byBot }))).toEqual(['pass self_review']);
  });

  describe('authors nobody knows', () => {
    const unmapped = range({
      commits: [
        commit('a', { author: undefined, authorName: 'Somebody' }),
        commit('b', { author: {} }),
      ],
    });
    const cut = range({ total: 251, cut: true });
    it.each([
      ['unmapped', unmapped, /author of aaaaaaa, bbbbbbb\./],
      ['251 commits', cut, /^Of 251 commits only 1 could be read\./],
      ['nothing to compare with', undefined, /not known what runs there/],
    ])('%s: told, or refused by policy', (_, given, words) => {
      const told = check({ range: given });
      expect(short(told)).toEqual(['pass self_review', 'warn unknown_author']);
      expect(told[1]).toMatchObject({ message: expect.stringMatching(words) });
      const strict = check({ range: given, policy: STRICT });
      expect(short(strict)).toEqual(['refuse unknown_author']);
      expect(firstRefusal(strict)?.message).toMatch(words);
      expect(short(check({ range: given, policy: OFF }))).toEqual([
        'pass self_review',
      ]);
    });

    it('names the short shas as a parameter', () => {
      expect(
        firstRefusal(check({ range: unmapped, policy: STRICT }))?.params,
      ).toEqual({ commits: 'aaaaaaa, bbbbbbb' });
    });

    it('only counts those beyond a few', () => {
      const many = range({
        commits: [...'0123456789'].map(letter =>
          commit(letter, { author: undefined }),
        ),
      });
      expect(
        firstRefusal(check({ range: many, policy: STRICT }))?.message,
      ).toMatch(/5555555 and 4 more\./);
    });

    it('the newest commit among those that were not read', () => {
      const policy = { ...STRICT, authors: 'head' as const };
      const without = range({ commits: [commit('a')], total: 300, cut: true });
      expect(short(check({ range: without, policy }))).toEqual([
        'refuse unknown_author',
      ]);
      const withHead = range({
        ...{ commits: [commit('a'), commit('b')], total: 300, cut: true },
      });
      expect(short(check({ range: withHead, policy }))).toEqual([
        'pass self_review',
      ]);
    });
  });

  it('never passes whoever began it or nobody knows, wherever they stand', () => {
    const account = fc.constantFrom<Account | undefined>(
      ...[me, dana, ravi, bot, { login: 'CLEO' }, { login: 'pat' }],
      ...[{ id: '7', login: 'cleo' }, undefined, {}],
    );
    const isMe = (item: Account | undefined) =>
      item?.id === '3' || (!item?.id && item?.login === 'CLEO');
    fc.assert(
      fc.property(
        account,
        fc.array(account, { minLength: 1, maxLength: 6 }),
        fc.array(account, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(DEFAULT_POLICY, HEAD, OFF, STRICT),
        (actor, triggeringActors, deploymentCreators, policy) => {
          const all = [actor, ...triggeringActors, ...deploymentCreators];
          const refused = refusals(
            check({
              policy,
              run: run({
                ...{ actor, triggeringActors, deploymentCreators },
                attempt: triggeringActors.length,
              }),
            }),
          );
          expect(refused.includes('self_review')).toBe(all.some(isMe));
          expect(refused.includes('self_review_unknown')).toBe(
            all.some(item => !item?.id && !item?.login),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('finds an author wherever the commit stands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(dana, ravi, bot), { maxLength: 30 }),
        fc.nat(30),
        fc.constantFrom('author', 'committer', 'coAuthor'),
        (others, place, role) => {
          const own =
            role === 'coAuthor' ? { coAuthors: [me] } : { [role]: me };
          const commits = others.map((author, n) =>
            commit('abcdef'[n % 6], { author }),
          );
          commits.splice(Math.min(place, others.length), 0, commit('9', own));
          expect(whyOf({ range: range({ commits }) })).toHaveLength(1);
        },
      ),
    );
  });
});
