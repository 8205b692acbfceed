import { DateTime } from 'luxon';
import { rhythmOf } from './rhythm';
import {
  bucketsOf,
  dateText,
  daysIn,
  isTimeZone,
  previousWindow,
  windowOfDays,
} from './windows';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const at = (text: string, zone: string) =>
  DateTime.fromISO(text, { zone }).toMillis();
const text = (moment: number, zone: string) =>
  DateTime.fromMillis(moment, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");

/** A week in which the clocks are changed, and by how much the week differs from 168 hours. */
const CLOCK_CHANGES: [string, string, number][] = [
  ['Europe/Oslo', '2026-03-23', -HOUR],
  ['Europe/Oslo', '2026-10-19', HOUR],
  ['America/New_York', '2026-03-02', -HOUR],
  ['America/New_York', '2026-10-26', HOUR],
  ['Asia/Kolkata', '2026-03-23', 0],
  ['Australia/Lord_Howe', '2026-03-30', HOUR / 2],
  ['Australia/Lord_Howe', '2026-09-28', -HOUR / 2],
];
const ZONES = [
  'UTC',
  'Europe/Oslo',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
];

describe('windows of calendar days', () => {
  it.each(ZONES)('end with today in %s', zone => {
    const now = at('2026-11-20T23:30', zone);
    const window = windowOfDays(90, now, zone);
    expect(text(window.to, zone)).toBe('2026-11-21T00:00');
    expect(text(window.from, zone)).toBe('2026-08-23T00:00');
    expect(daysIn(window, zone)).toBe(90);
  });

  it('are other days where it is tomorrow already', () => {
    const now = Date.UTC(2026, 10, 20, 23, 30);
    expect(windowOfDays(1, now, 'UTC').from).toBe(Date.UTC(2026, 10, 20));
    expect(
      text(windowOfDays(1, now, 'Asia/Kolkata').from, 'Asia/Kolkata'),
    ).toBe('2026-11-21T00:00');
  });

  it.each(CLOCK_CHANGES)(
    'count a week of changed clocks in %s (%s) as seven days',
    (zone, monday, difference) => {
      const from = at(monday, zone);
      const to = DateTime.fromMillis(from, { zone })
        .plus({ weeks: 1 })
        .toMillis();
      expect(to - from).toBe(7 * DAY + difference);
      expect(daysIn({ from, to }, zone)).toBe(7);
      expect(bucketsOf({ from, to }, zone)).toEqual([
        { from, to, partial: false },
      ]);
      expect(previousWindow({ from, to }, zone)).toEqual({
        from: DateTime.fromMillis(from, { zone })
          .minus({ weeks: 1 })
          .toMillis(),
        to: from,
      });
    },
  );

  it('count the leap day', () => {
    const window = {
      from: at('2028-02-28', 'Europe/Oslo'),
      to: at('2028-03-01', 'Europe/Oslo'),
    };
    expect(daysIn(window, 'Europe/Oslo')).toBe(2);
    expect(text(previousWindow(window, 'Europe/Oslo').from, 'UTC')).toBe(
      '2028-02-25T23:00',
    );
  });

  it('count the part of a day that is in the window', () => {
    const from = at('2026-03-29T00:00', 'Europe/Oslo');
    // Half of a day of 23 hours.
    const window = { from, to: from + 11.5 * HOUR };
    expect(daysIn(window, 'Europe/Oslo')).toBe(0.5);
    expect(
      text(previousWindow(window, 'Europe/Oslo').from, 'Europe/Oslo'),
    ).toBe('2026-03-28T12:00');
  });

  it('of parts add up to the whole', () => {
    const zone = 'America/New_York';
    const [a, b, c] = [
      '2026-01-03T05:17',
      '2026-03-08T03:30',
      '2026-11-02',
    ].map(each => at(each, zone));
    expect(
      daysIn({ from: a, to: b }, zone) + daysIn({ from: b, to: c }, zone),
    ).toBeCloseTo(daysIn({ from: a, to: c }, zone), 9);
  });

  it('know which names are time zones', () => {
    expect(ZONES.every(isTimeZone)).toBe(true);
    expect(isTimeZone('Middle/Earth')).toBe(false);
    expect(() => windowOfDays(1, 0, 'Middle/Earth')).toThrow(
      'The time zone of the DORA settings is not known',
    );
  });
});

describe('buckets of a trend', () => {
  it.each(ZONES)('are ISO weeks across the change of the year in %s', zone => {
    const window = {
      from: at('2026-12-23', zone),
      to: at('2027-01-12', zone),
    };
    const buckets = bucketsOf(window, zone);
    expect(
      buckets.map(({ from, partial }) => [text(from, zone), partial]),
    ).toEqual([
      ['2026-12-23T00:00', true],
      // Week 53 of 2026 holds the first of January.
      ['2026-12-28T00:00', false],
      ['2027-01-04T00:00', false],
      ['2027-01-11T00:00', true],
    ]);
    expect(buckets[0].from).toBe(window.from);
    expect(buckets.at(-1)?.to).toBe(window.to);
    buckets.slice(1).forEach((bucket, index) => {
      expect(bucket.from).toBe(buckets[index].to);
    });
  });

  it('are weeks for up to 26 weeks and months beyond', () => {
    const to = at('2026-11-21', 'Europe/Oslo');
    const weeks = windowOfDays(182, to - 1, 'Europe/Oslo');
    expect(bucketsOf(weeks, 'Europe/Oslo')).toHaveLength(27);
    const months = windowOfDays(183, to - 1, 'Europe/Oslo');
    expect(
      bucketsOf(months, 'Europe/Oslo').map(({ from, partial }) => [
        text(from, 'Europe/Oslo').slice(0, 10),
        partial,
      ]),
    ).toEqual([
      ['2026-05-22', true],
      ['2026-06-01', false],
      ['2026-07-01', false],
      ['2026-08-01', false],
      ['2026-09-01', false],
      ['2026-10-01', false],
      ['2026-11-01', true],
    ]);
  });

  it('are none of an empty window', () => {
    expect(bucketsOf({ from: 5, to: 5 }, 'UTC')).toEqual([]);
  });
});

describe('the rhythm of deployments', () => {
  const zone = 'Europe/Oslo';
  const window = { from: at('2026-10-07', zone), to: at('2026-11-04', zone) };

  it('is the median of days in whole weeks, with those without any', () => {
    // Whole weeks from 12, 19 and 26 October; the clocks go back on the 25th.
    const days = ['10-08', '10-09', '10-12', '10-13', '10-25', '11-03'];
    const times = days.flatMap(day => [
      at(`2026-${day}T00:10`, zone),
      at(`2026-${day}T23:50`, zone),
    ]);
    expect(rhythmOf(times, window, zone).daysPerWeek).toBe(1);
  });

  it('tells the median time between two', () => {
    const first = window.from + HOUR;
    const times = [first + 9 * HOUR, first, first + HOUR, window.to + HOUR];
    expect(rhythmOf(times, window, zone).gapMs).toBe(4.5 * HOUR);
    expect(rhythmOf([first], window, zone).gapMs).toBeNull();
  });

  it('is not known without a whole week', () => {
    const short = { from: at('2026-10-07', zone), to: at('2026-10-14', zone) };
    expect(rhythmOf([short.from], short, zone).daysPerWeek).toBeNull();
  });
});

it('writes dates of the zone', () => {
  const moment = at('2026-09-01T00:00', 'Europe/Oslo');
  expect(dateText(moment, 'Europe/Oslo', false)).toBe('1 Sep');
  expect(dateText(moment, 'UTC', true)).toBe('31 Aug 2026');
});
