import { NewCommit, RepoRecord } from '../state';
import { runGit } from './runGit';

type HistoryCommit = NewCommit & {
  /** Sha or branch the commit starts from when its branch does not exist yet. */
  from?: string;
};

function data(content: string): Buffer {
  const bytes = Buffer.from(content, 'utf8');
  return Buffer.concat([
    Buffer.from(`data ${bytes.length}\n`),
    bytes,
    Buffer.from('\n'),
  ]);
}

function person(author: HistoryCommit['author'], at: number): string {
  const clean = (text: string) => text.replace(/[<>\n]/g, '');
  return `${clean(author.name)} <${clean(author.email)}> ${Math.floor(
    at / 1000,
  )} +0000`;
}

function quotePath(path: string): string {
  return `"${path
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')}"`;
}

/**
 * Writes commits with one `git fast-import`. All names and times come from the input, so the same input always has the
 * same shas.
 *
 * @param tips - shas of the branches that exist now
 * @returns the shas, in order of `commits`
 */
export async function fastImport(
  gitDir: string,
  repo: RepoRecord,
  tips: Map<string, string>,
  commits: HistoryCommit[],
): Promise<string[]> {
  if (commits.length === 0) return [];
  const parts: Buffer[] = [Buffer.from('feature done\n')];
  const seen = new Set<string>();
  commits.forEach((commit, index) => {
    const mark = index + 1;
    const author = person(commit.author, commit.authoredAt ?? commit.at);
    const committer = person(commit.committer ?? commit.author, commit.at);
    parts.push(
      Buffer.from(
        `commit refs/heads/${commit.branch}\nmark :${mark}\nauthor ${author}\ncommitter ${committer}\n`,
      ),
      data(commit.message),
    );
    if (!seen.has(commit.branch)) {
      seen.add(commit.branch);
      const start = commit.from ?? repo.defaultBranch;
      if (tips.has(commit.branch)) {
        parts.push(Buffer.from(`from ${tips.get(commit.branch)}\n`));
      } else if (seen.has(start) && start !== commit.branch) {
        parts.push(Buffer.from(`from refs/heads/${start}\n`));
      } else if (tips.has(start)) {
        parts.push(Buffer.from(`from ${tips.get(start)}\n`));
      } else if (/^[0-9a-f]{40}$/.test(start)) {
        parts.push(Buffer.from(`from ${start}\n`));
      }
    }
    if (commit.merge !== undefined) {
      const other = seen.has(commit.merge)
        ? `refs/heads/${commit.merge}`
        : tips.get(commit.merge) ?? commit.merge;
      parts.push(Buffer.from(`merge ${other}\n`));
    }
    for (const [path, content] of Object.entries(commit.files)) {
      if (content === null) {
        parts.push(Buffer.from(`D ${quotePath(path)}\n`));
      } else {
        const mode = content.startsWith('#!') ? '100755' : '100644';
        parts.push(
          Buffer.from(`M ${mode} inline ${quotePath(path)}\n`),
          data(content),
        );
      }
    }
    parts.push(Buffer.from(`\nget-mark :${mark}\n`));
  });
  parts.push(Buffer.from('done\n'));
  const out = await runGit(
    gitDir,
    ['fast-import', '--quiet', '--force'],
    Buffer.concat(parts),
  );
  return out.toString('utf8').trim().split('\n');
}
