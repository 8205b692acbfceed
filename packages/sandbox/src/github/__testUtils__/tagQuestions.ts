import { Sandbox } from '../../server';
import { RepoRecord } from '../../state';
import type { Question } from './questions';

/** Makes a tag with a message, `v1.0.0`, as somebody pushes one. @returns the sha of the tag itself */
async function annotatedTag(
  sandbox: Sandbox,
  repo: RepoRecord,
  commit: string,
): Promise<string> {
  const name = 'refs/tags/v1.0.0';
  await sandbox.github.git.git(repo, [
    '-c',
    'user.name=Dana',
    '-c',
    'user.email=dana@example.com',
    'tag',
    '-a',
    '-m',
    'First',
    'v1.0.0',
    commit,
  ]);
  sandbox.github.git.forgetRefs(repo);
  const out = await sandbox.github.git.git(repo, ['rev-parse', name]);
  return out.toString('utf8').trim();
}

/** Questions about tags, with one to ask about. */
export async function tagQuestions(
  sandbox: Sandbox,
  repo: RepoRecord,
  commit: string,
): Promise<Record<string, Question>> {
  const base = `/repos/${repo.owner}/${repo.name}`;
  const sha = await annotatedTag(sandbox, repo, commit);
  return {
    'GET /repos/{owner}/{repo}/tags': { path: `${base}/tags` },
    'GET /repos/{owner}/{repo}/git/tags/{tag_sha}': {
      path: `${base}/git/tags/${sha}`,
    },
  };
}
