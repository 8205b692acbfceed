import type { DoraMetricId } from '../../contract';
import { bandsOf } from './bands';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function quickCheck(metric: DoraMetricId, value: number) {
  const [band] = bandsOf(metric, value, { targets: [] });
  return [band.label, band.verdict, band.text];
}

function tier(metric: DoraMetricId, value: number, daysPerWeek?: number) {
  return bandsOf(metric, value, { targets: [], daysPerWeek })
    .filter(({ scale }) => scale === 'tiers')
    .map(({ label, year }) => `${label} ${year}`);
}

describe('the Quick Check of 2025', () => {
  it.each<[DoraMetricId, number, string[]]>([
    [
      'change_fail_rate',
      0.048,
      ['4.8 %', 'better', 'better than mean (19 % ± 21, 2025)'],
    ],
    [
      'change_fail_rate',
      0.19,
      ['19 %', 'about', 'about mean (19 % ± 21, 2025)'],
    ],
    [
      'rework_rate',
      0.5,
      ['50 %', 'worse', 'worse than mean (22 % ± 22, 2025)'],
    ],
    [
      'lead_time',
      3 * DAY,
      ['one day to one week', 'about', 'about mean (5.5 of 10 ± 2.4, 2025)'],
    ],
    [
      'lead_time',
      DAY - 1,
      [
        'one hour to one day',
        'better',
        'better than mean (5.5 of 10 ± 2.4, 2025)',
      ],
    ],
    [
      'recovery_time',
      7 * DAY,
      [
        'one week to one month',
        'worse',
        'worse than mean (7.4 of 10 ± 2.1, 2025)',
      ],
    ],
    [
      'recovery_time',
      400 * DAY,
      [
        'more than six months',
        'worse',
        'worse than mean (7.4 of 10 ± 2.1, 2025)',
      ],
    ],
    [
      'deployment_frequency',
      1,
      [
        'once an hour to once a day',
        'better',
        'better than mean (4.8 of 10 ± 2.8, 2025)',
      ],
    ],
    [
      'deployment_frequency',
      0.1,
      [
        'once a week to once a month',
        'about',
        'about mean (4.8 of 10 ± 2.8, 2025)',
      ],
    ],
  ])('%s of %d', (metric, value, expected) => {
    expect(quickCheck(metric, value)).toEqual(expected);
  });

  it('does not judge what is not known for long enough', () => {
    expect(quickCheck('deployment_frequency', 0)).toEqual([
      'none in this time',
      'none',
      'mean 4.8 of 10 ± 2.8, 2025',
    ]);
  });

  it('gives better answers for better values', () => {
    const scores = { better: 2, about: 1, worse: 0 };
    const verdicts = [0, 0.05, 0.1, 0.2, 0.3, 0.6, 1].map(
      value =>
        scores[quickCheck('change_fail_rate', value)[1] as keyof typeof scores],
    );
    expect(verdicts).toEqual([...verdicts].sort((a, b) => b - a));
    expect(new Set(verdicts).size).toBe(3);
  });
});

describe('the tiers of 2023', () => {
  it('only get worse with the value', () => {
    expect(
      [0.05, 0.1, 0.15, 0.16].flatMap(value => tier('change_fail_rate', value)),
    ).toEqual(['elite 2023', 'high 2023', 'medium 2023', 'low 2023']);
    expect(
      [DAY - 1, DAY, 7 * DAY, 30 * DAY].flatMap(value =>
        tier('lead_time', value),
      ),
    ).toEqual(['elite 2023', 'high 2023', 'medium 2023', 'low 2023']);
    expect(
      [HOUR - 1, HOUR, DAY, 7 * DAY].flatMap(value =>
        tier('recovery_time', value),
      ),
    ).toEqual(['elite 2023', 'high 2023', 'medium 2023', 'low 2023']);
  });

  it('need days with a deployment for the first, not many on one day', () => {
    expect(tier('deployment_frequency', 0.8, 5)).toEqual(['elite 2023']);
    expect(tier('deployment_frequency', 5, 1)).toEqual(['high 2023']);
    expect(tier('deployment_frequency', 0.1, 0)).toEqual(['medium 2023']);
    expect(tier('deployment_frequency', 0.01, 0)).toEqual(['low 2023']);
    expect(tier('deployment_frequency', 5)).toEqual([]);
  });
});

describe('own targets', () => {
  const targets = [
    { metric: 'change_fail_rate', value: 0.15, year: 2026 },
    { metric: 'deployment_frequency', value: 0.5, year: 2026 },
    { metric: 'deployment_duration', value: 10 * 60_000, year: 2026 },
  ] as const;
  const own = (metric: DoraMetricId, value: number) =>
    bandsOf(metric, value, { targets })
      .filter(({ scale }) => scale === 'target')
      .map(({ text }) => text);

  it('are met at their limit and carry their year', () => {
    expect(own('change_fail_rate', 0.15)).toEqual([
      'target met (at most 15 %, 2026)',
    ]);
    expect(own('change_fail_rate', 0.16)).toEqual([
      'target missed (at most 15 %, 2026)',
    ]);
    expect(own('deployment_frequency', 0.4)).toEqual([
      'target missed (at least 0.5 per day, 2026)',
    ]);
    expect(own('deployment_duration', 60_000)).toEqual([
      'target met (at most 10 min, 2026)',
    ]);
  });

  it('say nothing of what has no value', () => {
    expect(bandsOf('change_fail_rate', null, { targets })).toEqual([]);
    expect(bandsOf('change_fail_rate', NaN, { targets })).toEqual([]);
  });
});
