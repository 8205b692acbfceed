import type { Job, Workflow } from './workflows';

const needsOf = (job?: Job) => [job?.needs ?? []].flat();

/** Whether its condition judges the jobs before it by itself. */
const judges = ({ if: condition }: Job) =>
  /(always|cancelled|failure)\(\)/.test(String(condition ?? ''));

/** Every job that has to come before one, near or far. */
function before({ jobs }: Workflow, name: string): Set<string> {
  const found = new Set<string>();
  const open = [...needsOf(jobs[name])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...needsOf(jobs[next]));
  }
  return found;
}

/**
 * A skipped job skips all that come after it, however far, also behind a job that ran all the same: whoever comes behind one of
 * those has to say that it judges for itself. A sentence for each job that forgot.
 */
export function silentlySkipped(workflow: Workflow): string[] {
  const { jobs, path } = workflow;
  return Object.entries(jobs)
    .filter(([, job]) => !judges(job))
    .flatMap(([name]) =>
      [...before(workflow, name)]
        .filter(item => judges(jobs[item]))
        .flatMap(item => [...before(workflow, item)])
        .filter(item => jobs[item].if !== undefined && !judges(jobs[item]))
        .slice(0, 1)
        .map(item => `${path} ${name}: is skipped whenever ${item} is`),
    );
}
