import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  conformanceRow,
  conformanceTable,
} from '../../../dev/conformanceFixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { ConformancePage } from '.';

const billing = conformanceRow('legacy-billing', {
  results: { ...conformanceRow('x').results, oidc: 'fail' },
  counts: { passed: 3, failed: 1, unknown: 8 },
});
const fresh = conformanceRow('fresh', {
  ...{ results: null, counts: null, asOf: null },
});
const shop = conformanceRow('shop', {
  results: { ...conformanceRow('x').results, rollback: 'fail' },
  counts: { passed: 8, failed: 4, unknown: 0 },
});

const show = (items = [fresh, billing, shop], at = '/') =>
  renderDelivery(<ConformancePage />, {
    at,
    client: fakeClient({
      conformanceTable: async () => conformanceTable(items),
    }),
  });
const names = async () =>
  (await screen.findAllByRole('rowheader')).map(
    cell => within(cell).getByRole('link').textContent,
  );

describe('ConformancePage', () => {
  it('waits, and says what went wrong', async () => {
    renderDelivery(<ConformancePage />, {
      client: fakeClient({ conformanceTable: pending }),
    });
    expect(
      await screen.findByRole('status', { name: 'Reading the rules' }),
    ).toBeInTheDocument();
  });

  it('names the permission behind a refusal', async () => {
    renderDelivery(<ConformancePage />, {
      client: fakeClient({
        conformanceTable: failing(403, 'NotAllowedError', 'No.'),
      }),
    });
    expect(await screen.findByText(/delivery\.run\.read/)).toBeInTheDocument();
  });

  it('shows the services that miss most first; what was not read is no pass', async () => {
    show();
    expect(await names()).toEqual(['shop', 'legacy-billing', 'fresh']);
    const row = screen.getByRole('row', { name: /^fresh/ });
    expect(within(row).queryByTitle('Holds')).toBeNull();
    expect(within(row).getAllByTitle('not read yet')).toHaveLength(12);
    await expectAccessible();
  });

  it('sorts by a rule, and keeps that in the address', async () => {
    show();
    await screen.findAllByRole('rowheader');
    await userEvent.click(screen.getByRole('button', { name: 'OIDC' }));
    expect(address()).toContain('rule=oidc');
    expect(await names()).toEqual(['legacy-billing', 'shop', 'fresh']);
  });

  it('finds a service', async () => {
    show(undefined, '/?text=bill');
    expect(await names()).toEqual(['legacy-billing']);
    screen.getByText('1 of 3 services');
  });

  it('says why there is nothing', async () => {
    show([]);
    expect(await screen.findByText('No service to show')).toBeInTheDocument();
  });
});
