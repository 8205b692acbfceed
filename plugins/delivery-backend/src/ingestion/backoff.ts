const FIRST_MS = 1_000;
const LONGEST_MS = 15 * 60_000;

/** Pause before the next try: doubled each time, at most a quarter of an hour. `attempts` counts from 1. */
export function backoffMs(attempts: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1));
}
