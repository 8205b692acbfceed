import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  approval,
  approvedOne,
  APPROVAL_ID,
} from '../../../dev/approvalFixtures';
import { overview, runDetail } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  fakeClient,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DeliveryCard } from '../DeliveryCard/DeliveryCard';
import { DeliveryContent } from '../DeliveryContent';
import { RunPage } from '../RunPage/RunPage';
import { ApprovalCard } from './ApprovalCard';

jest.setTimeout(30_000);

const withApproval = () =>
  fakeClient({ overview: async () => overview({ approvals: [approval()] }) });

describe('what waits, on the pages of a service', () => {
  it('stands above the parts of the tab, and opens the drawer in place', async () => {
    const { client } = renderDelivery(<DeliveryContent />, {
      client: withApproval(),
    });
    const list = await screen.findByRole('list', { name: 'Approvals' });
    expect(list).toHaveTextContent(
      /waitingproduction9f31c07Fix rounding in refundsrun #1287asked by danawaiting for/,
    );
    await expectAccessible();
    await userEvent.click(
      within(list).getByRole('button', {
        name: 'Review 9f31c07 for production',
      }),
    );
    expect(
      await screen.findByRole('heading', {
        name: 'Approve 9f31c07 to production?',
      }),
    ).toBeInTheDocument();
    expect(address()).toBe(`/?approval=${APPROVAL_ID}`);
    expect(client.approval).toHaveBeenCalledWith(
      expect.objectContaining({ params: { id: APPROVAL_ID } }),
    );
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(address()).toBe('/');
  });

  it('is absent when nothing waits', async () => {
    const { client } = renderDelivery(
      <>
        <ApprovalCard />
      </>,
    );
    await waitFor(() => expect(client.overview).toHaveBeenCalled());
    expect(screen.getByTestId('root')).toBeEmptyDOMElement();
  });

  it('is one line of the card, which leads to the drawer', async () => {
    renderDelivery(<DeliveryCard />, { client: withApproval() });
    expect(
      await screen.findByRole('link', {
        name: 'production waits for approval',
      }),
    ).toHaveAttribute('href', `/delivery?approval=${APPROVAL_ID}`);
    await expectAccessible();
  });

  it('is listed on the page of the run, the decided ones, too', async () => {
    renderDelivery(<RunPage />, {
      client: fakeClient({
        run: async () =>
          runDetail({ approvals: [approval({ attempt: 2 }), approvedOne] }),
      }),
      path: '/delivery/runs/:id',
      at: '/delivery/runs/gh.1287',
    });
    const part = within(
      await screen.findByRole('region', { name: 'Approvals' }),
    );
    expect(
      part.getAllByRole('listitem').map(({ textContent }) => textContent),
    ).toEqual([
      expect.stringMatching(/^waitingproduction.*attempt 2asked by dana/),
      expect.stringMatching(/^approvedproduction.*approved by cleo/),
    ]);
    await userEvent.click(part.getAllByRole('button')[0]);
    expect(await screen.findByRole('dialog')).toBeInTheDocument();
    expect(address()).toBe(`/delivery/runs/gh.1287?approval=${APPROVAL_ID}`);
  });
});
