import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import { ApprovalDrawer } from '../../src/components/ApprovalDrawer';
import { APPROVAL_ID } from '../approvalFixtures';
import { fakeClient, fakeScmAuth, renderDelivery } from './renderDelivery';

/** Of the person; must be found nowhere afterwards. */
export const TOKEN = 'gho_canary0000000000000000000000000000';
export const REASON = 'Fix confirmed with merchant support.';

/** The drawer of one approval, with somebody who can sign in at the vendor. */
export function showDecision(
  answers: Partial<DeliveryClient> = {},
  scmAuth: ReturnType<typeof fakeScmAuth> | undefined = fakeScmAuth(TOKEN),
): ReturnType<typeof renderDelivery> & {
  client: ReturnType<typeof fakeClient>;
  scmAuth: ReturnType<typeof fakeScmAuth> | undefined;
} {
  const client = fakeClient(answers);
  const view = renderDelivery(
    <ApprovalDrawer id={APPROVAL_ID} onClose={() => undefined} />,
    { client, scmAuth },
  );
  return { ...view, client, scmAuth };
}

export const approve = () =>
  screen.findByRole('button', { name: 'Approve production' });
export const reject = () => screen.findByRole('button', { name: 'Reject' });
export const writeReason = async (text = REASON) =>
  userEvent.type(await screen.findByRole('textbox'), text);
