import { doraSettingsSchema } from '../../contract';
import type { DoraSettings } from '../../contract';
import type { DoraFacts } from './facts';
import { instantOf } from './instantOf';
import type { Excluded } from './linked';
import type { TimeWindow } from './measured';
import { readDoraFacts } from './readDoraFacts';
import { isTimeZone, windowOfDays } from './windows';

const DEFAULT_DAYS = 90;
const YEAR = 366 * 86_400_000;
const MOST_YEARS = 50;

/** What `computeDora` takes. */
export interface DoraInput {
  facts: DoraFacts;
  /** What was in the facts and could not be used. */
  excluded: Excluded[];
  settings: DoraSettings;
  window: TimeWindow;
}

/**
 * Reads what `yarn dora` is given: facts at the top, beside them `settings` (those that differ from the defaults) and `window` (`from` and
 * `to`, half-open, epoch milliseconds or ISO 8601 with an offset; otherwise the 90 days up to `asOf`). Format: docs/dora-facts.md.
 *
 * @throws Error with one sentence when something other than a row of the facts is not usable
 */
export function readDoraInput(input: unknown): DoraInput {
  const { facts, excluded } = readDoraFacts(input);
  const given = input as { settings?: unknown; window?: unknown };
  const settings = readSettings(given.settings ?? {});
  const window = given.window
    ? readWindow(given.window)
    : windowOfDays(DEFAULT_DAYS, facts.asOf, settings.timeZone);
  return { facts, excluded, settings, window };
}

function readSettings(given: unknown): DoraSettings {
  const { data, error } = doraSettingsSchema.safeParse(given);
  if (error) {
    const [{ path, message }] = error.issues;
    const place = ['settings', ...path].map(String).join('.');
    throw new Error(`${place} is not usable: ${message}.`);
  }
  if (!isTimeZone(data.timeZone)) {
    throw new Error(
      'settings.timeZone is not known: use an IANA name such as Europe/Oslo.',
    );
  }
  return data;
}

function readWindow(given: unknown): TimeWindow {
  const { from, to } = given as { from?: unknown; to?: unknown };
  const window = { from: instantOf(from), to: instantOf(to) };
  if (window.from === undefined || window.to === undefined) {
    throw new Error(
      'window.from and window.to must be epoch milliseconds or ISO 8601 text with an offset.',
    );
  }
  const length = window.to - window.from;
  if (length <= 0) throw new Error('window.from must be before window.to.');
  if (length > MOST_YEARS * YEAR) {
    throw new Error(`The window must not be longer than ${MOST_YEARS} years.`);
  }
  return { from: window.from, to: window.to };
}
