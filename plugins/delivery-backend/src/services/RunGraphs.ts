import type { JobGraph } from 'backstage-plugin-delivery-common';
import {
  buildGraph,
  flatGraph,
  type Problem,
  referencedFile,
  type Workflow,
  type WorkflowReading,
} from 'backstage-plugin-delivery-common/domain';
import type { JobRow, RepositoryRow, RunRow } from '../database/rows';
import type { FileAt, WorkflowFiles } from './WorkflowFiles';
import { patiently, toProblem } from './vendorRead';

/** Longest that a page waits for files. */
const WAIT_MS = 1_000;
/** Longest that the strip of one run keeps the strips of others waiting. */
const BACKGROUND_WAIT_MS = 5_000;
/** Rounds of looking for files that files call; the domain unfolds no deeper. */
const MAX_ROUNDS = 10;
/** Files of one run; GitHub itself allows fewer. */
const MAX_FILES = 50;

const NOT_READ: Problem = {
  code: 'workflow_not_read',
  message: 'The workflow file of this run was not read yet.',
};

type Read = (file: FileAt) => Promise<WorkflowReading | undefined>;

/** Only a commit that the vendor itself names for the run says what `@main` was then; `./` is the run's own commit. */
function calleeOf(run: RunRow, slug: string, uses: string): FileAt | undefined {
  const found = referencedFile(uses, run.referenced, slug);
  if (found && found.slug.toLowerCase() !== slug.toLowerCase()) {
    return { path: `${found.slug}/${found.path}`, sha: found.sha };
  }
  if (found) return { path: found.path, sha: found.sha };
  return uses.startsWith('./')
    ? { path: uses.slice('./'.length), sha: run.sha }
    : undefined;
}

/** A callee that cannot be read leaves its caller as one node; the rest of the graph is as good without it. */
async function readCallee(
  run: RunRow,
  slug: string,
  uses: string,
  read: Read,
): Promise<Workflow | undefined> {
  const file = calleeOf(run, slug, uses);
  if (!file) return undefined;
  try {
    return (await read(file))?.workflow;
  } catch {
    return undefined;
  }
}

/** Graphs of runs, from the workflow files at their commits. */
export class RunGraphs {
  readonly #files: WorkflowFiles;

  constructor(options: { files: WorkflowFiles }) {
    this.#files = options.files;
  }

  /**
   * The graph of one attempt, in the time that a page can wait: a file that comes later makes a plain list with the reason, and is
   * there at the next view. Never throws because of the vendor.
   */
  async forPage(
    run: RunRow,
    repository: RepositoryRow,
    jobs: JobRow[],
  ): Promise<JobGraph> {
    try {
      return await patiently(
        this.#make(run, repository.slug, jobs, file =>
          this.#files.read(repository, file),
        ),
        WAIT_MS,
      );
    } catch (error) {
      return flatGraph(jobs, toProblem(error, 'The workflow file of this run'));
    }
  }

  /** As {@link RunGraphs.forPage}, with more patience; with `ask` false only from files that are stored. */
  async inBackground(
    run: RunRow,
    repository: RepositoryRow,
    jobs: JobRow[],
    ask: boolean,
  ): Promise<JobGraph | undefined> {
    try {
      return await patiently(
        this.#make(run, repository.slug, jobs, file =>
          ask
            ? this.#files.read(repository, file)
            : this.#files.stored(repository, file),
        ),
        BACKGROUND_WAIT_MS,
      );
    } catch {
      // Why is in the log of the reader; the next page view tries again.
      return undefined;
    }
  }

  async #make(
    run: RunRow,
    slug: string,
    jobs: JobRow[],
    read: Read,
  ): Promise<JobGraph> {
    const main = await read({ path: run.pipelinePath, sha: run.sha });
    if (!main?.workflow) return flatGraph(jobs, main?.problem ?? NOT_READ);
    const { workflow } = main;
    const callees = new Map<string, Workflow | undefined>();
    for (let round = 0; ; round++) {
      const missing = new Set<string>();
      const graph = buildGraph({
        workflow,
        jobs,
        reusable: uses => {
          if (!callees.has(uses)) missing.add(uses);
          return callees.get(uses);
        },
      });
      const enough =
        round >= MAX_ROUNDS || callees.size + missing.size > MAX_FILES;
      if (missing.size === 0 || enough) return graph;
      await Promise.all(
        [...missing].map(async uses => {
          callees.set(uses, await readCallee(run, slug, uses, read));
        }),
      );
    }
  }
}
