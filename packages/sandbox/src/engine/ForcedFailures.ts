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

/** Wishes not fulfilled yet, oldest first. Kept in memory only. */
export class ForcedFailures {
  readonly #wishes: (FailNext & { repoId: number; left: number })[] = [];

  add(repoId: number, wish: FailNext): void {
    this.#wishes.push({ ...wish, repoId, left: wish.count ?? 1 });
  }

  /** The outcome for a run that starts now, if there is a wish it fits. */
  take(repoId: number, loaded: LoadedWorkflow): ForcedOutcome | null {
    const file = loaded.file.path.split('/').at(-1) ?? '';
    const keys = jobKeys(loaded);
    const wish = this.#wishes.find(
      item =>
        item.repoId === repoId &&
        (!item.workflows || item.workflows.includes(file)),
    );
    if (!wish) return null;
    wish.left -= 1;
    if (wish.left <= 0) this.#wishes.splice(this.#wishes.indexOf(wish), 1);
    const plausible = PLAUSIBLE.map(pattern =>
      keys.find(key => pattern.test(key)),
    ).find(key => key !== undefined);
    return {
      job: wish.job ?? plausible ?? '',
      step: wish.step ?? null,
      kind: wish.kind ?? 'failure',
    };
  }
}
