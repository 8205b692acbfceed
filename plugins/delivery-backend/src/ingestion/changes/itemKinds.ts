import type {
  CommitListing,
  PullRequestParts,
} from 'backstage-plugin-delivery-node';
import type { PullRequestRow } from '../../database/ChangeStore';
import { commitsScope, pullsScope } from '../scopes';
import type { ItemKind } from './ItemReading';
import type { ChangeReadingOptions } from './reading';

const DAY_MS = 24 * 60 * 60_000;
/** Commits of one span: a deployment of more is no ordinary one. */
const COMMITS = 1_000;
const PER_CALL = 100;

export interface Pair {
  base: string;
  head: string;
}
export interface Part {
  pull: PullRequestRow;
  files: boolean;
}

function pagesOf(items: unknown[]): number {
  return Math.max(1, Math.ceil(items.length / PER_CALL));
}

type Stores = Pick<ChangeReadingOptions, 'changes' | 'clock'>;

/** What lies between two commits. */
export function spanKind({
  changes,
  clock,
}: Stores): ItemKind<Pair, CommitListing> {
  return {
    scopeOf: commitsScope,
    keyOf: ({ base, head }) => `${base}...${head}`,
    perTurn: 20,
    calls: { most: COMMITS / PER_CALL, least: 1 },
    ask: ({ provider, scope }, pair, signal) =>
      provider.listCommits!(scope, { ...pair, limit: COMMITS }, signal),
    costOf: ({ commits }) => pagesOf(commits),
    save: async ({ scope: { repoKey } }, { base, head }, listing) => {
      await changes.saveCommits(repoKey, listing?.commits ?? []);
      await changes.saveSpan({
        ...{ repoKey, base, head },
        status: listing?.status ?? 'diverged',
        shas: listing?.commits.map(({ sha }) => sha) ?? [],
        complete: listing?.complete ?? false,
        // Forced away, and gone with its branch; somebody may push it again.
        ...(!listing && { retryAt: clock() + DAY_MS }),
      });
    },
  };
}

/** What the list of pull requests does not have of one. */
export function partsKind({
  changes,
}: Stores): ItemKind<Part, PullRequestParts> {
  return {
    scopeOf: pullsScope,
    keyOf: ({ pull }) => `pull request #${pull.number}`,
    perTurn: 30,
    calls: { most: 3, least: 2 },
    ask: ({ provider, scope }, { pull, files }, signal) =>
      provider.readPullRequest!(
        scope,
        { number: pull.number, author: pull.author, files },
        signal,
      ),
    costOf: parts =>
      1 + pagesOf(parts.commits) + (parts.files ? pagesOf(parts.files) : 0),
    save: async ({ scope }, { pull }, parts) => {
      // Of one that is gone there is nothing to know any more, and that is known.
      const known = parts ?? { commits: [], tooManyFiles: true };
      await changes.savePullRequestParts(scope.repoKey, pull.number, known);
    },
  };
}

/** Which files a commit touches. */
export function filesKind({
  changes,
}: Stores): ItemKind<string, { paths?: string[] }> {
  return {
    scopeOf: commitsScope,
    keyOf: sha => `files of ${sha}`,
    perTurn: 30,
    calls: { most: 1, least: 1 },
    ask: async ({ provider, scope }, sha, signal) => ({
      paths: await provider.readCommitFiles!(scope, sha, signal),
    }),
    save: async ({ scope }, sha, files) => {
      await changes.saveCommitFiles(scope.repoKey, sha, files?.paths ?? null);
    },
  };
}
