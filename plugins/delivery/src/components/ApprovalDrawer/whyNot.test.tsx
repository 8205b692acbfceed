import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { approvalDetail, APPROVAL_ID } from '../../../dev/approvalFixtures';
import {
  fakeClient,
  fakeScmAuth,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import {
  approve,
  reject,
  showDecision,
  writeReason,
} from '../../../dev/testUtils/showDecision';
import { ApprovalDrawer } from './ApprovalDrawer';

const detailThat = (overrides: Partial<ApprovalDetail>) => ({
  approval: async () => approvalDetail(overrides),
});

describe('what stops a decision', () => {
  it.each([
    ['no sign-in', undefined, /This portal cannot sign you in at GitHub/],
    [
      'declined',
      fakeScmAuth(
        Object.assign(new Error('Login failed, rejected by user'), {
          name: 'RejectedError',
        }),
      ),
      /You were not signed in at GitHub, so nothing was sent/,
    ],
    [
      'broken',
      fakeScmAuth(new Error('No auth provider for github.com')),
      /did not work, so nothing was sent: No auth provider/,
    ],
  ])('sends nothing without a token: %s', async (_, scmAuth, words) => {
    const client = fakeClient();
    renderDelivery(
      <ApprovalDrawer id={APPROVAL_ID} onClose={() => undefined} />,
      { client, scmAuth },
    );
    await writeReason();
    await userEvent.click(await approve());
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(client.decide).not.toHaveBeenCalled();
    expect(await approve()).not.toHaveAttribute('aria-disabled');
  });

  it('carries the reason why a button is off', async () => {
    const { client } = showDecision();
    const button = await approve();
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAccessibleDescription(/Write why first/);
    expect(button).toHaveAttribute('title', expect.stringMatching(/Write why/));
    expect(screen.getByText(/Write why first/)).toBeVisible();
    await userEvent.click(button);
    await writeReason('  a ');
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await writeReason('bc');
    expect(button).not.toHaveAttribute('aria-disabled');
    expect(client.decide).not.toHaveBeenCalled();
  });

  it('says who may not, and why', async () => {
    showDecision(
      detailThat({
        you: {
          allowed: false,
          reason: { code: 'self_review', message: 'You started this run.' },
        },
      }),
    );
    await writeReason();
    for (const button of [await approve(), await reject()]) {
      expect(button).toHaveAttribute('aria-disabled', 'true');
      expect(button).toHaveAccessibleDescription('You started this run.');
    }
  });

  it('stops only approving when a rule says no', async () => {
    showDecision(
      detailThat({
        policy: [
          {
            code: 'freeze',
            state: 'fail',
            message: 'A freeze window is open.',
          },
        ],
      }),
    );
    await writeReason();
    expect(await approve()).toHaveAccessibleDescription(
      'A rule says no: A freeze window is open.',
    );
    expect(await approve()).toHaveAttribute('aria-disabled', 'true');
    expect(await reject()).not.toHaveAttribute('aria-disabled');
  });
});
