import { GitHubError } from '../state';
import type { WorkflowFile } from './workflowTypes';

/** Refuses a dispatch as GitHub does: no trigger, unknown, missing or impossible inputs (all 422). */
export function checkDispatch(
  file: WorkflowFile,
  inputs: Record<string, string>,
): void {
  if (!file.on.has('workflow_dispatch')) {
    throw new GitHubError(
      422,
      "Workflow does not have 'workflow_dispatch' trigger",
    );
  }
  const unknown = Object.keys(inputs).filter(
    name => !file.dispatchInputs.has(name),
  );
  if (unknown.length > 0) {
    throw new GitHubError(
      422,
      `Unexpected inputs provided: ${JSON.stringify(unknown)}`,
    );
  }
  for (const [name, spec] of file.dispatchInputs) {
    const value = inputs[name];
    if (spec.required && value === undefined && spec.default === undefined) {
      throw new GitHubError(422, `Required input '${name}' not provided`);
    }
    if (value !== undefined && spec.options && !spec.options.includes(value)) {
      throw new GitHubError(
        422,
        `Provided value '${value}' for input '${name}' not in the list of allowed values`,
      );
    }
  }
}
