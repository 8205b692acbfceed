import type { MergeMethod, PullReviewRecord } from '../state';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

/** A commit that will be imported; its sha is known afterwards. */
export interface PlannedCommit {
  branch: string;
  /** Branch it starts from when its own does not exist yet. */
  from: string;
  files: Record<string, string | null>;
  message: () => string;
  author: string;
  /** When it was committed. */
  at: number;
  /** When it was written; `at` when absent. */
  authoredAt?: number;
  /** GitHub itself has committed it. */
  byGitHub?: true;
  /** Branch whose last commit is its second parent. */
  merge?: string;
  /** What a push that ends with it has changed, when that is more than its own files. */
  pushed?: string[];
  /** Its message names the sha of this one. */
  names?: PlannedCommit;
  sha: string;
}

export interface PlannedReview {
  at: number;
  user: string;
  state: PullReviewRecord['state'];
  body: string;
}

export interface PlannedPull {
  number: number;
  title: string;
  body: () => string | null;
  labels: string[];
  author: string;
  branch: string;
  base: string;
  openedAt: number;
  /** Oldest first; the first ones lie on the branch when it is opened. */
  commits: PlannedCommit[];
  mergedAt: number | null;
  /** What reached the base branch last. */
  merge: PlannedCommit | null;
  mergedBy: string;
}

/** An issue labelled `incident`. */
export interface PlannedIncident {
  number: number;
  title: string;
  author: string;
  labels: string[];
  openedAt: number;
  /** `null`: it is still open when history ends. */
  closedAt: number | null;
  /** What its text names as the cause. */
  names: { kind: 'sha' | 'run' | 'pull'; commit: PlannedCommit } | null;
}

/** Something people or machines do at a time. */
export type PlannedAct = { at: number } & (
  | { kind: 'push'; commit: PlannedCommit; actor: string; fail?: string }
  | { kind: 'open'; pull: PlannedPull; commit: PlannedCommit }
  | { kind: 'sync'; pull: PlannedPull; commit: PlannedCommit }
  | { kind: 'review'; pull: PlannedPull; review: PlannedReview }
  | { kind: 'merge'; pull: PlannedPull }
  | { kind: 'close'; pull: PlannedPull }
  | { kind: 'incident'; incident: PlannedIncident }
  | { kind: 'resolve'; incident: PlannedIncident; actor: string }
  | { kind: 'roll-back'; service: string; reason: string; actor: string }
  | { kind: 'again'; commit: PlannedCommit; path: string; actor: string }
  | { kind: 'schedule'; path: string }
  | {
      kind: 'dispatch';
      path: string;
      inputs: Record<string, string>;
      actor: string;
    }
  | { kind: 'odd'; path: string; conclusion: 'action_required' | 'stale' }
  | {
      kind: 'fail';
      workflow: string;
      job: string;
      step?: string;
      hang: boolean;
    }
  | { kind: 'fail-step'; workflow: string; environment: string; step: string }
);

/** Everything that happens in one repository. */
export interface Timeline {
  owner: string;
  method: MergeMethod;
  /** Nothing but commits is older. */
  since: number;
  commits: PlannedCommit[];
  pulls: PlannedPull[];
  incidents: PlannedIncident[];
  acts: PlannedAct[];
  /** Commits whose way to production nobody stops: what is planned later builds on it. */
  certain: Set<PlannedCommit>;
  /** Commits whose failed run nobody starts again: something else repairs it, or nothing. */
  lost: Set<PlannedCommit>;
  /** Texts that name numbers are written when all numbers are known. */
  afterNumbers: (() => void)[];
}

/** Files, text and people of a change. */
export interface Change {
  title: string;
  files: Record<string, string | null>;
  author: string;
  /** When it reaches the branch. */
  at: number;
  branch?: string;
  labels?: string[];
  body?: () => string | null;
}

/** Whole seconds, as git and GitHub count. */
export const seconds = (time: number): number => Math.round(time / 1000) * 1000;
