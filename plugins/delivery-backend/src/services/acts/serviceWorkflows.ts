import type { Workflow } from 'backstage-plugin-delivery-common/domain';
import type { PipelineRow } from '../../database/rows';

/** Name of a file without its directories. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Pipelines of a repository that are the service's own. */
export function ownPipelines(
  pipelines: PipelineRow[],
  workflows: string[],
): PipelineRow[] {
  return workflows.length === 0
    ? pipelines
    : pipelines.filter(({ path }) => workflows.includes(baseName(path)));
}

/** Names of environments that the jobs of a file say, without those that only a run knows. */
export function namedEnvironments({ jobs }: Workflow): string[] {
  const names = jobs.flatMap(({ environment }) => environment ?? []);
  return [...new Set(names)].filter(name => !isExpression(name));
}

export function isExpression(text: string): boolean {
  return text.includes('${{');
}
