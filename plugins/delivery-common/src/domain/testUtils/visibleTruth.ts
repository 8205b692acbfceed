import type { JobFact, RunFact, State } from '../../model';
import { canonical } from '../canonical';
import type { RunState } from '../runState';
import type { Truth } from './simulateVendor';

interface View {
  run: RunFact | undefined;
  attempts: {
    attempt: number;
    state: State;
    triggeringActor?: string;
    startedAt?: number;
    updatedAt: number;
    completedAt?: number;
  }[];
  jobs: JobFact[];
}

function byJobKey(a: JobFact, b: JobFact): number {
  return a.jobKey < b.jobKey ? -1 : 1;
}

/** The vendor's truth in the shape of {@link viewOfState}. */
export function viewOfTruth(truth: Truth): string {
  const view: View = {
    run: truth.attempts.at(-1),
    attempts: truth.attempts.map(run => ({
      attempt: run.attempt,
      state: run.state,
      triggeringActor: run.triggeringActor,
      startedAt: run.startedAt,
      updatedAt: run.updatedAt,
      completedAt: run.state.status === 'completed' ? run.updatedAt : undefined,
    })),
    jobs: [...truth.jobs].sort(byJobKey),
  };
  return canonical(view);
}

/** What a state shows, without when and how it was observed. */
export function viewOfState(state: RunState | undefined): string {
  const view: View = {
    run: state?.run,
    attempts: (state?.attempts ?? []).map(
      ({ observed: _observed, confirmedAt: _confirmedAt, ...shown }) => shown,
    ),
    jobs: (state?.jobs ?? []).map(job => job.fact).sort(byJobKey),
  };
  return canonical(view);
}
