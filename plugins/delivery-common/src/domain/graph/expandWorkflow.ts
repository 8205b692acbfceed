import { GraphRefusal, type Workflow, type WorkflowJob } from './Workflow';

/** A job of the file or of a file it calls. */
export interface Expanded {
  /** Keys from the outermost caller: `deploy/publish`. */
  id: string;
  /** Callers (outermost first) and the job itself. */
  path: WorkflowJob[];
  /** Id of the direct caller. */
  group?: string;
  /** What the job calls, when its file is known. */
  children?: Expanded[];
  /** Ids of siblings. */
  needs: string[];
}

/** Finds the file of a `uses`. */
export type FindReusable = (uses: string) => Workflow | undefined;

const MAX_NODES = 500;
const MAX_NESTING = 10;

/**
 * Unfolds reusable workflows.
 *
 * @throws GraphRefusal with `graph_cycle`, `graph_unknown_need`, `graph_nesting_too_deep` or `graph_too_large`
 */
export function expandWorkflow(
  workflow: Workflow,
  reusable: FindReusable,
): Expanded[] {
  let count = 0;
  const expand = (
    jobs: WorkflowJob[],
    callers: WorkflowJob[],
    parent: string | undefined,
    from: string | undefined,
  ): Expanded[] => {
    if (callers.length > MAX_NESTING) {
      throw new GraphRefusal(
        'graph_nesting_too_deep',
        `Reusable workflows call each other more than ${MAX_NESTING} levels deep.`,
      );
    }
    checkNeeds(jobs);
    return jobs.map(job => {
      count++;
      if (count > MAX_NODES) {
        throw new GraphRefusal(
          'graph_too_large',
          `The workflow and those it calls have more than ${MAX_NODES} jobs.`,
        );
      }
      const prefix = parent === undefined ? '' : `${parent}/`;
      const id = prefix + job.key;
      const path = [...callers, job];
      const uses = job.uses && absoluteUses(job.uses, from);
      const callee = uses ? reusable(uses) : undefined;
      return {
        id,
        path,
        group: parent,
        children: callee && expand(callee.jobs, path, id, uses),
        needs: job.needs.map(need => prefix + need),
      };
    });
  };
  return expand(workflow.jobs, [], undefined, undefined);
}

/** `./` in a file of another repository means that repository, at the same revision. */
function absoluteUses(uses: string, from: string | undefined): string {
  if (!uses.startsWith('./') || !from || from.startsWith('./')) return uses;
  const at = from.indexOf('@');
  const [owner, name] = from.split('/');
  return `${owner}/${name}/${uses.slice('./'.length)}${
    at < 0 ? '' : from.slice(at)
  }`;
}

function checkNeeds(jobs: WorkflowJob[]) {
  const byKey = new Map(jobs.map(job => [job.key, job]));
  const state = new Map<string, 'open' | 'done'>();
  const visit = (job: WorkflowJob) => {
    state.set(job.key, 'open');
    for (const need of job.needs) {
      const needed = byKey.get(need);
      if (!needed) {
        throw new GraphRefusal(
          'graph_unknown_need',
          `Job "${job.key}" needs "${need}", which is no job of the workflow.`,
        );
      }
      if (state.get(need) === 'open') {
        throw new GraphRefusal(
          'graph_cycle',
          `The jobs "${job.key}" and "${need}" need each other.`,
        );
      }
      if (!state.has(need)) visit(needed);
    }
    state.set(job.key, 'done');
  };
  // Recursion is as deep as there are jobs in one file, which the reader limits.
  for (const job of jobs) if (!state.has(job.key)) visit(job);
}
