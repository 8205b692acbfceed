import { mockApis } from '@backstage/frontend-test-utils';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DoraMetric } from 'backstage-plugin-delivery-common';
import { metric, metrics, point } from '../../../dev/doraMetricFixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import { renderDelivery } from '../../../dev/testUtils/renderDelivery';
import { deliveryTranslationRef } from '../../translation/deliveryTranslationRef';
import { chartRows } from './chartModel';
import { MetricTrend } from './MetricTrend';
import { segmentsOf } from './Spark';

const snapshot = mockApis.translation().getTranslation(deliveryTranslationRef);
if (!snapshot.ready) throw new Error('Translations are not ready');
const { t } = snapshot;

const DAY = 86_400_000;
const START = Date.UTC(2026, 4, 4);
/** Weeks from 4 May on. */
const weeks = (points: Parameters<typeof point>[0][]) =>
  points.map((overrides, index) =>
    point({
      from: START + index * 7 * DAY,
      to: START + (index + 1) * 7 * DAY,
      partial: false,
      ...overrides,
    }),
  );
const failures = metric({
  trend: weeks([
    { value: 0.1, n: 10, hits: 1 },
    { value: null, n: 0, hits: 0 },
    { value: 0, n: 4, hits: 0 },
    { value: 0.5, n: 2, hits: 1, partial: true, provisional: true },
  ]),
});

const show = (one: DoraMetric) =>
  renderDelivery(<MetricTrend metric={one} title="Metric" zone="UTC" />);

const asTable = async () => {
  await userEvent.click(
    await screen.findByRole('button', { name: 'Show as table' }),
  );
  const [, ...rows] = within(await screen.findByRole('table')).getAllByRole(
    'row',
  );
  return rows.map(row =>
    [...row.querySelectorAll('th, td')].map(cell => cell.textContent),
  );
};

describe('table behind a chart', () => {
  it('has the numbers of a rate, and says what is missing or not final', async () => {
    show(failures);
    expect(await asTable()).toEqual([
      ['May 4 – May 10', '1', '10', '10 %', ''],
      ['May 11 – May 17', '0', '0', '–', 'no data'],
      ['May 18 – May 24', '0', '4', '0 %', ''],
      [
        'May 25 – May 31',
        '1',
        '2',
        '50 %',
        'cut by the window, may still change',
      ],
    ]);
    expect(
      within(screen.getByRole('table'))
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).toEqual(['When', 'failed', 'deployments', 'rate', 'Note']);
    expect(screen.getByRole('table')).toHaveAccessibleName(
      'Metric over time: 4 points from May 4 – May 10 to May 25 – May 31',
    );
    await expectAccessible();
  });

  it('has deployments with the rollbacks beside them', async () => {
    show(
      metric({
        id: 'deployment_frequency',
        unit: 'per_day',
        trend: weeks([
          { value: 2, n: 14, beside: 1 },
          { value: 0, n: 0, beside: 0 },
          { value: null, n: 0 },
        ]),
      }),
    );
    expect(await asTable()).toEqual([
      ['May 4 – May 10', '14', '1', ''],
      ['May 11 – May 17', '0', '0', ''],
      ['May 18 – May 24', '–', '0', 'no data'],
    ]);
  });

  it('has percentiles of a time', async () => {
    const H = 3_600_000;
    show(
      metric({
        id: 'lead_time',
        unit: 'ms',
        trend: weeks([
          { value: 28 * H, n: 7, p75: 50 * H, p90: 96 * H },
          { value: null, n: 0, p75: null, p90: null },
        ]),
      }),
    );
    expect(await asTable()).toEqual([
      ['May 4 – May 10', '7', '1d 4h', '2d 2h', '4d', ''],
      ['May 11 – May 17', '0', '–', '–', '–', 'no data'],
    ]);
  });

  it('goes back to the chart', async () => {
    show(failures);
    await asTable();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show as chart' }),
    );
    expect(await screen.findByRole('img')).toBeInTheDocument();
    expect(screen.queryByRole('table')).toBeNull();
  });
});

describe('chart', () => {
  it.each(metrics)('draws $id, named, with what its marks mean', async one => {
    show(one);
    const chart = await screen.findByRole('img', { name: /^Metric over time/ });
    await waitFor(() =>
      expect(chart.querySelector('svg.recharts-surface')).not.toBeNull(),
    );
    expect(screen.getByText(/^(bars|line): /)).toHaveTextContent(
      'dashed or hatched',
    );
    await expectAccessible();
  });

  it('hatches and dashes bars that are not final', async () => {
    show(failures);
    const chart = await screen.findByRole('img');
    await waitFor(() =>
      expect(
        chart.querySelectorAll('.recharts-bar-rectangle path').length,
      ).toBeGreaterThan(0),
    );
    const bars = [...chart.querySelectorAll('.recharts-bar-rectangle path')];
    const hatched = bars.filter(bar =>
      bar.getAttribute('fill')?.startsWith('url(#'),
    );
    expect(hatched).toHaveLength(2);
    expect(hatched.every(bar => bar.getAttribute('stroke-dasharray'))).toBe(
      true,
    );
    expect(
      chart.querySelector(
        hatched[0].getAttribute('fill')?.replace(/^url\(|\)$/g, '') ?? 'none',
      ),
    ).not.toBeNull();
  });

  it('says that there is nothing to draw', async () => {
    show(metric({ trend: [] }));
    expect(
      await screen.findByText('Nothing to draw in this window.'),
    ).toBeInTheDocument();
  });
});

describe('lines of a chart', () => {
  it('leave gaps, and are another line from the last final point on', () => {
    const rows = chartRows(failures, 'UTC', t);
    expect(rows.map(({ firm }) => firm)).toEqual([0.1, null, 0, null]);
    expect(rows.map(({ open }) => open)).toEqual([null, null, 0, 0.5]);
  });

  it('begin and end with days of the zone', () => {
    const [row] = chartRows(
      metric({ trend: weeks([{ value: 1 }]) }),
      'America/New_York',
      t,
    );
    expect(row.span).toBe('May 3 – May 10');
  });
});

describe('segmentsOf', () => {
  it('connects neighbours only, dashes what is not final, and shows a lonely point', () => {
    const { segments, single } = segmentsOf(
      weeks([
        { value: 1 },
        { value: 2 },
        { value: null },
        { value: 4 },
        { value: null },
        { value: 2 },
        { value: 1, provisional: true },
      ]),
    );
    expect(segments.map(({ open }) => open)).toEqual([false, true]);
    expect(single).toHaveLength(1);
  });

  it('stands at the bottom when all is zero', () => {
    const { segments } = segmentsOf(weeks([{ value: 0 }, { value: 0 }]));
    expect(segments[0].from[1]).toBe(segments[0].to[1]);
    expect(Number.isFinite(segments[0].to[1])).toBe(true);
  });
});
