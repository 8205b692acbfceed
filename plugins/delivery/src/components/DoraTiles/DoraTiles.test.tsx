import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DoraTiles as Tiles } from 'backstage-plugin-delivery-common';
import { doraTiles } from '../../../dev/doraFixtures';
import { metrics } from '../../../dev/doraMetricFixtures';
import { overview } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  fakeClient,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DeliveryCard } from '../DeliveryCard/DeliveryCard';
import { DeliveryContent } from '../DeliveryContent';

const withTiles = (dora: Tiles | undefined) => ({
  client: fakeClient({ overview: async () => overview({ dora }) }),
});
const tiles = () =>
  screen.findByRole('list', { name: 'DORA metrics of the last 90 days' });

describe('DoraTiles', () => {
  it('has four metrics above the parts of the tab, in their order', async () => {
    renderDelivery(<DeliveryContent />, withTiles(doraTiles()));
    const items = within(await tiles()).getAllByRole('button');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Change lead time1d 4h/),
      expect.stringMatching(/^Deployment frequency2.1 a day/),
      expect.stringMatching(/^Change fail rate4.8 %9 of 189 deployments/),
      expect.stringMatching(/^Failed deployment recovery time12m/),
    ]);
    await screen.findByText('Fix rounding in refunds');
    await expectAccessible();
  });

  it('leads to the metric, in the window it is of', async () => {
    renderDelivery(<DeliveryContent />, {
      ...withTiles(doraTiles()),
      at: '/?days=30&behind=excluded&metric=lead_time',
    });
    await userEvent.click(
      within(await tiles()).getByRole('button', { name: /^Change fail rate/ }),
    );
    expect(address()).toBe('/?metric=change_fail_rate&panel=dora');
    expect(
      await screen.findByRole('heading', {
        name: 'Change fail rate',
        level: 2,
      }),
    ).toBeInTheDocument();
  });

  it('leads nowhere when the tab has no such part', async () => {
    renderDelivery(
      <DeliveryContent
        panels={[{ path: 'runs', title: 'Runs', element: <p>Runs</p> }]}
      />,
      withTiles(doraTiles()),
    );
    expect(within(await tiles()).queryByRole('button')).toBeNull();
    expect(within(await tiles()).getByText('4.8 %')).toBeInTheDocument();
  });

  it('is not there while nothing is known', async () => {
    renderDelivery(<DeliveryContent />, withTiles(undefined));
    await screen.findByText('Fix rounding in refunds');
    expect(screen.queryByText('Change lead time')).toBeNull();
  });

  it('says no data for what has none', async () => {
    renderDelivery(
      <DeliveryContent />,
      withTiles(
        doraTiles({
          items: [{ ...metrics[0], value: null, n: 0 }, metrics[1]],
        }),
      ),
    );
    const [first] = within(await tiles()).getAllByRole('button');
    expect(first).toHaveTextContent(/^Change lead timeNo data$/);
  });
});

describe('line of the card', () => {
  it('has the metrics in words, each with the way to its rows', async () => {
    renderDelivery(<DeliveryCard />, withTiles(doraTiles()));
    const link = await screen.findByRole('link', { name: '4.8 % failed' });
    expect(link.parentElement).toHaveTextContent(
      /^2.1 a day · lead 1d 4h · 4.8 % failed · restored in 12m$/,
    );
    expect(link.getAttribute('href')).toMatch(
      /delivery\?panel=dora&metric=change_fail_rate$/,
    );
    await expectAccessible();
  });

  it.each([
    ['nothing is known', undefined],
    [
      'no metric has a number',
      doraTiles({
        items: metrics.slice(0, 4).map(one => ({ ...one, value: null })),
      }),
    ],
  ])('is not there when %s', async (_, dora) => {
    renderDelivery(<DeliveryCard />, withTiles(dora));
    await screen.findByText(/Fix rounding/);
    expect(screen.queryByText(/^DORA, last/)).toBeNull();
  });

  it('leaves out what has no number', async () => {
    renderDelivery(
      <DeliveryCard />,
      withTiles(
        doraTiles({
          items: [metrics[1], { ...metrics[2], value: null, n: 0 }],
        }),
      ),
    );
    const link = await screen.findByRole('link', { name: '2.1 a day' });
    expect(link.parentElement).toHaveTextContent(/^2.1 a day$/);
  });
});
