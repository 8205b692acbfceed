import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DORA_METRICS } from 'backstage-plugin-delivery-common';
import { doraReport, emptyReport } from '../../../dev/doraFixtures';
import { metric, metrics } from '../../../dev/doraMetricFixtures';
import { entity, ENTITY_REF, HOSTILE, NOW } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  pending,
} from '../../../dev/testUtils/renderDelivery';
import { cardOf, rowOf, showDora } from './__testUtils__/showDora';

const only = (overrides: Parameters<typeof metric>[0]) => ({
  dora: async () => doraReport({ metrics: [metric(overrides)] }),
});

describe('states of DoraPanel', () => {
  it('shows the line to add when the annotation is missing, and asks nothing', async () => {
    const { client } = showDora({}, { entity: entity({}) });
    expect(
      await screen.findByText('github.com/project-slug: owner/repository'),
    ).toBeInTheDocument();
    expect(client.dora).not.toHaveBeenCalled();
    await expectAccessible();
  });

  it('shows its shape while it loads', async () => {
    showDora({ dora: pending });
    const shape = await screen.findByRole('status', {
      name: 'Loading the metrics',
    });
    expect(
      within(shape).getByRole('group', { name: 'DORA metrics' }),
    ).toBeInTheDocument();
    await expectAccessible();
  });

  it('names the permission and the owner when it may not be read', async () => {
    showDora({ dora: failing(403, 'NotAllowedError', 'no') });
    expect(await screen.findByText(/delivery\.run\.read/)).toBeInTheDocument();
    expect(
      await screen.findByRole('link', { name: /vault-team/ }),
    ).toBeInTheDocument();
    await expectAccessible();
  });

  it('loads after a failure when asked to', async () => {
    let broken = true;
    showDora({
      dora: async () =>
        broken ? failing(500, 'Error', 'database is away')() : doraReport(),
    });
    expect(await screen.findByText(/database is away/)).toBeInTheDocument();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await cardOf('lead_time')).toHaveTextContent('1d 4h');
  });

  it('says what makes a deployment when there was none', async () => {
    showDora({ dora: async () => emptyReport });
    expect(
      await screen.findByText('No deployment to production yet'),
    ).toBeInTheDocument();
    expect(document.querySelector('[data-metric]')).toBeNull();
    await expectAccessible();
  });

  it('does not say that there was none while it is still being read', async () => {
    showDora({ dora: async () => ({ ...emptyReport, pending: true }) });
    expect(
      await screen.findByText('Deployments are still being read'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Still reading changes: numbers will move.'),
    ).toBeInTheDocument();
  });

  it('keeps the numbers, and says so, when they cannot be read again', async () => {
    let reads = 0;
    const { api } = showDora({
      dora: async () => {
        reads += 1;
        return reads > 1 ? failing(503, 'Error', 'too busy')() : doraReport();
      },
    });
    await cardOf('lead_time');
    await api.queries.invalidateQueries({ queryKey: ['delivery'] });
    expect(
      await screen.findByText(/could not be refreshed: too busy/),
    ).toBeInTheDocument();
    expect(await cardOf('lead_time')).toHaveTextContent('1d 4h');
  });
});

describe('cards of DoraPanel', () => {
  it('has nine in two groups, each with value, rows behind it, change and band', async () => {
    const { client } = showDora();
    await cardOf('time_to_recovery');
    expect(client.dora.mock.calls[0][0].query).toEqual({
      scope: 'service',
      ref: ENTITY_REF,
      days: 90,
    });
    const first = screen.getByRole('group', { name: 'DORA metrics' });
    expect(within(first).getAllByRole('button')).toHaveLength(5);
    const second = screen.getByRole('group', { name: 'Deployments' });
    expect(within(second).getAllByRole('button')).toHaveLength(4);
    expect(await cardOf('lead_time')).toHaveTextContent(
      /1d 4h231 changes3h longer, worseabout the mean.*2025/,
    );
    expect(await cardOf('deployment_frequency')).toHaveTextContent(
      '2.1 a day186 in 90 days0.2 a day more, better',
    );
    expect(await cardOf('change_fail_rate')).toHaveTextContent(
      /4\.8 %9 of 189 deployments3\.2 points lower, bettermay still change/,
    );
    expect(await cardOf('recovery_time')).toHaveTextContent(
      '12m8 failuresas before',
    );
    // Nothing before to compare with: nothing is said nine times.
    expect(await cardOf('rework_rate')).toHaveTextContent(
      /3\.1 %6 of 193 deploymentsmay still change/,
    );
    await rowOf('c0');
    await expectAccessible();
  });

  it.each([
    [
      'nothing was seen',
      { excluded: [] },
      'Nothing of it happened in this window.',
    ],
    [
      'all was left out for one reason',
      { excluded: [{ reason: 'no_base', count: 3 }] },
      /3 seen, not counted: It came with the first deployment/,
    ],
    [
      'all was left out for several reasons',
      {
        excluded: [
          { reason: 'cancelled', count: 2 },
          { reason: 'no_environment', count: 5 },
        ],
      },
      /7 seen, not counted; mostly: Nothing says which environment/,
    ],
  ])('says no data, never 0, and why: %s', async (_, overrides, why) => {
    showDora(
      only({
        value: null,
        n: 0,
        hits: 0,
        provisional: false,
        details: [],
        previous: { value: 0.1, n: 10 },
        ...overrides,
      }),
    );
    const card = await cardOf('change_fail_rate');
    expect(card).toHaveTextContent('No data');
    expect(card).toHaveTextContent(why);
    expect(card).not.toHaveTextContent('0 %');
    expect(card).not.toHaveTextContent('better');
  });

  it('says that a number is made of few', async () => {
    showDora(only({ small: true, n: 3, hits: 1, value: 1 / 3 }));
    expect(await cardOf('change_fail_rate')).toHaveTextContent('few');
  });

  it('shows the year of a band that does not tell it', async () => {
    showDora(
      only({
        bands: [
          {
            scale: 'target',
            year: 2026,
            label: 'under 15 %',
            verdict: 'met',
            text: 'own target: under 15 %',
          },
        ],
      }),
    );
    expect(await cardOf('change_fail_rate')).toHaveTextContent(
      'own target: under 15 % (2026)',
    );
  });

  it('leaves out what it does not know', async () => {
    showDora({
      dora: async () =>
        doraReport({ metrics: [metric({ id: 'unknown' }), metric()] }),
    });
    await cardOf('change_fail_rate');
    expect(document.querySelectorAll('[data-metric]')).toHaveLength(1);
  });

  it('opens a metric with the keyboard, and keeps it in the address', async () => {
    showDora();
    const card = await cardOf('change_fail_rate');
    expect(card).toHaveAttribute('aria-pressed', 'false');
    card.focus();
    await userEvent.keyboard('{Enter}');
    expect(card).toHaveAttribute('aria-pressed', 'true');
    expect(address()).toContain('metric=change_fail_rate');
    expect(
      await screen.findByRole('heading', {
        name: 'Change fail rate',
        level: 2,
      }),
    ).toBeInTheDocument();
  });

  it.each(DORA_METRICS)(
    'has as many rows behind %s as its card says',
    async id => {
      const { client } = showDora({}, { at: `/?metric=${id}` });
      const card = await cardOf(id);
      await waitFor(() => expect(client.doraRows).toHaveBeenCalled());
      const told = metrics.find(one => one.id === id)?.n;
      const { total } = await client.doraRows.mock.results[0].value;
      expect(total).toBe(told);
      expect(card).toHaveTextContent(new RegExp(`(^|\\D)${told}(\\D|$)`));
      expect(
        await screen.findByRole('tab', {
          name: new RegExp(`^${told} `),
          selected: true,
        }),
      ).toBeInTheDocument();
    },
  );
});

describe('window of DoraPanel', () => {
  it('asks for another one, keeps it in the address, and shows the last one until then', async () => {
    const { client } = showDora({
      dora: async ({ query }) =>
        `${query?.days}` === '30' ? pending() : doraReport(),
    });
    await cardOf('lead_time');
    await userEvent.click(screen.getByRole('button', { name: '30 days' }));
    expect(address()).toContain('days=30');
    await waitFor(() =>
      expect(client.dora.mock.lastCall?.[0].query?.days).toBe(30),
    );
    expect(await cardOf('lead_time')).toHaveTextContent('1d 4h');
  });

  it.each(['31', '-1', 'all'])(
    'takes the usual one for %s of the address',
    async days => {
      const { client } = showDora({}, { at: `/?days=${days}&metric=nonsense` });
      await cardOf('lead_time');
      expect(client.dora.mock.calls[0][0].query?.days).toBe(90);
    },
  );

  it('says where, in which zone, with which settings, and since when it knows', async () => {
    showDora({
      dora: async () =>
        doraReport({
          dataSince: NOW - 20 * 86_400_000,
          notes: [{ code: 'no_issues', message: 'Issues are not read.' }],
          settings: { ...doraReport().settings, timeZone: 'Europe/Oslo' },
        }),
    });
    expect(
      await screen.findByText(/production · Europe\/Oslo/),
    ).toBeInTheDocument();
    expect(screen.getByText('0123456789abcdef')).toBeInTheDocument();
    expect(screen.getByText('Issues are not read.')).toBeInTheDocument();
    expect(
      screen.getByText('Nothing was read from before Apr 22.'),
    ).toBeInTheDocument();
  });

  it('shows hostile texts as text', async () => {
    showDora(
      {
        dora: async () =>
          doraReport({
            settingsHash: HOSTILE,
            notes: [{ code: 'x', message: HOSTILE }],
            metrics: [
              metric({
                definition: HOSTILE,
                details: [{ id: HOSTILE, value: 1, unit: 'unknown' }],
                bands: [
                  {
                    scale: 'unknown',
                    year: 2025,
                    label: HOSTILE,
                    verdict: 'none',
                    text: HOSTILE,
                  },
                ],
              }),
            ],
          }),
      },
      { at: '/?metric=change_fail_rate' },
    );
    await cardOf('change_fail_rate');
    expect(screen.getAllByText(/<script>/).length).toBeGreaterThanOrEqual(5);
    expect(document.querySelector('script')).toBeNull();
  });
});
