import type { T } from '../translation/deliveryTranslationRef';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number) => String(n).padStart(2, '0');

/** `48s`, `4m 12s`, `3h 05m`, `2d 4h`. */
export function formatDuration(ms: number, t: T): string {
  const rest = Math.max(0, ms);
  const days = Math.floor(rest / DAY);
  const hours = Math.floor(rest / HOUR);
  const minutes = Math.floor(rest / MINUTE);
  const seconds = Math.floor(rest / SECOND);
  if (days > 0) {
    return t('duration.days', { d: `${days}`, h: `${hours % 24}` });
  }
  if (hours > 0) {
    return t('duration.hours', { h: `${hours}`, m: two(minutes % 60) });
  }
  if (minutes > 0) {
    return t('duration.minutes', { m: `${minutes}`, s: two(seconds % 60) });
  }
  return t('duration.seconds', { s: `${seconds}` });
}

/** An estimate, as rough as it is: `about 40 s`, `about 4 m`, `about 1 h 20 m`. */
export function formatEstimate(ms: number, t: T): string {
  if (ms < MINUTE) {
    const tens = Math.max(10, Math.ceil(ms / (10 * SECOND)) * 10);
    return t('duration.aboutSeconds', { n: `${tens}` });
  }
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return t('duration.aboutMinutes', { n: `${minutes}` });
  return t('duration.aboutHours', {
    h: `${Math.floor(minutes / 60)}`,
    m: `${minutes % 60}`,
  });
}

/** How long ago, rounded down. A moment a little ahead of this clock counts as now. */
export function formatAgo(at: number, now: number, t: T): string {
  const ago = now - at;
  if (ago < -MINUTE) return t('time.inFuture');
  if (ago < 2 * SECOND) return t('time.now');
  if (ago < MINUTE) {
    return t('time.secondsAgo', { n: `${Math.floor(ago / SECOND)}` });
  }
  if (ago < HOUR) {
    return t('time.minutesAgo', { n: `${Math.floor(ago / MINUTE)}` });
  }
  if (ago < DAY) return t('time.hoursAgo', { n: `${Math.floor(ago / HOUR)}` });
  if (ago < 2 * DAY) return t('time.yesterday');
  return t('time.daysAgo', { n: `${Math.floor(ago / DAY)}` });
}

/** `812 B`, `4.2 MB`. */
export function formatBytes(bytes: number, t: T): string {
  const show = (n: number) => (n < 10 ? n.toFixed(1) : n.toFixed(0));
  if (bytes < 1000) return t('size.bytes', { n: `${Math.round(bytes)}` });
  if (bytes < 1e6) return t('size.kilobytes', { n: show(bytes / 1e3) });
  if (bytes < 1e9) return t('size.megabytes', { n: show(bytes / 1e6) });
  return t('size.gigabytes', { n: show(bytes / 1e9) });
}
