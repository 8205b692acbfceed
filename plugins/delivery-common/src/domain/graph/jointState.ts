import type { Conclusion, State } from '../../model';

/** State of what the file announces and the vendor has not started: our word, so there is no word of the vendor. */
export const NOT_STARTED: State = { status: 'queued', rawStatus: '' };

/** State of what never started in a run that is over. */
export const NEVER_STARTED: State = {
  status: 'completed',
  conclusion: 'skipped',
  rawStatus: '',
};

const CONCLUSION_RANK: Record<Conclusion, number> = {
  failure: 0,
  startup_failure: 1,
  timed_out: 2,
  action_required: 3,
  cancelled: 4,
  stale: 5,
  unknown: 6,
  neutral: 12,
  success: 13,
  skipped: 14,
};

/** The lower, the more a person wants to know of it. */
function rankOf(state: State): number {
  switch (state.status) {
    case 'completed':
      return CONCLUSION_RANK[state.conclusion ?? 'unknown'];
    case 'waiting':
      return 8;
    case 'in_progress':
      return 9;
    case 'queued':
      return state.rawStatus === '' ? 11 : 10;
    default:
      return 7;
  }
}

/**
 * One state for several things: the worst first, then what waits, moves, is queued, has not started, succeeded, was skipped.
 * Undefined for nothing.
 * @public
 */
export function jointState(states: State[]): State | undefined {
  return states.reduce<State | undefined>(
    (worst, state) => (worst && rankOf(worst) <= rankOf(state) ? worst : state),
    undefined,
  );
}
