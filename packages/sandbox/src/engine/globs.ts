const cache = new Map<string, RegExp>();

/**
 * GitHub's filter pattern as a regular expression: `*` within one path part, `**` across parts, `?` and `+` repeat
 * the character before them, `[]` is a set.
 */
function toRegExp(pattern: string): RegExp {
  const known = cache.get(pattern);
  if (known) return known;
  let source = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i];
    if (char === '*') {
      if (pattern[i + 1] === '*') {
        i += 1;
        if (pattern[i + 1] === '/') {
          i += 1;
          source += '(?:.*/)?';
        } else source += '.*';
      } else source += '[^/]*';
    } else if (char === '?' || char === '+') {
      source += source === '' ? `\\${char}` : char;
    } else if (char === '[') {
      const end = pattern.indexOf(']', i);
      if (end < 0) source += '\\[';
      else {
        source += `[${pattern.slice(i + 1, end).replace(/\\/g, '\\\\')}]`;
        i = end;
      }
    } else if (char === '\\' && i + 1 < pattern.length) {
      i += 1;
      source += pattern[i].replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    } else source += char.replace(/[.^${}()|\]\\]/g, '\\$&');
  }
  const expression = new RegExp(`^${source}$`);
  cache.set(pattern, expression);
  return expression;
}

/** Whether a name passes a list of patterns; later ones win, `!` takes out again. */
export function matchesPatterns(
  name: string,
  patterns: readonly string[],
): boolean {
  let matched = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (toRegExp(pattern.slice(1)).test(name)) matched = false;
    } else if (!matched && toRegExp(pattern).test(name)) matched = true;
  }
  return matched;
}
