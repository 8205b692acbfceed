/**
 * What the rules of an approval are given. Ids of accounts are the vendor's numeric ids as text; times are epoch milliseconds.
 */

/** An account at the vendor. `id` is absent where the vendor tells only a name (a commit of somebody without an account). */
export interface Account {
  id?: string;
  login?: string;
  /** A bot or an App: never a named approver. */
  bot?: boolean;
}

/** Windows in which nothing is let into production. */
export type FreezeWindow =
  | { name: string; from: number; until: number }
  | {
      name: string;
      /** 0 is Sunday. */
      days: number[];
      /** Minutes since midnight; `until` at or before `from` reaches into the next day. */
      from: number;
      until: number;
      /** IANA name. */
      timeZone: string;
    };

/** What the portal asks on top of the vendor's gate; `delivery.environmentSets.<set>.environments[].policy`. */
export interface GatePolicy {
  /** What to do when administrators can go past the gate at the vendor's page. */
  adminBypass: 'warn' | 'deny';
  /** Whose change it is: everybody between running and candidate, only of the newest commit, or nobody. */
  authors: 'range' | 'head' | 'off';
  /** What to do with a commit whose author has no known account. */
  unknownAuthors: 'warn' | 'refuse';
  /** How long the candidate must have run healthy elsewhere before. */
  soak?: { environment: string; ms: number };
  /** Names of checks of the commit that must have succeeded. */
  requiredChecks: string[];
  freezes: FreezeWindow[];
  /** File name of the workflow that rolls back. */
  rollbackWorkflow: string;
}

export const DEFAULT_POLICY: GatePolicy = {
  adminBypass: 'warn',
  authors: 'range',
  unknownAuthors: 'warn',
  requiredChecks: [],
  freezes: [],
  rollbackWorkflow: 'rollback.yml',
};

/** The vendor's gate, read now. */
export interface GateReading {
  environmentId: string;
  environmentName: string;
  /** Absent: the vendor did not say. */
  preventSelfReview?: boolean;
  canAdminsBypass?: boolean;
  waitTimerMinutes: number;
  waitTimerStartedAt?: number;
  reviewers: {
    kind: 'user' | 'team' | 'unknown';
    id: string;
    /** Login, or `org/team`. */
    name: string;
    nodeId?: string;
  }[];
  /** Of the person whose token read it; absent: read without one. */
  currentUserCanApprove?: boolean;
}

/** Everything about a gate that has to be the same when somebody decides as it was when they looked. */
export interface GateView {
  headSha: string;
  /** Digest of the image, as far as an artifact or environment tells it. */
  digest?: string;
  runKey: string;
  attempt: number;
  environmentId: string;
  /** Ids of the vendor's deployments that wait for it, sorted. */
  pendingDeployments: string[];
  reviewers: string[];
  preventSelfReview?: boolean;
  canAdminsBypass?: boolean;
  policy: GatePolicy;
  /** Commit that runs there now; absent: nothing, or not known. */
  runningSha?: string;
}

/** The run whose gate it is, read now. */
export interface GateRun {
  /** True: at least one job still waits at this gate. */
  waiting: boolean;
  status: string;
  conclusion?: string;
  headSha: string;
  attempt: number;
  actor?: Account;
  /** Of every attempt; `undefined` at a place: could not be read. */
  triggeringActors: (Account | undefined)[];
  deploymentCreators: (Account | undefined)[];
  pendingDeployments: string[];
}

/** One commit between what runs and the candidate. */
export interface RangeCommit {
  sha: string;
  title: string;
  at?: number;
  /** No account is known for an address: `login` and `id` are absent. */
  author?: Account;
  committer?: Account;
  /** From `Co-authored-by`; accounts as far as the vendor's own addresses tell them. */
  coAuthors: Account[];
  /** Name as written in the commit; not proof of anything. */
  authorName?: string;
  pullRequest?: number;
}

/** Commits, people and files between two commits. */
export interface ChangeRange {
  status: 'ahead' | 'behind' | 'diverged' | 'identical';
  commits: RangeCommit[];
  /** How many there are. */
  total: number;
  /** True: there are more commits than were read. */
  cut: boolean;
  /** People of the pull requests: who opened, pushed to, and merged them. */
  pullRequests: {
    number: number;
    title?: string;
    opener?: Account;
    merger?: Account;
  }[];
  files: {
    path: string;
    status: string;
    additions: number;
    deletions: number;
  }[];
  /** True: there are more files than were read. */
  filesCut: boolean;
  url?: string;
}

/** A person who asked for a run or an attempt through the portal. */
export interface PortalRequest {
  userRef: string;
  /** Vendor's numeric id of the account that was used. */
  accountId: string;
  /** First attempt it led to. */
  attempt: number;
  /** The one service it was asked for, where the workflow itself serves several. */
  entityRef?: string;
}

/** Why something is refused. `status` is the HTTP status of the answer. */
export interface RuleRefusal {
  code: string;
  status: 403 | 409;
  message: string;
  params: Record<string, string>;
}

/** Result of one rule. */
export type RuleResult =
  | { kind: 'pass'; code: string; message: string }
  | { kind: 'warn'; code: string; message: string }
  | { kind: 'refuse'; refusal: RuleRefusal };
