import { WEB_FLOW } from '../records';
import type { GitStore, NewCommit, RepoRecord } from '../state';
import { authorOf } from './people';
import type { PlannedCommit, Timeline } from './plan';

const importable = (commit: PlannedCommit): NewCommit & { from: string } => ({
  branch: commit.branch,
  from: commit.from,
  files: commit.files,
  message: commit.message(),
  author: authorOf(commit.author),
  at: commit.at,
  ...(commit.authoredAt !== undefined && { authoredAt: commit.authoredAt }),
  ...(commit.byGitHub && { committer: WEB_FLOW }),
  ...(commit.merge !== undefined && { merge: commit.merge }),
});

/** Writes the commits of a timeline to git and notes their shas. */
export async function importTimeline(
  git: GitStore,
  repo: RepoRecord,
  timeline: Timeline,
): Promise<void> {
  let batch: PlannedCommit[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    const shas = await git.importHistory(repo, batch.map(importable));
    batch.forEach((commit, index) => {
      commit.sha = shas[index];
    });
    batch = [];
  };
  for (const commit of timeline.commits) {
    // a message that names a commit can be written when that one has its sha
    if (commit.names && batch.includes(commit.names)) await flush();
    batch.push(commit);
  }
  await flush();
}
