import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Environment } from 'backstage-plugin-delivery-common';
import { four } from '../../../dev/environmentFixtures';
import {
  broken,
  declared,
  drifted,
  hostile,
  never,
  unhealthy,
} from '../../../dev/environmentScenes';
import { overview } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  fakeClient,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DeliveryCard } from '../DeliveryCard/DeliveryCard';
import { DeliveryContent } from '../DeliveryContent';
import { EnvironmentStrip } from './EnvironmentStrip';

// Roles of many nodes are computed one by one, and that on a machine that may be busy.
jest.setTimeout(30_000);

const knowing = (...environments: Environment[]) =>
  fakeClient({ overview: async () => overview({ environments }) });

const strip = () =>
  screen.findByRole('list', { name: 'Environments on the way to production' });

describe('EnvironmentStrip', () => {
  it('leads to an environment, and asks for nothing that the tab has not', async () => {
    const user = userEvent.setup();
    const { client } = renderDelivery(<DeliveryContent />, {
      client: knowing(...four),
    });
    const items = within(await strip()).getAllByRole('button');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      'dev9f31c07healthy',
      'qa9f31c07healthy',
      'staging9f31c07rolling out 67 %',
      'production71be2d0healthy',
    ]);
    expect(client.overview).toHaveBeenCalledTimes(1);
    expect(client.environments).not.toHaveBeenCalled();
    items[2].focus();
    await user.keyboard('{Enter}');
    expect(address()).toBe('/?panel=environments&environment=staging');
    expect(
      await screen.findByRole('button', { name: 'staging', pressed: true }),
    ).toBeInTheDocument();
    expect(items[2]).toHaveAttribute('aria-current', 'true');
    await expectAccessible();
  });

  it('never shows as well what is not', async () => {
    renderDelivery(<EnvironmentStrip />, {
      client: knowing(
        unhealthy,
        { ...declared, name: 'a' },
        { ...never, name: 'b' },
        { ...broken, name: 'c' },
        { ...drifted, name: 'd' },
      ),
    });
    const items = within(await strip()).getAllByRole('listitem');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      'production71be2d0unhealthy',
      'a9f31c07declared, not observed',
      'bnever deployed',
      'c71be2d0health unknownnot up to date',
      expect.stringMatching(
        /^d71be2d0healthyRunning 71be2d0, pipeline says 9f31c07\.alarm firingwaiting for approval$/,
      ),
    ]);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('is absent when no environment is known', async () => {
    renderDelivery(<DeliveryContent />);
    await screen.findByText('Fix rounding in refunds');
    expect(
      screen.queryByRole('list', { name: /way to production/ }),
    ).toBeNull();
  });

  it('leads from the card to the tab, also where its address was changed', async () => {
    const first = renderDelivery(<DeliveryCard />, {
      client: knowing(...four),
    });
    expect(
      within(await strip()).getByRole('link', { name: /^production/ }),
    ).toHaveAttribute(
      'href',
      '/delivery?panel=environments&environment=production',
    );
    await expectAccessible();
    first.unmount();
    renderDelivery(<DeliveryCard tabPath="/runs" />, {
      client: knowing(hostile),
    });
    const link = within(await strip()).getByRole('link');
    expect(link).toHaveTextContent('<script>alert(1)</script>');
    expect(
      new URL(link.getAttribute('href')!, 'http://x').searchParams.get(
        'environment',
      ),
    ).toBe(hostile.name);
    expect(document.querySelector('script')).toBeNull();
  });
});
