import { DateTime } from 'luxon';

/** A moment in a zone by its IANA name; UTC when the browser does not know it. */
function inZone(at: number, zone: string): DateTime {
  const found = DateTime.fromMillis(at, { zone });
  return found.isValid ? found : DateTime.fromMillis(at, { zone: 'utc' });
}

/** `19 Nov`, in the reader's language. */
export function zonedDay(at: number, zone: string): string {
  return inZone(at, zone).toLocaleString({ day: 'numeric', month: 'short' });
}

/** `19 Nov, 16:20`, in the reader's language. */
export function zonedMoment(at: number, zone: string): string {
  return inZone(at, zone).toLocaleString({
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** Everything about it, with the zone. */
export function zonedFull(at: number, zone: string): string {
  return inZone(at, zone).toLocaleString(DateTime.DATETIME_FULL);
}
