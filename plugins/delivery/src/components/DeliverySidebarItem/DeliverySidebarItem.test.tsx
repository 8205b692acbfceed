import { screen, waitFor } from '@testing-library/react';
import { SidebarOpenStateProvider } from '@backstage/core-components';
import type { ApprovalList } from 'backstage-plugin-delivery-common';
import { approval, approvalList } from '../../../dev/approvalFixtures';
import {
  failing,
  fakeClient,
  fakeSignals,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DeliverySidebarItem } from './DeliverySidebarItem';

function show(
  approvals: () => Promise<ApprovalList>,
  signals?: ReturnType<typeof fakeSignals>,
) {
  return renderDelivery(
    <SidebarOpenStateProvider
      value={{ isOpen: true, setOpen: () => undefined }}
    >
      <DeliverySidebarItem />
    </SidebarOpenStateProvider>,
    { client: fakeClient({ approvals }), signals },
  );
}

describe('DeliverySidebarItem', () => {
  it('leads to the page and says how many wait for the one who looks', async () => {
    const { client } = show(async () => approvalList([], { count: 2 }));
    const link = await screen.findByRole('link', {
      name: 'Delivery, 2 approvals wait for you',
    });
    expect(link).toHaveAttribute('href', '/delivery');
    expect(link).toHaveTextContent('2');
    expect(client.approvals).toHaveBeenCalledWith(
      expect.objectContaining({ query: { scope: 'mine', limit: 1 } }),
    );
  });

  it('counts anew when there is news', async () => {
    const signals = fakeSignals();
    let count = 1;
    show(async () => approvalList([approval()], { count }), signals);
    await screen.findByRole('link', {
      name: 'Delivery, 1 approval waits for you',
    });
    await waitFor(() => expect(signals.channels()).toContain('delivery:pages'));
    count = 0;
    signals.send('delivery:pages');
    expect(
      await screen.findByRole('link', { name: 'Delivery' }),
    ).toBeInTheDocument();
    expect(screen.queryByRole('img', { name: /wait/ })).toBeNull();
  });

  it.each([
    ['nothing waits, as for a guest', async () => approvalList([])],
    ['asking is refused', failing(403, 'NotAllowedError', 'no')],
    ['there is no backend', failing(404, 'NotFoundError', 'no')],
  ])('shows no number when %s', async (_, approvals) => {
    const { client } = show(approvals);
    expect(
      await screen.findByRole('link', { name: 'Delivery' }),
    ).toBeInTheDocument();
    await waitFor(() => expect(client.approvals).toHaveBeenCalled());
    expect(screen.queryByText(/\d/, { selector: '[role=img]' })).toBeNull();
    expect(screen.queryByRole('link', { name: /wait/ })).toBeNull();
  });
});
