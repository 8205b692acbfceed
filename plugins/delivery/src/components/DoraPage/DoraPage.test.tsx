import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  DeliveryClient,
  DoraReport,
} from 'backstage-plugin-delivery-common';
import { doraReport } from '../../../dev/doraFixtures';
import { HOSTILE } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DoraPage } from './DoraPage';

const service = (name: string, value: number | null) => ({
  entityRef: `component:default/${name}`,
  title: name,
  owner: 'group:default/payments',
  values: [
    { metric: 'lead_time' as const, value, n: value === null ? 0 : 7 },
    {
      metric: 'change_fail_rate' as const,
      ...{ value: 0.1, n: 10, hits: 1 },
    },
  ],
});

function ofMany(overrides: Partial<DoraReport> = {}): DoraReport {
  return doraReport({
    scope: { kind: 'portal', services: 2 },
    mayOverride: false,
    distribution: [service('alpha', 3_600_000), service('beta', null)],
    choices: [
      { scope: 'team', ref: 'group:default/payments', services: 2 },
      { scope: 'domain', ref: 'domain:default/money', services: 1 },
    ],
    ...overrides,
  });
}

const render = (
  dora: DeliveryClient['dora'],
  options: Parameters<typeof renderDelivery>[1] = {},
) => renderDelivery(<DoraPage />, { client: fakeClient({ dora }), ...options });

describe('DoraPage', () => {
  it('shows all services together, and each beside the others in the order of the alphabet', async () => {
    const { client } = render(async () => ofMany());
    const table = await screen.findByRole('table', {
      name: /Lead time|lead time/,
    });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map(row => row.textContent)).toEqual([
      expect.stringMatching(/^alphapayments1h/),
      expect.stringMatching(/^betapaymentsno data/),
    ]);
    expect(client.dora).toHaveBeenCalledWith(
      expect.objectContaining({ query: { scope: 'portal', days: 90 } }),
    );
    expect(
      screen.getByRole('img', { name: '1 service from 1h to 1h' }),
    ).toBeVisible();
    await expectAccessible();
  });

  it('narrows to a team, in the address', async () => {
    const { client } = render(async () => ofMany());
    const select = await screen.findByLabelText('Numbers of');
    await waitFor(() =>
      expect(
        within(select)
          .getAllByRole('option')
          .map(option => option.textContent),
      ).toEqual([
        'All services',
        'Team payments (2 services)',
        'Domain money (1 service)',
      ]),
    );
    await userEvent.selectOptions(select, 'Team payments (2 services)');
    await waitFor(() =>
      expect(client.dora).toHaveBeenCalledWith(
        expect.objectContaining({
          query: { scope: 'team', ref: 'group:default/payments', days: 90 },
        }),
      ),
    );
    expect(address()).toContain('of=team');
    expect(address()).toContain('ref=group');
  });

  it('leads to the numbers of a service', async () => {
    render(async () => ofMany());
    const link = await screen.findByRole('link', { name: 'alpha' });
    expect(link.getAttribute('href')).toMatch(
      /\/alpha\/delivery\?panel=dora&metric=lead_time$/,
    );
  });

  it('keeps the way back when an address names what is not there', async () => {
    render(failing(404, 'NotFoundError', 'There is no group:default/none.'), {
      at: '/?of=team&ref=group:default/none',
    });
    expect(await screen.findByText(/There is no group/)).toBeVisible();
    expect(screen.getByLabelText('Numbers of')).toHaveDisplayValue('Team none');
  });

  it('is grey while it waits', async () => {
    render(pending);
    expect(
      await screen.findByRole('status', { name: 'Loading the metrics' }),
    ).toBeVisible();
  });

  it('says when no service has a number of it', async () => {
    render(async () => ofMany({ distribution: [service('beta', null)] }));
    expect(await screen.findByText(/None of these services/)).toBeVisible();
  });

  it('shows names as text', async () => {
    const named = { ...service('x', 1_000), title: HOSTILE };
    const { container } = render(async () => ofMany({ distribution: [named] }));
    await screen.findByRole('table', { name: /Lead time|lead time/ });
    expect(container.querySelector('script, img[src]')).toBeNull();
  });
});
