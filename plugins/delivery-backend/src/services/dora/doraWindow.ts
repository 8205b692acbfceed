import { InputError } from '@backstage/errors';
import type { DoraQuery } from 'backstage-plugin-delivery-common';
import {
  type TimeWindow,
  windowOfDays,
} from 'backstage-plugin-delivery-common/domain';
import { withCode } from '../errors';

const DAY_MS = 86_400_000;
/** As far as anybody compares; more would be a list of its own. */
const MOST_DAYS = 731;
const DEFAULT_DAYS = 90;

/**
 * The window a question is about.
 *
 * @throws `InputError` when its ends are the wrong way round, too far apart, or only one is given
 */
export function readWindow(
  { days, from, to }: Pick<DoraQuery, 'days' | 'from' | 'to'>,
  now: number,
  timeZone: string,
): TimeWindow {
  if (from === undefined && to === undefined) {
    return windowOfDays(days ?? DEFAULT_DAYS, now, timeZone);
  }
  const fits =
    from !== undefined &&
    to !== undefined &&
    from >= 0 &&
    from < to &&
    to - from <= MOST_DAYS * DAY_MS &&
    to <= now + MOST_DAYS * DAY_MS;
  if (fits) return { from, to };
  throw withCode(
    new InputError(
      'Give days, or from and to in epoch milliseconds with from before to and at most two years between them.',
    ),
    'window_wrong',
  );
}
