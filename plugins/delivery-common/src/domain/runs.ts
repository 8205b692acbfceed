import type { Change } from '../model';
import type { MergeResult, RunState } from './runState';

export type {
  AttemptState,
  JobState,
  MergeResult,
  RunState,
} from './runState';

/**
 * Merges facts of ONE run into what is stored of it; other kinds of facts are skipped.
 *
 * @throws `Error` when the facts speak of more than one run.
 * @public
 */
export declare function mergeRun(
  stored: RunState | undefined,
  changes: Change[],
): MergeResult;
