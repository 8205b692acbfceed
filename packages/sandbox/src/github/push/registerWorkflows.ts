import { workflowRecord } from '../../engine/runRecords';
import { readWorkflowFile } from '../../engine/workflowFile';
import { gitWorkflowSource } from '../../engine/WorkflowSource';
import { GitStore, RepoRecord, SandboxState } from '../../state';

function nameIn(path: string, text: string): string | null {
  try {
    return readWorkflowFile(path, text).name;
  } catch {
    // a broken file is a workflow, too: GitHub calls it by its path
    return null;
  }
}

/** Notes the workflows on the default branch, so that those can be found and started that nothing starts by itself. */
export async function registerWorkflows(
  state: SandboxState,
  git: GitStore,
  repo: RepoRecord,
  sha: string,
): Promise<void> {
  const files = await gitWorkflowSource(git).workflowFiles(repo, sha);
  for (const { path, text } of files) {
    workflowRecord(state, repo, path, nameIn(path, text));
  }
}
