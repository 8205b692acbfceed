import type { ChangeFact, IncidentFact } from './facts';

/** Longest text that is looked through: what refers to something says so near its beginning. */
const MAX_TEXT = 20_000;
/** Most references of one sort that are taken from a text. */
const MAX_REFERENCES = 50;

/**
 * What a change takes back, as its title and text say: `This reverts commit <sha>`, `Reverts owner/repo#12`, `Revert "… (#12)"`. SHAs are
 * as written (7 to 64 hex digits, lower case). Takes linear time whatever the text.
 */
export function revertsOf(
  title: string | undefined,
  message: string | undefined,
): { shas: string[]; numbers: number[] } {
  const text = cut(message);
  const quoted = revertedTitle(title) ?? revertedTitle(firstLine(text));
  return {
    shas: all(text, /\bthis reverts commit ([0-9a-f]{7,64})\b/gi).map(lower),
    numbers: numbersOf([
      ...all(text, /\breverts (?:[\w.-]{1,100}\/[\w.-]{1,100})?#(\d{1,9})\b/gi),
      ...all(quoted ?? '', /\(#(\d{1,9})\)\s?$/g),
    ]),
  };
}

/** `X` of `Revert "X"` or `Revert "X" (#12)`; undefined for any other title. */
export function revertedTitle(title: string | undefined): string | undefined {
  const text = cut(title).trim();
  if (!/^revert:? "/i.test(text)) return undefined;
  const from = text.indexOf('"') + 1;
  const to = text.lastIndexOf('"');
  return to > from ? text.slice(from, to) : undefined;
}

/** True for what brings back something that had been reverted: `Revert "Revert …"`, `Reapply "…"`. */
export function isReapply(title: string | undefined): boolean {
  const inner = revertedTitle(title);
  return inner !== undefined
    ? revertedTitle(inner) !== undefined || /^revert\b/i.test(inner)
    : /^reapply:? "/i.test(cut(title).trim());
}

/**
 * Numbers of issues that a text closes (`closes #12`, `Fixed: #12`, `resolves GH-12`).
 *
 * @param known - with `repositoryUrl` also `fixes owner/repo#12` and links to issues of that repository
 */
export function closesOf(
  text: string | undefined,
  known: { repositoryUrl?: string } = {},
): number[] {
  const own = ownReference(known.repositoryUrl);
  const verb = String.raw`\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s{1,3}`;
  const target = own
    ? String.raw`(?:(?:${own.name})?#|GH-|${own.url}/issues/)`
    : '(?:#|GH-)';
  return numbersOf(
    all(cut(text), new RegExp(`${verb}${target}(\\d{1,9})\\b`, 'gi')),
  );
}

/**
 * What the text of an incident names as its cause: SHAs (words of 7 to 40 hex digits), pull requests (`#12`, links), runs
 * (`/actions/runs/<id>`) and deployments (`/deployments/<id>`, `deployment <id>`). `root cause: <sha or #12>` says it outright, so that nothing else
 * in the text is taken for it. What is of another repository is not taken where `repositoryUrl` is known. Linear time.
 */
export function namesOf(
  text: string | undefined,
  known: { repositoryUrl?: string },
): NonNullable<IncidentFact['names']> {
  const body = cut(text);
  const cause = rootCauseOf(body);
  if (cause) return cause;
  const own = ownReference(known.repositoryUrl);
  // Links are read whole, then taken away: their digits are no words of the text.
  const links = all(body, /(https?:\/\/[^\s<>"')\]]{1,1000})/gi).filter(
    link => !own || new RegExp(`^${own.url}(?:[/?#]|$)`, 'i').test(link),
  );
  const words = body.replace(/https?:\/\/[^\s<>"')\]]{1,1000}/gi, ' ');
  const inLinks = (pattern: RegExp) =>
    links.flatMap(link => all(link, pattern));
  return {
    shas: unique([
      ...all(words, /(?<![\w-])([0-9a-f]{7,40})(?![\w-])/gi),
      ...inLinks(/\/commits?\/([0-9a-f]{7,40})\b/gi),
    ]).map(lower),
    numbers: numbersOf([
      ...all(words, /(?<![\w/#.-])#(\d{1,9})\b/g),
      ...(own
        ? all(words, new RegExp(`(?<![\\w/.-])${own.name}#(\\d{1,9})\\b`, 'gi'))
        : []),
      ...inLinks(/\/pull\/(\d{1,9})\b/g),
    ]),
    runIds: unique(inLinks(/\/actions\/runs\/(\d{1,20})\b/g)),
    deploymentIds: unique([
      ...all(words, /\bdeployment:?\s{1,3}#?(\d{1,20})\b/gi),
      ...inLinks(/\/deployments\/([\w-]{1,100})\b/g),
    ]),
  };
}

/** True when a label, the branch or the beginning of the title says that it is a hotfix. */
export function isHotfix(change: ChangeFact): boolean {
  const branch = cut(change.branch).slice(0, 300);
  const title = cut(change.title).slice(0, 300);
  return (
    (change.labels ?? []).some(label =>
      /(?:^|[:/]\s{0,3})hot[-_ ]?fix(?:es)?$/i.test(label.slice(0, 100)),
    ) ||
    /(?:^|\/)hot[-_]?fix(?:es)?(?:[/_.-]|\d|$)/i.test(branch) ||
    /^[^\w]{0,5}hot[-_ ]?fix\b/i.test(title)
  );
}

function rootCauseOf(
  body: string,
): NonNullable<IncidentFact['names']> | undefined {
  const shas = all(body, /\broot cause:\s{0,5}([0-9a-f]{7,40})\b/gi).map(lower);
  const numbers = numbersOf(all(body, /\broot cause:\s{0,5}#(\d{1,9})\b/gi));
  if (shas.length === 0 && numbers.length === 0) return undefined;
  return { shas, numbers, runIds: [], deploymentIds: [] };
}

/** The repository in patterns: its name (`owner/repo`) and its address; undefined for an address that is none. */
function ownReference(repositoryUrl: string | undefined) {
  const match = /^https?:\/\/[^/\s]{1,200}\/([^?#\s]{1,300})$/i.exec(
    (repositoryUrl ?? '').replace(/(?:\.git|\/)$/, ''),
  );
  if (!match) return undefined;
  return { name: escaped(match[1]), url: escaped(match[0]) };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function cut(text: string | undefined): string {
  return (text ?? '').slice(0, MAX_TEXT);
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}

/** First group of every match, up to a bound. */
function all(text: string, pattern: RegExp): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push(match[1]);
    if (found.length >= MAX_REFERENCES) break;
  }
  return found;
}

function numbersOf(texts: string[]): number[] {
  return [...new Set(texts.map(Number))].filter(number => number > 0);
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}

function lower(text: string): string {
  return text.toLowerCase();
}
