import type { Rhythm, TimeWindow } from './measured';
import { quantilesOf } from './quantiles';
import { isWithin } from './totals';
import { dayOf, weeksOf } from './windows';

/**
 * How regularly one service deploys: the median of days with a deployment over the ISO weeks that lie wholly in the window (weeks without
 * one have 0 days), and the median time between two deployments.
 *
 * @param finishedAt - of the deployments that count in deployment frequency, in any order
 */
export function rhythmOf(
  finishedAt: readonly number[],
  window: TimeWindow,
  timeZone: string,
): Rhythm {
  const times = finishedAt
    .filter(at => isWithin(at, window))
    .sort((a, b) => a - b);
  const dated = times.map(at => ({ at, day: dayOf(at, timeZone) }));
  const days = weeksOf(window, timeZone)
    .filter(week => !week.partial)
    .map(week => {
      const within = dated.filter(({ at }) => isWithin(at, week));
      return new Set(within.map(({ day }) => day)).size;
    });
  const gaps = times.slice(1).map((at, index) => at - times[index]);
  return {
    daysPerWeek: quantilesOf(days, 'continuous').p50,
    gapMs: quantilesOf(gaps, 'continuous').p50,
  };
}
