import type { JobRecord, RunRecord } from '../state';

/** A wish that a step of the next fitting job goes wrong, whichever run the job belongs to. */
export interface FailStep {
  /** File names; every workflow of the repository when absent. */
  workflows?: string[];
  /** Name of the environment of the job; or of another job of the same call, for a job that has none itself. */
  environment: string;
  /** Part of the name of the step. */
  step: string;
}

/** Under this key of `state.saved` lie the wishes, so that a restart forgets none. */
const KEY = 'step-wishes';

interface Wish extends FailStep {
  repoId: number;
  /** The job it was given to; null until one fits. */
  jobId: number | null;
}

const wanted = (wish: FailStep, name: string) =>
  name.toLowerCase().includes(wish.step.toLowerCase());

const callOf = ({ key }: JobRecord) => key.slice(0, key.lastIndexOf('/') + 1);

/** A smoke test has no environment of its own: it belongs to the one that the same reusable workflow deploys to. */
function environmentsOf(
  job: JobRecord,
  jobs: readonly JobRecord[],
): (string | null)[] {
  if (job.environment !== null || callOf(job) === '') return [job.environment];
  return jobs
    .filter(
      other =>
        callOf(other) === callOf(job) &&
        other.attempt <= job.attempt &&
        other.environment !== null,
    )
    .map(({ environment }) => environment);
}

/** Wishes about steps, oldest first. */
export class StepWishes {
  readonly #wishes: Wish[];

  constructor(saved: Map<string, unknown>) {
    const known = saved.get(KEY) as Wish[] | undefined;
    this.#wishes = known ?? [];
    saved.set(KEY, this.#wishes);
  }

  add(repoId: number, wish: FailStep): void {
    this.#wishes.push({ ...wish, repoId, jobId: null });
  }

  /** Place of the step that shall go wrong in a job that starts or goes on now; -1 for none. `jobs` are those of the run. */
  take(
    job: JobRecord,
    { run, jobs }: { run: RunRecord; jobs: readonly JobRecord[] },
    workflowPath: string,
    names: string[],
  ): number {
    const environments = environmentsOf(job, jobs);
    const file = workflowPath.split('/').at(-1) ?? '';
    const wish =
      this.#wishes.find(({ jobId }) => jobId === job.id) ??
      this.#wishes.find(
        item =>
          item.jobId === null &&
          item.repoId === run.repoId &&
          environments.includes(item.environment) &&
          (!item.workflows || item.workflows.includes(file)) &&
          names.some(name => wanted(item, name)),
      );
    if (!wish) return -1;
    wish.jobId = job.id;
    return names.findIndex(name => wanted(wish, name));
  }

  /** The job is over. */
  drop(job: JobRecord): void {
    const index = this.#wishes.findIndex(({ jobId }) => jobId === job.id);
    if (index >= 0) this.#wishes.splice(index, 1);
  }
}
