import type { RunRecord, SandboxState } from '../../state';
import { componentOf } from '../components';

/** One attempt to bring something to production that really began there. */
export interface ProductionAttempt {
  run: RunRecord;
  attempt: number;
  workflow: string;
  at: number;
  ok: boolean;
}

/** Attempts of a component's pipelines to change production, oldest first; those that never began are left out. */
export function productionOf(
  state: SandboxState,
  name: string,
): ProductionAttempt[] {
  const component = componentOf(name);
  if (!component) throw new Error(`no ${name}`);
  const found: ProductionAttempt[] = [];
  for (const run of state.runs.values()) {
    const repo = state.repos.get(run.repoId);
    if (repo?.name !== component.repo.name) continue;
    const path = state.workflows.get(run.workflowId)?.path ?? '';
    const workflow = path.split('/').at(-1) ?? '';
    if (!component.workflows.includes(workflow)) continue;
    if (
      workflow === 'rollback.yml' &&
      run.inputs.service !== undefined &&
      run.inputs.service !== name
    ) {
      continue;
    }
    for (const job of state.jobsOfRun.get(run.id) ?? []) {
      const production =
        job.environment === 'production' ||
        (name === 'legacy-billing' && job.environment === null);
      const ended =
        job.conclusion === 'success' || job.conclusion === 'failure';
      if (!production || !ended || job.completedAt === null) continue;
      if (!job.steps.some(step => step.effect)) continue;
      found.push({
        run,
        attempt: job.attempt,
        workflow,
        at: job.completedAt,
        ok: job.conclusion === 'success',
      });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}
