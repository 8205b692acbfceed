import { RepoRecord } from '../../state';
import { repoApi, repoHtml } from '../bodies/repoBodies';
import { Schema } from '../bodies/schemas';
import { GitHubContext } from '../gitHubContext';

const STATUS: Record<string, Schema<'diff-entry'>['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  T: 'changed',
};

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * Files that differ between two commits, with line counts and no patches.
 * @param from - undefined for the first commit of a repository
 */
export async function diffEntries(
  ctx: GitHubContext,
  repo: RepoRecord,
  from: string | undefined,
  to: string,
): Promise<Schema<'diff-entry'>[]> {
  const range = [from ?? EMPTY_TREE, to];
  const common = ['--no-renames', '-z', ...range, '--'];
  const counts = new Map<string, [number, number]>();
  const numbers = await ctx.git.git(repo, ['diff', '--numstat', ...common]);
  for (const line of numbers.toString('utf8').split('\0')) {
    const [added, removed, path] = line.split('\t');
    // a binary file has "-" for both
    if (path) counts.set(path, [Number(added) || 0, Number(removed) || 0]);
  }
  const raw = await ctx.git.git(repo, [
    'diff',
    '--raw',
    '--no-abbrev',
    ...common,
  ]);
  const parts = raw.toString('utf8').split('\0');
  const entries: Schema<'diff-entry'>[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [, , oldSha, newSha, letter] = parts[i].split(' ');
    const filename = parts[i + 1];
    const [additions, deletions] = counts.get(filename) ?? [0, 0];
    const removed = letter === 'D';
    const at = removed ? from : to;
    entries.push({
      sha: removed ? oldSha : newSha,
      filename,
      status: STATUS[letter] ?? 'changed',
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: `${repoHtml(ctx, repo)}/blob/${at}/${filename}`,
      raw_url: `${repoHtml(ctx, repo)}/raw/${at}/${filename}`,
      contents_url: `${repoApi(ctx, repo)}/contents/${filename}?ref=${at}`,
    });
  }
  return entries;
}
