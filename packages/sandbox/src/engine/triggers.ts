import { matchesPatterns } from './globs';
import type { TriggerFilter, WorkflowFile } from './workflowTypes';

/** What happened in the repository, as far as `on:` looks at it. */
export interface TriggerEvent {
  event: 'push' | 'pull_request' | 'workflow_dispatch' | 'schedule';
  /** Branch pushed to; for a pull request the branch it wants to go into. */
  branch: string;
  /** Activity type of a pull request. */
  action?: string;
  /** `null`: not known (first push of a branch), then path filters let everything through. */
  changedFiles: string[] | null;
}

const DEFAULT_PULL_TYPES = ['opened', 'synchronize', 'reopened'];

function branchPasses(filter: TriggerFilter, branch: string): boolean {
  if (filter.branches) return matchesPatterns(branch, filter.branches);
  if (filter.branchesIgnore) {
    return !matchesPatterns(branch, filter.branchesIgnore);
  }
  return true;
}

function pathsPass(filter: TriggerFilter, files: string[] | null): boolean {
  if (files === null) return true;
  const { paths, pathsIgnore } = filter;
  if (paths) return files.some(file => matchesPatterns(file, paths));
  if (pathsIgnore) {
    return files.some(file => !matchesPatterns(file, pathsIgnore));
  }
  return true;
}

/** Whether this event starts a run of the workflow. */
export function isTriggered(file: WorkflowFile, event: TriggerEvent): boolean {
  const filter = file.on.get(event.event);
  if (!filter) return false;
  if (event.event === 'workflow_dispatch' || event.event === 'schedule') {
    return true;
  }
  if (
    event.event === 'pull_request' &&
    !(filter.types ?? DEFAULT_PULL_TYPES).includes(event.action ?? '')
  ) {
    return false;
  }
  return (
    branchPasses(filter, event.branch) && pathsPass(filter, event.changedFiles)
  );
}
