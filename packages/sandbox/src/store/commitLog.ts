import { CommitInfo } from '../state';

/** Format for `git log` that {@link parseLog} reads. */
export const LOG_FORMAT =
  '%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x01';

/** Reads the output of `git log --format=${LOG_FORMAT}`. */
export function parseLog(out: string): Required<CommitInfo>[] {
  return out
    .split('\x01')
    .map(entry => entry.replace(/^\n/, ''))
    .filter(entry => entry !== '')
    .map(entry => {
      const [sha, tree, parents, name, email, authoredAt, ...rest] =
        entry.split('\0');
      const [committer, committerEmail, at, message] = rest;
      return {
        sha,
        tree,
        parents: parents === '' ? [] : parents.split(' '),
        author: { name, email },
        authoredAt: Number(authoredAt) * 1000,
        committer: { name: committer, email: committerEmail },
        at: Number(at) * 1000,
        message: message.replace(/\n+$/, ''),
      };
    });
}
