import type { FreezeWindow } from './facts';
import { utc } from './words';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * The window that holds production at a time; undefined: none. Weekly windows go by the clock on the wall of their time zone: the hour that
 * comes twice in autumn counts twice, the one that is left out in spring does not count.
 *
 * @param now - epoch milliseconds
 * @throws RangeError for a time zone that does not exist
 */
export function frozenAt(
  windows: FreezeWindow[],
  now: number,
): FreezeWindow | undefined {
  return windows.find(window => holds(window, now));
}

function holds(window: FreezeWindow, now: number): boolean {
  const { from, until } = window;
  if (!('days' in window)) return from <= now && now < until;
  const { day, minute } = localTime(now, window.timeZone);
  if (from < until) {
    return window.days.includes(day) && from <= minute && minute < until;
  }
  const before = (day + 6) % 7;
  return (
    (window.days.includes(day) && minute >= from) ||
    (window.days.includes(before) && minute < until)
  );
}

/** Day of the week (0 is Sunday) and minutes since midnight on the wall. */
function localTime(now: number, timeZone: string) {
  const parts = new Map(
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: DAYS.indexOf(parts.get('weekday') ?? ''),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

/** `until 2027-01-02 08:00 UTC`, `until 08:00 (Europe/London)` */
export function untilInWords(window: FreezeWindow): string {
  if (!('days' in window)) return `until ${utc(window.until)}`;
  const pad = (value: number) => `${value}`.padStart(2, '0');
  const { until, timeZone } = window;
  return `until ${pad(Math.floor(until / 60) % 24)}:${pad(
    until % 60,
  )} (${timeZone})`;
}
