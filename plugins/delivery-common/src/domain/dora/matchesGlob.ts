/**
 * Tells whether a file is in a glob: `*` and `?` stay within a folder, `**` crosses folders, a pattern without a wildcard also means
 * everything below it. Patterns come from catalog files, so this is no regular expression: its time is at most pattern × path.
 */
export function matchesGlob(pattern: string, file: string): boolean {
  const trimmed = pattern.replace(/^\.?\/{1,50}/, '').replace(/\/{1,50}$/, '');
  if (trimmed === '') return true;
  const parts = trimmed.split('/');
  const names = file.split('/');
  if (/[*?]/.test(trimmed)) return matchesParts(parts, names);
  return parts.every((part, at) => part === names[at]);
}

/** Keeps the set of places that the parts so far can have reached, instead of trying one way after the other. */
function matchesParts(parts: string[], names: string[]): boolean {
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

/** `*` and `?` within one name; goes back to the last star at most. */
function matchesName(pattern: string, name: string): boolean {
  let [p, n, star, mark] = [0, 0, -1, 0];
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.length && '?'.concat(name[n]).includes(pattern[p])) {
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
