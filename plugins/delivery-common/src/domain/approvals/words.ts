import { counted, plain } from '../environments/vendorText';
import type { Account, GateReading } from './facts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHORT: [number, string][] = [
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
];
const LONG: [number, string][] = [[DAY, 'day'], ...SHORT];
/** Names a sentence lists before it only counts. */
const MAX_NAMES = 6;

/** `5 seconds`, `14 minutes`, `1 hour 30 minutes`, `12 days`; rounded up, so that what is left is never nothing. */
export function spanInWords(ms: number): string {
  if (ms < MINUTE) return counted(Math.max(1, Math.ceil(ms / 1000)), 'second');
  const whole = Math.max(MINUTE, Math.ceil(ms / MINUTE) * MINUTE);
  const parts = whole < 2 * DAY ? SHORT : LONG;
  let rest = whole;
  const words = parts.flatMap(([length, word]) => {
    const n = Math.floor(rest / length);
    rest -= n * length;
    return n > 0 ? [counted(n, word)] : [];
  });
  return words.slice(0, 2).join(' ');
}

/** `a, b and 3 more` */
export function listed(names: string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  const more = names.length - MAX_NAMES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** `payments, cleo`: teams without their organization. */
export function reviewerNames(reviewers: GateReading['reviewers']): string {
  return listed(
    reviewers.map(({ kind, id, name }) =>
      plain(
        (kind === 'team' ? name.slice(name.lastIndexOf('/') + 1) : name) || id,
        100,
      ),
    ),
  );
}

/** Login as a sentence may carry it. */
export function loginOf({ id, login }: Account): string {
  return plain(login, 100) || `account ${plain(id, 40)}`;
}

/** `2026-11-21 08:00 UTC` */
export function utc(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return 'an unknown time';
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
