import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ApprovalList } from 'backstage-plugin-delivery-common';
import {
  approval,
  approvalList,
  APPROVAL_ID,
  everyApproval,
} from '../../../dev/approvalFixtures';
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
import { DeliveryPage } from '../DeliveryPage/DeliveryPage';

jest.setTimeout(30_000);

function show(
  answer: (scope: string | undefined) => Promise<ApprovalList>,
  options: { at?: string; signals?: ReturnType<typeof fakeSignals> } = {},
) {
  return renderDelivery(<DeliveryPage />, {
    client: fakeClient({ approvals: ({ query }) => answer(query?.scope) }),
    path: '/delivery/*',
    at: options.at ?? '/delivery/approvals',
    signals: options.signals,
  });
}

const rows = async () =>
  within(await screen.findByRole('list', { name: 'Approvals' }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);

describe('ApprovalsPage', () => {
  it('lists what waits for me: where, what, who asked, since when, until when', async () => {
    const { client } = show(async () => approvalList());
    expect(await rows()).toEqual([
      expect.stringMatching(
        /^waitingproduction.*vaultex-api.*9f31c07Fix rounding in refundsrun #1287asked by danawaiting for 6m \d\dsexpires in 28d 23h|29d 0h/,
      ),
    ]);
    expect(client.approvals).toHaveBeenCalledWith(
      expect.objectContaining({
        query: expect.objectContaining({ scope: 'mine' }),
      }),
    );
    await expectAccessible();
  });

  it('shows all and the decided ones, and keeps the choice in the address', async () => {
    show(async scope =>
      approvalList(scope === 'decided' ? everyApproval : [approval()]),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Decided' }),
    );
    await waitFor(async () => expect(await rows()).toHaveLength(6));
    expect(address()).toBe('/delivery/approvals?show=decided');
    expect(await rows()).toEqual([
      expect.stringMatching(
        /^approved.*approved by cleo 2 h ago · “Refunds are checked/,
      ),
      expect.stringMatching(/^rejected.*rejected by ravi 3 h ago/),
      expect.stringMatching(/^cancelled.*The run was cancelled/),
      expect.stringMatching(/^superseded.*attempt 2/),
      expect.stringMatching(/^expired.*Nobody decided in time/),
      expect.stringMatching(/^unknown.*is not known/),
    ]);
    await expectAccessible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Waiting for me' }),
    );
    expect(address()).toBe('/delivery/approvals');
  });

  it('opens an approval in the address, from a row and from a link', async () => {
    const first = show(async () => approvalList());
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Review 9f31c07 for production',
      }),
    );
    expect(address()).toBe(`/delivery/approvals?approval=${APPROVAL_ID}`);
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(
      await within(dialog).findByRole('button', { name: 'Close' }),
    );
    expect(address()).toBe('/delivery/approvals');
    first.unmount();
    show(async () => approvalList([]), {
      at: `/delivery/approvals?approval=${APPROVAL_ID}`,
    });
    expect(
      await screen.findByRole('heading', {
        name: 'Approve 9f31c07 to production?',
      }),
    ).toBeInTheDocument();
  });

  it('opens nothing for an address that is no approval', async () => {
    const { client } = show(async () => approvalList(), {
      at: '/delivery/approvals?approval=..%2F..%2Fruns',
    });
    await rows();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(client.approval).not.toHaveBeenCalled();
  });

  it('counts on its tab what waits for me, beside the other pages', async () => {
    show(async () => approvalList([approval()], { count: 3 }), {
      at: '/delivery',
    });
    const tabs = within(
      await screen.findByRole('navigation', { name: 'Pages of delivery' }),
    );
    expect(
      await tabs.findByRole('img', { name: '3 approvals wait for you' }),
    ).toHaveTextContent('3');
    expect(tabs.getByRole('link', { name: 'Matrix' })).toHaveAttribute(
      'aria-current',
      'page',
    );
    await userEvent.click(tabs.getByRole('link', { name: /^Approvals/ }));
    expect(address()).toBe('/delivery/approvals');
    expect(await rows()).toHaveLength(1);
    expect(screen.getByRole('link', { name: /^Approvals/ })).toHaveAttribute(
      'aria-current',
      'page',
    );
  });

  it('shows more on request', async () => {
    const client = fakeClient({
      approvals: async ({ query }) =>
        query?.cursor
          ? approvalList([approval({ id: 'f'.repeat(24), runNumber: 2 })])
          : approvalList([approval()], { nextCursor: 'next' }),
    });
    renderDelivery(<DeliveryPage />, {
      client,
      path: '/delivery/*',
      at: '/delivery/approvals',
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show more' }),
    );
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('hears of news', async () => {
    const signals = fakeSignals();
    let items = [approval()];
    show(async () => approvalList(items), { signals });
    expect(await rows()).toHaveLength(1);
    await waitFor(() => expect(signals.channels()).toContain('delivery:pages'));
    items = [approval(), approval({ id: 'e'.repeat(24) })];
    signals.send('delivery:pages');
    await waitFor(async () => expect(await rows()).toHaveLength(2));
  });

  it.each([
    ['', 'Nothing waits for you'],
    ['?show=waiting', 'Nothing waits for a decision'],
    ['?show=decided', 'Nothing was decided yet'],
    ['?show=nonsense', 'Nothing waits for you'],
  ])('says why there is nothing (%s)', async (search, words) => {
    show(async () => approvalList([]), { at: `/delivery/approvals${search}` });
    expect(await screen.findByText(words)).toBeInTheDocument();
    await expectAccessible();
  });

  it('waits in its own shape, and says what went wrong', async () => {
    const first = show(pending);
    expect(
      await screen.findByRole('status', { name: 'Loading approvals' }),
    ).toBeInTheDocument();
    first.unmount();
    const second = show(failing(403, 'NotAllowedError', 'no'));
    expect(await screen.findByText(/delivery\.run\.read/)).toBeInTheDocument();
    second.unmount();
    let calls = 0;
    const { api } = show(async () => {
      calls += 1;
      return calls <= 2
        ? approvalList()
        : failing(503, 'Busy', 'GitHub asks to wait.')();
    });
    await rows();
    await api.queries.refetchQueries();
    expect(
      await screen.findByText(/could not be refreshed: GitHub asks to wait/),
    ).toBeInTheDocument();
    expect(await rows()).toHaveLength(1);
  });

  it('shows hostile texts as text', async () => {
    show(async () =>
      approvalList([
        approval({
          title: HOSTILE,
          environment: HOSTILE,
          requestedBy: { login: HOSTILE },
          services: [],
        }),
      ]),
    );
    await rows();
    expect(document.querySelector('script, iframe')).toBeNull();
    expect(document.body.textContent).not.toContain('\u202E');
  });
});
