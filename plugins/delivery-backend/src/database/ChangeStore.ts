import type {
  CommitInfo,
  CommitListing,
  IncidentIssue,
  MergedPullRequest,
  PullRequestParts,
} from 'backstage-plugin-delivery-node';

/** A merged pull request with what was read of it besides; `parts` absent: not read yet. */
export interface PullRequestRow extends MergedPullRequest {
  repoKey: string;
  parts?: PullRequestParts;
}

/** What lies between two commits, as read. */
export interface SpanRow {
  repoKey: string;
  base: string;
  head: string;
  status: CommitListing['status'];
  /** Oldest first. */
  shas: string[];
  complete: boolean;
  /** The vendor does not know one of the two any more (force push, pruned): asked for again after this. */
  retryAt?: number;
}

/** An issue of a repository that stands for an incident. */
export interface IncidentRow extends IncidentIssue {
  repoKey: string;
  /** False: it has no label of incidents any more, or was deleted. */
  isIncident: boolean;
}

/**
 * What the plugin remembers of commits, pull requests and incidents: raw, as vendors told it, never derived. One implementation for SQLite
 * and Postgres; every method is one transaction. Times are epoch milliseconds. A row is never replaced by one with an earlier
 * `updatedAt`, so that the order of calls plays no part; vendors count seconds, so of two with the same the last one read counts.
 */
export interface ChangeStore {
  /** @returns numbers of those that really changed */
  savePullRequests(
    repoKey: string,
    items: MergedPullRequest[],
  ): Promise<number[]>;
  savePullRequestParts(
    repoKey: string,
    number: number,
    parts: PullRequestParts,
  ): Promise<void>;
  pullRequests(
    repoKey: string,
    filter: { mergeShas: string[] } | { numbers: number[] },
  ): Promise<PullRequestRow[]>;

  saveCommits(repoKey: string, commits: CommitInfo[]): Promise<void>;
  saveCommitFiles(
    repoKey: string,
    sha: string,
    /** `null`: more than the vendor tells. */
    files: string[] | null,
  ): Promise<void>;
  commits(
    repoKey: string,
    shas: string[],
  ): Promise<Map<string, CommitInfo & { files?: string[] | null }>>;

  saveSpan(span: SpanRow): Promise<void>;
  spans(
    repoKey: string,
    pairs: { base: string; head: string }[],
  ): Promise<SpanRow[]>;

  /** @returns numbers of those that really changed */
  saveIncidents(
    repoKey: string,
    items: (IncidentIssue & { isIncident: boolean })[],
  ): Promise<number[]>;
  /** Only those that are incidents, oldest first. */
  incidents(repoKey: string): Promise<IncidentRow[]>;
}
