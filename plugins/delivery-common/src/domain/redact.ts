import { stripControls } from './stripControls';

/** What stands in place of a secret. @public */
export const REDACTED = '***';

/** Longest line that is shown, in characters. @public */
export const MAX_LOG_LINE = 16_384;

/** Read beyond the longest line, so that a token is not cut before it can be recognised. */
const MARGIN = 4_096;

/** Shorter "secrets" would blank ordinary words. */
const MIN_SECRET = 4;

/** A key block that does not end by then was none. */
const MAX_KEY_LINES = 300;

/*
 * Every pattern starts at a fixed text and cannot start again inside what it just walked over, so that the work grows with the length
 * of the line only. Keep it so: logs are written by anybody.
 */
const SEPARATOR = `["'\\\\]{0,4}\\s{0,10}[:=]\\s{0,10}`;
const TOKENS: RegExp[] = [
  // GitHub, GitLab, npm, Slack, Google, Stripe, AWS
  /gh[pousr]_[A-Za-z0-9]{20,}/g,
  /github_pat_[A-Za-z0-9_]{20,}/g,
  /glpat-[A-Za-z0-9_-]{20,}/g,
  /npm_[A-Za-z0-9]{30,}/g,
  /xox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /xapp-[A-Za-z0-9-]{10,}/g,
  /hooks\.slack\.com\/services\/[A-Za-z0-9/_-]+/g,
  /AIza[A-Za-z0-9_-]{35}/g,
  /[rs]k_live_[A-Za-z0-9]{16,}/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  // JSON web tokens: header and payload start with `{"`
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/g,
];
const SECRET_NAME = `(?:password|passwd|passphrase|pwd|secret|token|(?:api|access|private|secret|account)[_-]?key)${SEPARATOR}`;
const ASSIGNMENTS: RegExp[] = [
  new RegExp(`(authorization${SEPARATOR}["'\\\\]{0,4})[^"'\\\\]+`, 'gi'),
  /(bearer\s{1,10})[A-Za-z0-9._~+/=-]{8,}/gi,
  new RegExp(`(${SECRET_NAME}\\\\?")[^"\\\\]{1,1000}`, 'gi'),
  new RegExp(`(${SECRET_NAME}\\\\?')[^'\\\\]{1,1000}`, 'gi'),
  // Not the rights that GitHub prints of its own token: `id-token: write`.
  new RegExp(
    `(${SECRET_NAME})(?!(?:read|write|none)\\b)[^\\s"'\\\\,;&]+`,
    'gi',
  ),
];
const CREDENTIALS_IN_URL = /:\/\/[^\s/?#]{1,1024}@/g;

const KEY_EDGE = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** Redacts the lines of one log, in order. @public */
export interface LogRedactor {
  /** @param text - one line, without its line end */
  line(text: string): string;
}

/**
 * Makes a redactor for one log. It remembers whether it is inside a private key, whose lines are recognisable only by their place.
 *
 * @param knownSecrets - texts that must never be shown, whatever they look like; of texts with several lines each line counts
 * @public
 */
export function createLogRedactor(knownSecrets: string[] = []): LogRedactor {
  const secrets = [
    ...new Set(knownSecrets.flatMap(secret => secret.split(/\r?\n/))),
  ]
    .map(secret => secret.trim())
    .filter(secret => secret.length >= MIN_SECRET)
    // One may hold another: the longer goes first.
    .sort((a, b) => b.length - a.length);
  let keyLines = 0;
  return {
    line(text) {
      const head = headOf(text);
      const { shown, open } = hideKeys(head.text, keyLines > 0);
      keyLines = open && keyLines < MAX_KEY_LINES ? keyLines + 1 : 0;
      return cut(hideSecrets(shown, secrets), head.isCut);
    },
  };
}

/**
 * Redacts one line on its own: tokens of well-known shape, values of passwords and headers, credentials in addresses, private keys
 * that stand on one line. Control characters except tab are removed, lines are cut at {@link MAX_LOG_LINE} characters.
 *
 * Use {@link createLogRedactor} for whole logs.
 *
 * @public
 */
export function redactLine(line: string, knownSecrets: string[] = []): string {
  return createLogRedactor(knownSecrets).line(line);
}

function hideSecrets(text: string, secrets: string[]): string {
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, REDACTED);
  for (const pattern of TOKENS) result = result.replace(pattern, REDACTED);
  for (const pattern of ASSIGNMENTS) {
    result = result.replace(pattern, `$1${REDACTED}`);
  }
  return result.replace(CREDENTIALS_IN_URL, `://${REDACTED}@`);
}

/** Hides what lies between the edges of private keys, also when a key began on an earlier line or does not end on this one. */
function hideKeys(
  text: string,
  inside: boolean,
): { shown: string; open: boolean } {
  let shown = '';
  let from = 0;
  let open = inside;
  for (const edge of text.matchAll(KEY_EDGE)) {
    const begins = edge[1] === 'BEGIN';
    if (begins === open) continue;
    if (begins) shown += text.slice(from, edge.index);
    else shown += REDACTED;
    open = begins;
    from = edge.index + edge[0].length;
  }
  return { shown: shown + (open ? REDACTED : text.slice(from)), open };
}

/** The part that is looked at. Of a line that goes on, the last word may be half a token: it is left out. */
function headOf(line: string): { text: string; isCut: boolean } {
  // Twice the length, because escapes that are removed may fill half of a line.
  const text = stripControls(line.slice(0, MAX_LOG_LINE * 2));
  const limit = MAX_LOG_LINE + MARGIN;
  if (line.length <= MAX_LOG_LINE * 2 && text.length <= limit) {
    return { text, isCut: false };
  }
  let end = Math.min(text.length, limit);
  const least = Math.max(0, end - MARGIN);
  while (end > least && !isSpace(text.charCodeAt(end - 1))) end--;
  return { text: text.slice(0, end), isCut: true };
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function cut(text: string, isCut: boolean): string {
  return isCut || text.length > MAX_LOG_LINE
    ? `${text.slice(0, MAX_LOG_LINE)} … (line cut)`
    : text;
}
