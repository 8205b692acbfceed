import { shortSha } from '../environments/vendorText';
import type { Account, ChangeRange, GatePolicy, RangeCommit } from './facts';

/** What somebody has to do with a change. */
export interface Part {
  account: Account;
  why: 'author' | 'co_author' | 'opener' | 'merger';
  /** Goes on after "you": `wrote 9f31c07`. */
  did: string;
}

/** A commit of which nobody knows whose it is. */
export interface UnknownAuthor {
  sha: string;
  name?: string;
}

/** What merges at the vendor's own page are committed by: no person. */
const VENDOR_COMMITTER = 'web-flow';

/**
 * Everybody whose change it is, each with what they did.
 *
 * @param headSha - the candidate; absent: the last commit of the range is the newest
 */
export function partsOf(
  range: ChangeRange | undefined,
  policy: GatePolicy,
  headSha?: string,
): { parts: Part[]; unknown: UnknownAuthor[] } {
  if (!range || policy.authors === 'off') return { parts: [], unknown: [] };
  const commits =
    policy.authors === 'head' ? headOf(range, headSha) : range.commits;
  const numbers = new Set(
    policy.authors === 'head'
      ? commits.map(({ pullRequest }) => pullRequest)
      : range.pullRequests.map(({ number }) => number),
  );
  const parts = [
    ...commits.flatMap(partsOfCommit),
    ...range.pullRequests
      .filter(({ number }) => numbers.has(number))
      .flatMap(({ number, opener, merger }) => [
        ...part(opener, 'opener', `opened pull request ${number}`),
        ...part(merger, 'merger', `merged pull request ${number}`),
      ]),
  ];
  return {
    parts,
    unknown: commits
      .filter(({ author }) => !isKnown(author))
      .map(({ sha, authorName }) => ({ sha, name: authorName })),
  };
}

/** The newest commit; none when it is among those that were not read. */
function headOf(range: ChangeRange, headSha: string | undefined) {
  const named = range.commits.filter(({ sha }) => sha === headSha);
  if (named.length > 0) return named;
  return range.cut && headSha !== undefined ? [] : range.commits.slice(-1);
}

function partsOfCommit(commit: RangeCommit): Part[] {
  const sha = shortSha(commit.sha);
  const { author, committer, coAuthors } = commit;
  return [
    ...part(author, 'author', `wrote ${sha}`),
    ...(committer?.login?.toLowerCase() === VENDOR_COMMITTER
      ? []
      : part(committer, 'author', `committed ${sha}`)),
    ...coAuthors.flatMap(account =>
      part(account, 'co_author', `are a co-author of ${sha}`),
    ),
  ];
}

function part(
  account: Account | undefined,
  why: Part['why'],
  did: string,
): Part[] {
  return isKnown(account) ? [{ account, why, did }] : [];
}

/** True when the vendor told who it is, by number or at least by name. */
export function isKnown(account: Account | undefined): account is Account {
  return Boolean(account?.id || account?.login);
}

/** Accounts whose change it is by policy, each once, and the commits of which nobody knows whose they are. */
export function authorsOf(
  range: ChangeRange | undefined,
  policy: GatePolicy,
  headSha?: string,
): { accounts: Account[]; unknown: UnknownAuthor[] } {
  const { parts, unknown } = partsOf(range, policy, headSha);
  const accounts = new Map<string, Account>();
  for (const { account } of parts) {
    const key = account.id
      ? `id ${account.id}`
      : `login ${account.login?.toLowerCase()}`;
    if (!accounts.has(key)) accounts.set(key, account);
  }
  return { accounts: [...accounts.values()], unknown };
}
