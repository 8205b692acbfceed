/** An entry of a tree; folders have no size. */
export interface TreeEntry {
  /** Relative to what was listed. */
  name: string;
  sha: string;
  /** Bytes. */
  size: number;
  mode: string;
  /** `blob`, `tree` or `commit`. */
  type: string;
}

/** Reads the output of `git ls-tree -l -z`. */
export function parseTree(out: Buffer): TreeEntry[] {
  return out
    .toString('utf8')
    .split('\0')
    .filter(line => line !== '')
    .map(line => {
      const [meta, name] = line.split('\t');
      const [mode, type, sha, size] = meta.split(/\s+/);
      return { name, sha, size: Number(size) || 0, mode, type };
    });
}
