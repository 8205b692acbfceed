import * as fc from 'fast-check';
import type { FreezeWindow } from './facts';
import { frozenAt, untilInWords } from './freeze';

const at = (iso: string) => Date.parse(iso);
const HOUR = 3_600_000;

function weekly(
  days: number[],
  from: string,
  until: string,
  timeZone = 'Europe/London',
): FreezeWindow {
  const minutes = (time: string) => {
    const [hour, minute] = time.split(':').map(Number);
    return hour * 60 + minute;
  };
  return {
    ...{ name: 'w', days, timeZone },
    ...{ from: minutes(from), until: minutes(until) },
  };
}

describe('frozenAt', () => {
  it.each([
    ['2026-12-23T23:59:59.999Z', false],
    ['2026-12-24T00:00:00.000Z', true],
    ['2027-01-01T23:59:59.999Z', true],
    ['2027-01-02T00:00:00.000Z', false],
  ])('from one time to another: %s', (time, frozen) => {
    const window = {
      name: 'Christmas',
      from: at('2026-12-24T00:00:00Z'),
      until: at('2027-01-02T00:00:00Z'),
    };
    expect(frozenAt([window], at(time))).toBe(frozen ? window : undefined);
  });

  const friday = weekly([5], '16:00', '18:00');
  const night = weekly([5], '22:00', '06:00');
  const allDay = weekly([6], '00:00', '00:00');
  const wholeDay = weekly([6], '00:00', '24:00');
  it.each<[string, FreezeWindow, string, boolean]>([
    ['winter, before', friday, '2026-01-16T15:59:59Z', false],
    ['winter, begins', friday, '2026-01-16T16:00:00Z', true],
    ['winter, ends', friday, '2026-01-16T18:00:00Z', false],
    ['summer, begins an hour earlier', friday, '2026-07-17T15:00:00Z', true],
    ['summer, ends an hour earlier', friday, '2026-07-17T17:00:00Z', false],
    ['another day', friday, '2026-01-15T17:00:00Z', false],
    ['over midnight, evening', night, '2026-01-16T22:00:00Z', true],
    ['over midnight, morning after', night, '2026-01-17T05:59:59Z', true],
    ['over midnight, over', night, '2026-01-17T06:00:00Z', false],
    ['over midnight, the morning of', night, '2026-01-16T05:00:00Z', false],
    ['over midnight, evening after', night, '2026-01-17T22:30:00Z', false],
    ['over midnight, summer', night, '2026-07-17T21:00:00Z', true],
    ['equal ends, begins', allDay, '2026-01-17T00:00:00Z', true],
    ['equal ends, ends', allDay, '2026-01-18T00:00:00Z', false],
    ['to 24:00, begins', wholeDay, '2026-01-17T00:00:00Z', true],
    ['to 24:00, last', wholeDay, '2026-01-17T23:59:59Z', true],
    ['to 24:00, ends', wholeDay, '2026-01-18T00:00:00Z', false],
  ])('every week: %s', (_, window, time, frozen) => {
    expect(frozenAt([window], at(time))).toBe(frozen ? window : undefined);
  });

  // On 2026-03-29 at 01:00 UTC London's clock goes from 01:00 to 02:00, on 2026-10-25 at 01:00 UTC from 02:00 back to 01:00.
  const saturdayNight = weekly([6], '22:00', '02:30');
  it.each<[string, FreezeWindow, string, boolean]>([
    ['spring, before', saturdayNight, '2026-03-29T00:59:00Z', true],
    ['spring, 02:00', saturdayNight, '2026-03-29T01:00:00Z', true],
    ['spring, 02:29', saturdayNight, '2026-03-29T01:29:59Z', true],
    ['spring, 02:30', saturdayNight, '2026-03-29T01:30:00Z', false],
    ['autumn, first 01:30', saturdayNight, '2026-10-25T00:30:00Z', true],
    ['autumn, second 01:30', saturdayNight, '2026-10-25T01:30:00Z', true],
    ['autumn, 02:29', saturdayNight, '2026-10-25T02:29:59Z', true],
    ['autumn, 02:30', saturdayNight, '2026-10-25T02:30:00Z', false],
  ])('over the change of the clock: %s', (_, window, time, frozen) => {
    expect(frozenAt([window], at(time))).toBe(frozen ? window : undefined);
  });

  it('begins on the day of its own time zone', () => {
    const window = weekly([1], '00:00', '08:00', 'Pacific/Auckland');
    // Sunday noon in Greenwich is Monday 01:00 in Auckland.
    expect(frozenAt([window], at('2026-01-18T12:00:00Z'))).toBe(window);
    expect(frozenAt([window], at('2026-01-19T12:00:00Z'))).toBeUndefined();
  });

  it('a night of n hours holds n hours, more or less the hour of the change', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_439 }),
        fc.integer({ min: 0, max: 1_439 }),
        fc.nat(6),
        fc.nat(52),
        (from, until, day, week) => {
          const window = {
            ...{ name: 'w', days: [day], from, until },
            timeZone: 'Europe/London',
          };
          const start = at('2026-01-04T00:00:00Z') + week * 7 * 24 * HOUR;
          let minutes = 0;
          // From Sunday noon to Sunday noon, in steps of ten minutes.
          for (let n = 0; n < 7 * 24 * 6; n++) {
            const now = start + 12 * HOUR + n * 600_000;
            if (frozenAt([window], now)) minutes += 10;
          }
          const length = from < until ? until - from : 1_440 - from + until;
          expect(Math.abs(minutes - length)).toBeLessThanOrEqual(70);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('takes the first that holds, and none of none', () => {
    const windows = [friday, { ...friday, name: 'second' }];
    expect(frozenAt(windows, at('2026-01-16T17:00:00Z'))).toBe(windows[0]);
    expect(frozenAt([], 0)).toBeUndefined();
  });

  it('refuses a time zone that does not exist instead of thawing', () => {
    const wrong = weekly([5], '16:00', '18:00', 'Europe/Nowhere');
    expect(() => frozenAt([wrong], 0)).toThrow(RangeError);
  });

  it.each<[FreezeWindow, string]>([
    [friday, 'until 18:00 (Europe/London)'],
    [wholeDay, 'until 00:00 (Europe/London)'],
    [
      { name: 'x', from: 0, until: at('2027-01-02T08:00:00Z') },
      'until 2027-01-02 08:00 UTC',
    ],
  ])('says until when', (window, words) => {
    expect(untilInWords(window)).toBe(words);
  });
});
