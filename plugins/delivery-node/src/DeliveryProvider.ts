import type { ConformanceReading } from './ConformanceReading';
import type { Change } from 'backstage-plugin-delivery-common';
import type { VendorActs } from './VendorActs';

/** A delivery as it arrived, already authenticated. @public */
export interface RawEvent {
  /** The vendor's name of the event: `workflow_run`. */
  name: string;
  /** Parsed JSON body; untrusted. */
  payload: unknown;
  /** Epoch milliseconds of arrival. */
  receivedAt: number;
}

/**
 * What a provider makes of an event.
 * - `changes`: facts to apply (possibly none)
 * - `ignored`: an event this version does not use; counted, never an error
 * @public
 */
export type ParsedEvent =
  | {
      kind: 'changes';
      changes: Change[];
      /** Lists of the repository that are not as they were: to be asked for again soon. */
      hints?: ListHint[];
    }
  | { kind: 'ignored'; reason: string };

/** What an event says to have changed without telling it. @public */
export type ListHint = 'pullRequests' | 'incidents';

/** A repository to read. @public */
export interface RepositoryScope {
  /** Host with port. */
  host: string;
  /** `owner/name` */
  slug: string;
  /** Known after the first read. */
  repoKey?: string;
}

/** How deep a read goes. @public */
export interface ListRequest {
  scope: RepositoryScope;
  /**
   * `backfill`: newest runs back to `since`, resumable by `cursor`;
   * `sweep`: the newest page(s), until a run that is unchanged and older than `since`.
   */
  mode: 'backfill' | 'sweep';
  /** Epoch milliseconds. */
  since: number;
  cursor?: string;
  /** Newest runs (or deployments) to read at most. */
  limit: number;
  /** Validator of the last unchanged answer, per credential. */
  etag?: string;
  /** Keys of deployments of which all is known: {@link DeliveryProvider.listDeployments} leaves them out and makes no call for them. */
  known?: ReadonlySet<string>;
  signal: AbortSignal;
}

/** One batch of a read; apply it, remember `cursor`, ask for more. @public */
export interface ChangeBatch {
  changes: Change[];
  /** Where to go on; absent: done. */
  cursor?: string;
  etag?: string;
  /** True when the vendor said that nothing changed. */
  unchanged?: boolean;
}

/** What is left of the vendor's budget. @public */
export interface Budget {
  remaining: number;
  limit: number;
  /** Epoch milliseconds. */
  resetAt: number;
}

/** @public */
export interface RunRef {
  host: string;
  slug: string;
  repoKey: string;
  runKey: string;
}

/** @public */
export interface WorkflowFile {
  path: string;
  /** Commit the text was read at. */
  sha: string;
  /** Git blob id: the text is the same for ever. */
  blobSha: string;
  text: string;
}

/** @public */
export interface ArtifactInfo {
  name: string;
  sizeInBytes: number;
  digest?: string;
  createdAt?: number;
  expired: boolean;
}

/** A decision about the gate of an environment, as the vendor recorded it (without a time). @public */
export interface RecordedApproval {
  environments: string[];
  state: 'approved' | 'rejected' | 'unknown';
  /** Login. */
  user: string;
  comment?: string;
}

/** What lies between two commits. @public */
export interface CommitRange {
  status: 'ahead' | 'behind' | 'diverged' | 'identical';
  /** Commits `head` has and `base` does not, newest first; as many as the vendor's one answer holds. */
  commits: {
    sha: string;
    /** First line of the message. */
    title: string;
    author?: string;
    at?: number;
    pullRequest?: number;
  }[];
  /** How many there are. */
  aheadBy: number;
  behindBy: number;
  url?: string;
}

/** A commit with what DORA needs to know. @public */
export interface CommitInfo {
  sha: string;
  parents: string[];
  authoredAt?: number;
  committedAt?: number;
  /** Login, or the name written into the commit. */
  author?: string;
  /** Whole message. */
  message: string;
}

/** Everything `head` has and `base` has not. @public */
export interface CommitListing {
  status: CommitRange['status'];
  /** Oldest first. */
  commits: CommitInfo[];
  /** False: the vendor has more than were read. */
  complete: boolean;
}

/** A pull request that was merged. @public */
export interface MergedPullRequest {
  number: number;
  title: string;
  /** Text; only for references in it, never shown. */
  body?: string;
  author?: string;
  isBot: boolean;
  url?: string;
  /** Branch it was merged into, and the one it came from. */
  base: string;
  branch: string;
  labels: string[];
  /** Merge commit, squashed commit or last rebased one. */
  mergeSha: string;
  openedAt: number;
  mergedAt: number;
  updatedAt: number;
}

/** What a list of pull requests does not have. @public */
export interface PullRequestParts {
  /** Its own, oldest first, also after a squash. */
  commits: CommitInfo[];
  firstReviewAt?: number;
  /** Absent: not asked, or more than the vendor tells. */
  files?: string[];
  /** True: asked for files, and there are more than the vendor tells. */
  tooManyFiles?: boolean;
}

/** An issue that stands for an incident. @public */
export interface IncidentIssue {
  number: number;
  title: string;
  /** Text; only for references in it, never shown. */
  body?: string;
  url?: string;
  labels: string[];
  openedAt: number;
  /** When a label of incidents was put on it, if later than opened and known. */
  labelledAt?: number;
  closedAt?: number;
  updatedAt: number;
}

/** A page of a list that is asked for again by what changed since. @public */
export interface ListPage<T> {
  items: T[];
  /** Where to go on; absent: done. */
  cursor?: string;
  etag?: string;
  /** True when the vendor said that nothing changed. */
  unchanged?: boolean;
  /** Calls it cost. */
  calls: number;
}

/** What changed in a repository since a moment. @public */
export interface ListSince {
  scope: RepositoryScope;
  /** Epoch milliseconds of the vendor's own `updated_at`. */
  since: number;
  cursor?: string;
  etag?: string;
  signal: AbortSignal;
}

/** A delivery the vendor could not hand over. @public */
export interface FailedDelivery {
  id: string;
  guid: string;
  deliveredAt: number;
}

/**
 * A source of pipeline facts. Only {@link DeliveryProvider.id}, {@link DeliveryProvider.parseEvent} and
 * {@link DeliveryProvider.listChanges} are required; each other member is a capability that the page asks for by presence.
 *
 * Every reading method may throw `@backstage/errors`; `NotFoundError` means that the thing is gone at the vendor, and
 * `ServiceUnavailableError` that asking again later may help. All honour `signal`.
 * @public
 */
export interface DeliveryProvider {
  readonly id: string;
  /** Hosts this provider can read (`github.com`, `127.0.0.1:7011`). */
  readonly hosts: string[];
  /** Pure: no clock, no network, no state. Throws `InputError` for a body that does not have the shape of its event. */
  parseEvent(event: RawEvent): ParsedEvent;
  listChanges(request: ListRequest): Promise<ChangeBatch>;
  /**
   * Deployments with all their statuses, newest first, down to `since`; resumable by `cursor`. `scope.repoKey` must be known, and `limit`
   * is how many deployments one batch has at most: each costs the vendor a call. The run of a deployment is told only when the
   * vendor names one of the same repository.
   */
  listDeployments?(request: ListRequest): Promise<ChangeBatch>;
  /** Budget as the last answers told it; undefined before the first. */
  budget?(scope: RepositoryScope): Budget | undefined;
  /** Run with its current attempt and jobs, by one or two calls. */
  readRun?(run: RunRef, signal: AbortSignal): Promise<Change[]>;
  /** One earlier attempt with its jobs (to close a gap). */
  readAttempt?(
    run: RunRef,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Change[]>;
  /** Names of environments whose gate holds the run now. */
  pendingEnvironments?(run: RunRef, signal: AbortSignal): Promise<string[]>;
  readWorkflowFile?(
    scope: RepositoryScope,
    file: { path: string; sha: string },
    signal: AbortSignal,
  ): Promise<WorkflowFile>;
  listArtifacts?(run: RunRef, signal: AbortSignal): Promise<ArtifactInfo[]>;
  /** Text of a job's log. The caller redacts and caps it. */
  openLog?(
    run: RunRef,
    jobKey: string,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>>;
  /** Who decided about the gates of a run: one call. */
  listApprovals?(run: RunRef, signal: AbortSignal): Promise<RecordedApproval[]>;
  /** What lies between two commits: one call. `NotFoundError`: one of them is not in the repository (any more). */
  compareCommits?(
    scope: RepositoryScope,
    range: { base: string; head: string },
    signal: AbortSignal,
  ): Promise<CommitRange>;
  /** The full SHA of a short one: one call. Undefined: no commit, or several, begin like that. */
  resolveCommit?(
    scope: RepositoryScope,
    shortSha: string,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Everything between two commits, all pages up to `limit` commits. `NotFoundError`: one of them is not in the repository (any more). */
  listCommits?(
    scope: RepositoryScope,
    range: { base: string; head: string; limit: number },
    signal: AbortSignal,
  ): Promise<CommitListing>;
  /** Merged pull requests, the last changed first, one page a call. */
  listMergedPullRequests?(
    request: ListSince,
  ): Promise<ListPage<MergedPullRequest>>;
  /** Two calls, three with `files`. Reviews of `author` are no reviews. */
  readPullRequest?(
    scope: RepositoryScope,
    pullRequest: { number: number; files: boolean; author?: string },
    signal: AbortSignal,
  ): Promise<PullRequestParts>;
  /** Paths a commit touches: one call. Undefined: more than the vendor tells. */
  readCommitFiles?(
    scope: RepositoryScope,
    sha: string,
    signal: AbortSignal,
  ): Promise<string[] | undefined>;
  /** Issues with any of the labels, the last changed first, one page a call; {@link ListPage.unchanged} when none of the labels' lists changed. */
  listIncidents?(
    request: ListSince & { labels: string[] },
  ): Promise<ListPage<IncidentIssue>>;
  /** Workflow files of the default branch, what they call, and settings: some ten calls. */
  readConformance?(
    scope: RepositoryScope,
    signal: AbortSignal,
  ): Promise<ConformanceReading>;
  listFailedDeliveries?(signal: AbortSignal): Promise<FailedDelivery[]>;
  redeliver?(delivery: FailedDelivery, signal: AbortSignal): Promise<void>;
  /** What it can do in a person's name; absent: pages offer none of it. */
  readonly acts?: VendorActs;
}
