/**
 * Tells whether a file is in a glob: `*` and `?` stay within a folder, `**` crosses folders, a pattern without a wildcard also means
 * everything below it. Patterns come from catalog files, so this is no regular expression: its time is at most pattern × path.
 */
export function matchesGlob(pattern: string, file: string): boolean {
  const trimmed = pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  if (trimmed === '') return true;
  const wild = /[*?]/.test(trimmed);
  const parts = (wild ? trimmed : `${trimmed}/**`).split('/');
  return wild
    ? walk(parts, file.split('/'))
    : file === trimmed || walk(parts, file.split('/'));
}

/** Which prefixes of `names` the parts so far can have eaten, part by part. */
function walk(parts: string[], names: string[]): boolean {
  let reached = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    if (part === '**') {
      const first = Math.min(...reached);
      for (let at = first; at <= names.length; at++) next.add(at);
    } else {
      for (const at of reached) {
        if (at < names.length && matchesName(part, names[at])) next.add(at + 1);
      }
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(names.length);
}

/** `*` and `?` within one name, with one step back at most per letter. */
function matchesName(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < name.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      mark = n;
    } else if (
      p < pattern.length &&
      (pattern[p] === '?' || pattern[p] === name[n])
    ) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
