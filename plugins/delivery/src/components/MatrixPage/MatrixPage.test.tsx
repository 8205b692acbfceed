import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  cell,
  largeMatrix,
  matrix,
  matrixService,
} from '../../../dev/matrixFixtures';
import { HOSTILE } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  fakeSignals,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { MatrixPage } from './MatrixPage';

function render(
  answer: () => Promise<ReturnType<typeof matrix>>,
  options: { at?: string; signals?: ReturnType<typeof fakeSignals> } = {},
) {
  return renderDelivery(<MatrixPage />, {
    client: Object.assign(fakeClient(), { matrix: jest.fn(answer) }),
    ...options,
  });
}

const rowOf = async (name: string) => {
  const header = await screen.findByRole('rowheader', {
    name: new RegExp(name),
  });
  return header.closest('[role=row]') as HTMLElement;
};
const cellsOf = async (name: string) =>
  within(await rowOf(name))
    .getAllByRole('cell')
    .map(each => each.textContent);

describe('MatrixPage', () => {
  // jsdom lays nothing out; the table asks how high its window is.
  beforeEach(() => {
    const size = (name: 'offsetHeight' | 'offsetWidth', px: number) =>
      jest.spyOn(HTMLElement.prototype, name, 'get').mockReturnValue(px);
    size('offsetHeight', 600);
    size('offsetWidth', 1000);
  });
  afterEach(() => jest.restoreAllMocks());

  it('shows how each environment of each service stands', async () => {
    const { client } = render(async () => matrix());
    expect(await cellsOf('vaultex-api')).toEqual([
      '–',
      expect.stringMatching(/9f31c07.*66 %/),
      expect.stringMatching(/71be2d0.*approval3 behind/),
    ]);
    expect(await cellsOf('eventflow-backend')).toEqual([
      '–',
      expect.stringContaining('deployed'),
      expect.stringMatching(/rolled backRunning d77c1b3, pipeline says/),
    ]);
    expect(await cellsOf('orders-new')).toEqual([
      expect.stringContaining('declared'),
      '–',
      expect.stringContaining('never deployed'),
    ]);
    expect(client.matrix).toHaveBeenCalledTimes(1);
    await expectAccessible();
  });

  it('shows health instead, and never green for what nobody knows', async () => {
    render(async () => matrix());
    await screen.findByRole('table');
    await userEvent.click(screen.getByRole('button', { name: 'Live' }));
    expect((await cellsOf('cicd-platform'))[2]).toContain('unknown');
    expect((await cellsOf('eventflow-backend'))[2]).toContain('degraded');
    expect((await cellsOf('orders-new'))[0]).toContain('not observed');
    expect(address()).toContain('view=live');
  });

  it('leads from a cell to the environment of the service', async () => {
    render(async () => matrix());
    const link = within(await rowOf('vaultex-api')).getByRole('link', {
      name: /vaultex-api, production: 71be2d0, approval, 3 behind/,
    });
    expect(link).toHaveAttribute(
      'href',
      '/catalog/default/component/vaultex-api/delivery?panel=environments&environment=production',
    );
  });

  it('finds, groups and orders, and keeps it in the address', async () => {
    render(async () => matrix());
    await screen.findByRole('table');
    await userEvent.type(screen.getByRole('searchbox'), 'payments');
    await waitFor(() => expect(screen.getByText(/2 of 4/)).toBeVisible());
    await userEvent.selectOptions(screen.getByLabelText('Group by'), 'system');
    expect(screen.getByText('2 services')).toBeVisible();
    await userEvent.selectOptions(screen.getByLabelText('Order'), 'behind');
    await waitFor(() =>
      expect(address()).toMatch(/text=payments.*group=system.*sort=behind/),
    );
    await userEvent.type(screen.getByRole('searchbox'), ' zzz');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show all services' }),
    );
    expect(await screen.findByText(/4 of 4/)).toBeVisible();
  });

  it('draws only the rows that are seen', async () => {
    render(async () => largeMatrix(2_000));
    await rowOf('service-0000');
    expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '2001');
    expect(screen.getAllByRole('row').length).toBeLessThan(40);
    expect(screen.getByText(/2000 of 2000/)).toBeVisible();
  });

  it('reads again when something happened anywhere', async () => {
    const signals = fakeSignals();
    const { client } = render(async () => matrix(), { signals });
    await screen.findByRole('table');
    await waitFor(() => expect(signals.channels()).toContain('delivery:pages'));
    expect(client.matrix).toHaveBeenCalledTimes(1);
    signals.send('delivery:pages');
    await waitFor(() => expect(client.matrix).toHaveBeenCalledTimes(2));
  });

  it('keeps what it knows when reading again fails', async () => {
    let calls = 0;
    const { api } = render(async () => {
      calls += 1;
      return calls === 1 ? matrix() : failing(503, 'Busy', 'Ask later.')();
    });
    await screen.findByRole('table');
    await api.queries.refetchQueries();
    expect(await screen.findByText(/not fresh: Ask later/)).toBeVisible();
    expect(screen.getByRole('table')).toBeVisible();
  });

  it('shows hostile names as text', async () => {
    render(async () =>
      matrix({
        environments: [{ name: HOSTILE, tier: 'other' }],
        services: [
          matrixService(
            'x',
            { [HOSTILE]: cell({ note: HOSTILE, sha: HOSTILE }) },
            { title: HOSTILE, system: HOSTILE },
          ),
        ],
      }),
    );
    await screen.findByRole('table');
    expect(document.querySelector('script')).toBeNull();
    expect(document.querySelector('img')).toBeNull();
  });

  it('waits, says why there is nothing, and what went wrong', async () => {
    const first = render(pending);
    expect(await screen.findByLabelText('Loading the matrix')).toBeVisible();
    first.unmount();
    const second = render(async () => matrix({ services: [] }));
    expect(await screen.findByText('No service to show')).toBeVisible();
    second.unmount();
    render(failing(500, 'Error', 'The database is away.'));
    expect(await screen.findByText(/The database is away/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
  });
});
