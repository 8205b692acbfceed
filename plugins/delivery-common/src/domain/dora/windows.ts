import { DateTime, IANAZone } from 'luxon';
import type { Bucket, TimeWindow } from './measured';

const UTC_DAY = 86_400_000;
/** Up to here a trend is by weeks, beyond it by months. */
const MOST_WEEKS = 26;

/** To ask whether a name is a zone is slow, and it is asked for every date. */
const knownZones = new Set<string>();

/** True for a name of a time zone, like `Europe/Oslo`. */
export function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  const known = IANAZone.isValidZone(name);
  if (known) knownZones.add(name);
  return known;
}

/** Calendar days that end with today, in a time zone: half-open, from midnight to the midnight after `now`. */
export function windowOfDays(
  days: number,
  now: number,
  timeZone: string,
): TimeWindow {
  const today = dayOf(now, timeZone);
  return {
    from: startOfDay(today - days + 1, timeZone),
    to: startOfDay(today + 1, timeZone),
  };
}

/** As many calendar days as the window has, just before it; a part of a day stays the same part. */
export function previousWindow(
  window: TimeWindow,
  timeZone: string,
): TimeWindow {
  const from = positionOf(window.from, timeZone);
  const length = daysIn(window, timeZone);
  return { from: instantAt(from - length, timeZone), to: window.from };
}

/** Calendar days in a window. A day of 23 or 25 hours is one day; of a day that is cut, the part counts. */
export function daysIn(window: TimeWindow, timeZone: string): number {
  return positionOf(window.to, timeZone) - positionOf(window.from, timeZone);
}

/** Start of the day that a moment lies in. */
export function dayStart(at: number, timeZone: string): number {
  return startOfDay(dayOf(at, timeZone), timeZone);
}

/** Parts of a trend: ISO weeks (they begin on Monday) in a window of up to 26 of them, otherwise months. */
export function bucketsOf(window: TimeWindow, timeZone: string): Bucket[] {
  const byWeek = daysIn(window, timeZone) <= MOST_WEEKS * 7;
  return cut(window, timeZone, byWeek ? 'week' : 'month');
}

/** The ISO weeks of a window, however long it is. */
export function weeksOf(window: TimeWindow, timeZone: string): Bucket[] {
  return cut(window, timeZone, 'week');
}

/** Number of the calendar day in a time zone; days that follow each other have numbers that do. */
export function dayOf(at: number, timeZone: string): number {
  const { year, month, day } = local(at, timeZone);
  return Date.UTC(year, month - 1, day) / UTC_DAY;
}

function cut(
  window: TimeWindow,
  timeZone: string,
  unit: 'week' | 'month',
): Bucket[] {
  const buckets: Bucket[] = [];
  let start = local(window.from, timeZone).startOf(unit);
  while (start.toMillis() < window.to) {
    const end = start.plus({ [unit]: 1 }).startOf(unit);
    const from = Math.max(start.toMillis(), window.from);
    const to = Math.min(end.toMillis(), window.to);
    const partial = from > start.toMillis() || to < end.toMillis();
    if (to > from) buckets.push({ from, to, partial });
    start = end;
  }
  return buckets;
}

/** Days since the epoch in the calendar of the zone, with the part of the day that is gone. */
function positionOf(at: number, timeZone: string): number {
  const day = dayOf(at, timeZone);
  const from = startOfDay(day, timeZone);
  const to = startOfDay(day + 1, timeZone);
  return day + (at - from) / (to - from);
}

function instantAt(position: number, timeZone: string): number {
  const day = Math.floor(position);
  const from = startOfDay(day, timeZone);
  const to = startOfDay(day + 1, timeZone);
  return Math.round(from + (position - day) * (to - from));
}

/** Midnight, or the first moment of a day that has none. */
function startOfDay(day: number, timeZone: string): number {
  const date = new Date(day * UTC_DAY);
  return DateTime.fromObject(
    {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
    },
    { zone: zoneOf(timeZone) },
  )
    .startOf('day')
    .toMillis();
}

function local(at: number, timeZone: string): DateTime {
  return DateTime.fromMillis(at, { zone: zoneOf(timeZone), locale: 'en-GB' });
}

function zoneOf(timeZone: string): string {
  if (isTimeZone(timeZone)) return timeZone;
  throw new Error(
    'The time zone of the DORA settings is not known: use an IANA name such as Europe/Oslo.',
  );
}

/** `22 Aug`, or `22 Aug 2025`, of the day a moment lies in. */
export function dateText(
  at: number,
  timeZone: string,
  withYear: boolean,
): string {
  const { day, monthShort, year } = local(at, timeZone);
  // In British English September alone has four letters.
  const month = monthShort?.slice(0, 3);
  return withYear ? `${day} ${month} ${year}` : `${day} ${month}`;
}
