import { DateTime } from 'luxon';

/** Furthest moment that JavaScript's dates reach. */
const MAX_TIME = 8.64e15;

/** Epoch milliseconds of a number, or of ISO 8601 text with an offset; undefined for anything else. */
export function instantOf(told: unknown): number | undefined {
  if (typeof told === 'number') {
    return Number.isFinite(told) && Math.abs(told) <= MAX_TIME
      ? Math.round(told)
      : undefined;
  }
  // Without an offset it would mean another moment on every machine.
  if (typeof told !== 'string' || told.length > 40) return undefined;
  if (!/T.{2,30}(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(told)) return undefined;
  const at = DateTime.fromISO(told).toMillis();
  return Number.isFinite(at) ? at : undefined;
}
