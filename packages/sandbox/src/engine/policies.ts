import type { RepoRecord } from '../state';
import { provesItself } from './aws/credentials';
import { excessOf } from './oidc/permissions';
import { WorkflowFileError } from './workflowFile';
import type { LoadedWorkflow } from './WorkflowSource';

const PINNED = /@[0-9a-f]{40}$/;

/** Actions of a workflow and of what it calls that are not named by a full commit. */
function unpinned({ file, calls }: LoadedWorkflow): string[] {
  const own = [...file.jobs.values()].flatMap(({ steps }) =>
    steps.flatMap(({ uses }) =>
      uses && !/^(\.\/|docker:)/.test(uses) && !PINNED.test(uses) ? [uses] : [],
    ),
  );
  return [...own, ...[...calls.values()].flatMap(unpinned)];
}

/**
 * Whether the settings of the repository let the workflow start.
 * @throws WorkflowFileError in GitHub's words
 */
export function checkPolicies(repo: RepoRecord, loaded: LoadedWorkflow): void {
  const slug = `${repo.owner}/${repo.name}`;
  if (repo.actions?.shaPinning) {
    const found = [...new Set(unpinned(loaded))];
    if (found.length > 0) {
      throw new WorkflowFileError(
        `The action${found.length > 1 ? 's' : ''} ${found.join(', ')} ${
          found.length > 1 ? 'are' : 'is'
        } not allowed in ${slug} because all actions must be pinned to a full-length commit SHA.`,
      );
    }
  }
  // The world's own workflows are older than this check and stay as they are.
  const excess = provesItself(repo) ? excessOf(repo, loaded) : undefined;
  if (excess) throw new WorkflowFileError(excess);
}

/** Whether workflows of one repository may be called from another. */
export function isShared(owned: RepoRecord, from: RepoRecord): boolean {
  if (owned.id === from.id || !owned.private) return true;
  const level = owned.actions?.accessLevel ?? 'none';
  return level !== 'none' && owned.owner === from.owner;
}
