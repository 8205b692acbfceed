import { stripControls } from '../stripControls';

/** Longest text of a vendor inside a sentence of ours. */
const MAX = 200;

/** Text of a vendor on one line, without controls, cut to a sensible length. */
export function plain(text: string | undefined, max = MAX): string {
  if (!text) return '';
  // What is cut away need not be cleaned.
  const clean = stripControls(text.slice(0, max * 4).replace(/[\r\n]+/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  if (clean.length <= max) return clean;
  const cut = clean.slice(0, max - 1);
  // Half a surrogate pair is no character.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** As {@link plain}; undefined for nothing. */
export function plainOrNone(text: string | undefined, max = MAX) {
  return plain(text, max) || undefined;
}

/** Seven characters of a commit. */
export function shortSha(sha: string): string {
  return plain(sha, 64).slice(0, 7);
}

/** `1 task`, `3 tasks` */
export function counted(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

/** Text without a full stop at its end, to go on with a sentence. */
export function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

/** Last part of an ARN: `service/api:12` → `api:12`. */
export function lastPart(arn: string): string {
  return plain(arn.slice(arn.lastIndexOf('/') + 1), 100);
}

/** A link that a browser may follow; anything else is dropped. */
export function webLink(url: string | undefined): string | undefined {
  return url !== undefined && url.length <= 2_000 && /^https?:\/\//i.test(url)
    ? url
    : undefined;
}
