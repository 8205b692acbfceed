import type { RunRecord } from '../state';
import type { ForcedOutcome } from './RunPlayer';
import { jobKeys } from './runRecords';
import type { LoadedWorkflow } from './WorkflowSource';

/** A wish that the next fitting runs go wrong. */
export interface FailNext {
  /** File names (`api-pipeline.yml`); every workflow of the repository when absent. */
  workflows?: string[];
  /** Key or name of the job, or a part of it; a plausible one when absent. */
  job?: string;
  /** Part of the name of the step; a plausible one when absent. */
  step?: string;
  /** How many runs; 1 when absent. */
  count?: number;
  /** Fail, or hang until the time limit of the job. */
  kind?: ForcedOutcome['kind'];
}

/** Jobs people expect to see fail, the most plausible first. */
const PLAUSIBLE = [/integration/i, /test/i, /deploy-staging/i, /deploy/i, /./];

/** Under this key of `state.saved` lie the wishes and what became of them, so that a restart forgets none. */
const KEY = 'forced-failures';

interface Saved {
  wishes: (FailNext & { repoId: number; left: number })[];
  /** By `run/attempt`, while the run goes on. */
  outcomes: Record<string, ForcedOutcome>;
}

/** Wishes not fulfilled yet, oldest first, and the outcomes of runs under way. */
export class ForcedFailures {
  readonly #saved: Saved;

  constructor(saved: Map<string, unknown>) {
    const known = saved.get(KEY) as Saved | undefined;
    this.#saved = known ?? { wishes: [], outcomes: {} };
    saved.set(KEY, this.#saved);
  }

  add(repoId: number, wish: FailNext): void {
    this.#saved.wishes.push({ ...wish, repoId, left: wish.count ?? 1 });
  }

  /** The outcome for an attempt that starts or goes on now, if there is a wish it fits. */
  take(run: RunRecord, loaded: LoadedWorkflow): ForcedOutcome | null {
    const { wishes, outcomes } = this.#saved;
    const id = `${run.id}/${run.attempts.length}`;
    if (outcomes[id]) return outcomes[id];
    const file = loaded.file.path.split('/').at(-1) ?? '';
    const keys = jobKeys(loaded);
    const wish = wishes.find(
      item =>
        item.repoId === run.repoId &&
        (!item.workflows || item.workflows.includes(file)),
    );
    if (!wish) return null;
    wish.left -= 1;
    if (wish.left <= 0) wishes.splice(wishes.indexOf(wish), 1);
    const plausible = PLAUSIBLE.map(pattern =>
      keys.find(key => pattern.test(key)),
    ).find(key => key !== undefined);
    outcomes[id] = {
      job: wish.job ?? plausible ?? '',
      step: wish.step ?? null,
      kind: wish.kind ?? 'failure',
      jobId: null,
    };
    return outcomes[id];
  }

  /** The attempt is over. */
  drop(run: RunRecord): void {
    delete this.#saved.outcomes[`${run.id}/${run.attempts.length}`];
  }
}
