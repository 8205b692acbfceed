/** Text of a vendor on one line, cut to a sensible length; undefined for nothing. */
export function line(
  text: string | undefined,
  max: number,
): string | undefined {
  if (text === undefined) return undefined;
  // What is cut away need not be looked at.
  const flat = text
    .slice(0, max * 2)
    .replace(/\s+/g, ' ')
    .trim();
  return flat === '' ? undefined : flat.slice(0, max);
}

/** A link that a browser may follow; anything else is dropped. */
export function webLink(url: string | undefined): string | undefined {
  return url !== undefined && url.length <= 2_000 && /^https?:\/\//i.test(url)
    ? url
    : undefined;
}

const FULL_SHA = /^[0-9a-f]{40,64}$/;

/** A full SHA; anything else (a tag, a branch) is none. */
export function fullSha(text: string | undefined): string | undefined {
  return text !== undefined && FULL_SHA.test(text) ? text : undefined;
}
