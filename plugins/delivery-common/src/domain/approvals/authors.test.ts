import { authorsOf } from './authors';
import { DEFAULT_POLICY } from './facts';
import { bot, commit, dana, range, ravi, sha } from './testUtils/approvalFacts';

const pat = { login: 'pat' };
const webFlow = { id: '19864447', login: 'web-flow' };
const change = range({
  commits: [
    commit('a', { committer: webFlow, coAuthors: [ravi] }),
    commit('b', { author: bot, committer: dana, pullRequest: 4 }),
    commit('c', { author: undefined, authorName: 'Somebody' }),
  ],
  pullRequests: [{ number: 4, opener: { login: 'PAT' }, merger: pat }],
});

describe('authorsOf', () => {
  it('tells everybody once, and whose commit nobody knows', () => {
    expect(authorsOf(change, DEFAULT_POLICY)).toEqual({
      accounts: [dana, ravi, bot, { login: 'PAT' }],
      unknown: [{ sha: sha('c'), name: 'Somebody' }],
    });
  });

  it('only of the newest, by policy', () => {
    const policy = { ...DEFAULT_POLICY, authors: 'head' as const };
    expect(authorsOf(change, policy)).toEqual({
      accounts: [],
      unknown: [{ sha: sha('c'), name: 'Somebody' }],
    });
    expect(authorsOf(change, policy, sha('b'))).toEqual({
      accounts: [bot, dana, { login: 'PAT' }],
      unknown: [],
    });
  });

  it('tells nobody when nothing is asked or known', () => {
    const none = { accounts: [], unknown: [] };
    const policy = { ...DEFAULT_POLICY, authors: 'off' as const };
    expect(authorsOf(change, policy)).toEqual(none);
    expect(authorsOf(undefined, DEFAULT_POLICY)).toEqual(none);
  });
});
