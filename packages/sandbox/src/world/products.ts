import { existsSync } from 'node:fs';
import { nodeId, readWorkflowFile } from '../engine';
import { workflowRecord } from '../engine/runRecords';
import type {
  EnvironmentRecord,
  GitStore,
  RepoRecord,
  SandboxState,
} from '../state';
import { authorOf } from './people';
import { folderOf, repositoryFiles } from './repositories';

/** Who creates services: reads everything of the organisation, and may start the workflows of the platform. */
const TEAM = { org: 'acme', slug: 'products', name: 'Products' };
const MEMBERS = ['dana', 'ravi', 'cleo'];
const PLATFORM = 'platform-workflows';
const NEXT = { owner: 'acme', name: 'platform-workflows-v2' };
const TAG = 'v2.0.0';
const ONBOARDING = 'onboarding';

/** The team that works with new services. */
export function addProducts(state: SandboxState): void {
  const id = state.nextId();
  state.teams.push({
    id,
    nodeId: nodeId('T', id),
    ...TEAM,
    members: [...MEMBERS],
    permission: 'pull',
  });
  const platform = state.repo(TEAM.org, PLATFORM);
  if (platform) {
    platform.teamPermissions = { [TEAM.slug]: 'push' };
  }
}

function onboarding(state: SandboxState, createdAt: number): EnvironmentRecord {
  const id = state.nextId();
  return {
    id,
    nodeId: nodeId('EN', id),
    name: ONBOARDING,
    createdAt,
    waitTimerMinutes: 0,
    preventSelfReview: false,
    canAdminsBypass: false,
    reviewers: [],
    branchPolicies: [{ id: state.nextId(), name: 'main' }],
  };
}

/** The files of the second version; none while they are not there. */
export const platformV2Files = (): Record<string, string> =>
  existsSync(folderOf(NEXT)) ? repositoryFiles(NEXT, '') : {};

/**
 * The second version of the shared workflows: one commit on `main` with a tag, and the environment in which services
 * are onboarded. Nothing happens without files.
 * @param at - time of the commit, epoch milliseconds
 */
export async function addPlatformV2(
  state: SandboxState,
  git: GitStore,
  repo: RepoRecord,
  { at, files }: { at: number; files: Record<string, string> },
): Promise<void> {
  if (Object.keys(files).length === 0) return;
  const { sha } = await git.commit(repo, {
    branch: repo.defaultBranch,
    files,
    message: 'Version 2: build, deploy and onboarding for new services',
    author: authorOf('pat'),
    at,
  });
  await git.tag(repo, TAG, sha);
  for (const [path, text] of Object.entries(files)) {
    if (!path.startsWith('.github/workflows/')) continue;
    const { name } = readWorkflowFile(path, text);
    workflowRecord(state, repo, path, name).createdAt = at;
  }
  repo.environments.push(onboarding(state, at));
}
