import { DateTime } from 'luxon';

/** Full date and time with its zone, in the reader's language. */
export function absoluteTime(at: number): string {
  return DateTime.fromMillis(at).toLocaleString(
    DateTime.DATETIME_FULL_WITH_SECONDS,
  );
}

/** Only the day. */
export function absoluteDay(at: number): string {
  return DateTime.fromMillis(at).toLocaleString(DateTime.DATE_MED);
}
