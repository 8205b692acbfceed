import type { JobFact, Observation, RunFact, State } from '../model';

/**
 * What is known of one attempt of a run. Times are epoch milliseconds, UTC.
 * @public
 */
export interface AttemptState {
  attempt: number;
  state: State;
  triggeringActor?: string;
  startedAt?: number;
  /** The vendor's `updated_at`: the order of facts within the attempt. */
  updatedAt: number;
  /** Present once completed. No vendor says when a run completed: it is `updatedAt` of the fact that completed it. */
  completedAt?: number;
  /** The newest fact this state rests on. */
  observed: Observation;
  /**
   * Start of the newest API read of this attempt, also when a later webhook moved it on since. Store it with the attempt: facts
   * observed before this moment are refused, however late they are processed.
   */
  confirmedAt?: number;
}

/**
 * What is known of one job.
 * @public
 */
export interface JobState {
  fact: JobFact;
  /** The newest fact this state rests on. */
  observed: Observation;
  /** Start of the newest API read of this job; see {@link AttemptState.confirmedAt}. */
  confirmedAt?: number;
}

/**
 * Everything known of one run: what the store reads before a merge and writes after it.
 * @public
 */
export interface RunState {
  runKey: string;
  repoKey: string;
  /**
   * Header as last told, with the attempt, state and times of the **current** (highest) attempt. Absent while only jobs of the run
   * were heard of: such a run cannot be shown yet, its jobs wait as rows until the run is told.
   */
  run?: RunFact;
  /** Ascending by attempt; attempts nobody told of are missing. */
  attempts: AttemptState[];
  /** Of all attempts, ascending by attempt, then by job key. */
  jobs: JobState[];
  /**
   * True while webhooks leave open whether a job of the current attempt is queued or waits at a gate (they arrive in any order): ask
   * the vendor once.
   */
  needsConfirm: boolean;
  /** Start of the newest API read of the highest attempt that the API confirmed. */
  confirmedAt?: number;
}

/**
 * Outcome of a merge.
 * @public
 */
export interface MergeResult {
  /** Undefined only when nothing was stored and nothing was told. */
  state: RunState | undefined;
  /** Something a reader can see is different: write a change row and signal. */
  changed: boolean;
  /** Anything is different, also only when something was observed or confirmed: write the rows. True whenever `changed` is. */
  touched: boolean;
}
