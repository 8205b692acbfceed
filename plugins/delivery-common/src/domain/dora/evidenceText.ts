import { plain, shortSha } from '../environments/vendorText';
import type { DoraChange, DoraIncident } from './linked';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `45 s`, `40 min`, `5 h`, `3 d`: as much of a span (milliseconds) as a sentence needs. Rounded down. */
export function spanText(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** `#388`, or the short SHA of a direct commit. */
export function changeName(change: DoraChange): string {
  return change.number === undefined
    ? shortSha(change.mergeSha)
    : `#${change.number}`;
}

/** `Incident #377`, `Incident "Checkout is down"` */
export function incidentName(incident: DoraIncident): string {
  if (incident.number !== undefined) return `Incident #${incident.number}`;
  const title = plain(incident.title, 80);
  return title ? `Incident "${title}"` : `Incident ${plain(incident.id, 80)}`;
}
