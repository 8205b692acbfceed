import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { MyActs } from 'backstage-plugin-delivery-common';
import { refusedOperation } from '../../../dev/actFixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  button,
  dialog,
  failedDetail,
  mayDo,
  showActs,
} from './__testUtils__/showActs';

describe('breaking the glass', () => {
  const RULE = 'You cannot approve this: you started the run.';
  const refused = (code: string) => ({
    operation: async () => refusedOperation(code, RULE),
  });
  async function rerunRefused(
    code: string,
    may: Partial<MyActs> = {},
  ): Promise<ReturnType<typeof showActs>['client']> {
    const { client } = showActs(failedDetail(), {
      ...refused(code),
      ...mayDo(may),
    });
    await userEvent.click(await button('Re-run'));
    await userEvent.click(await button('Re-run all jobs'));
    await screen.findByText('Refused: nothing was sent');
    return client;
  }

  it('is offered when a rule for production said no; it warns, needs a reason and is one more click', async () => {
    const client = await rerunRefused('self_review');
    await userEvent.click(await button('Break the glass…'));
    const asked = await dialog();
    expect(asked.getByText(/somebody else reviews it later/)).toHaveTextContent(
      RULE,
    );
    const confirm = asked.getByRole('button', {
      name: 'Break the glass: Re-run all jobs',
    });
    expect(confirm).toHaveAttribute(
      'title',
      'Write why first, in at least three characters.',
    );
    await userEvent.click(confirm);
    expect(client.rerun).toHaveBeenCalledTimes(1);
    await expectAccessible('[role=dialog]');

    await userEvent.type(
      asked.getByRole('textbox', { name: /Your reason/ }),
      'Payments fail',
    );
    await userEvent.click(confirm);
    await waitFor(() => expect(client.rerun).toHaveBeenCalledTimes(2));
    const [first, second] = client.rerun.mock.calls.map(([{ body }]) => body);
    expect(first.breakGlass).toBeUndefined();
    expect(second).toMatchObject({
      breakGlass: true,
      comment: 'Payments fail',
    });
    expect(second.idempotencyKey).not.toBe(first.idempotencyKey);
  });

  it('is not offered to those who may not', async () => {
    await rerunRefused('self_review', { breakGlass: { allowed: false } });
    expect(
      screen.queryByRole('button', { name: 'Break the glass…' }),
    ).toBeNull();
  });

  it('does not help against what is no rule of production', async () => {
    await rerunRefused('identity_mismatch');
    expect(
      screen.queryByRole('button', { name: 'Break the glass…' }),
    ).toBeNull();
  });
});
