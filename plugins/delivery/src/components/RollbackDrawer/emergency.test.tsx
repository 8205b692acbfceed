import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { refusedOperation, withEmergency } from '../../../dev/actFixtures';
import {
  fill,
  first,
  REASON,
  showRollback,
  that,
  TOKEN,
} from './__testUtils__/showRollback';
import type { Drawer } from './__testUtils__/showRollback';

describe('a rollback in an emergency', () => {
  const openEmergency = async (drawer: Drawer) => {
    await userEvent.click(drawer.getByRole('button', { name: 'Emergency…' }));
    return within(
      await screen.findByRole('dialog', { name: /past the rules\?$/ }),
    );
  };

  it('is there only for those who may', async () => {
    const { drawer } = await showRollback();
    await first(drawer);
    expect(drawer.queryByRole('button', { name: 'Emergency…' })).toBeNull();
  });

  it('asks a second time, and needs no sign-in at a vendor that may be away', async () => {
    const { client, drawer, scmAuth } = await showRollback(
      that({ ...withEmergency, way: 'refused', message: 'Held by #7.' }),
    );
    await fill(drawer);
    const second = await openEmergency(drawer);
    expect(client.rollback).not.toHaveBeenCalled();
    expect(second.getByText(/goes back to 71be2d0 at once/)).toBeVisible();
    await userEvent.click(second.getByRole('button', { name: 'Leave it' }));
    await waitFor(() =>
      expect(
        screen.queryByRole('dialog', { name: /past the rules\?$/ }),
      ).toBeNull(),
    );
    const again = await openEmergency(drawer);
    await userEvent.click(again.getByRole('button', { name: 'Roll back now' }));
    await waitFor(() => expect(client.rollback).toHaveBeenCalledTimes(1));
    expect(client.rollback.mock.calls[0][0]).toMatchObject({
      body: { way: 'emergency', target: 'd9', comment: REASON },
    });
    expect(client.rollback.mock.calls[0][0].userToken).toBeUndefined();
    expect(scmAuth.getCredentials).not.toHaveBeenCalled();
  });

  it('signs in with the next click when it turns out to start a workflow', async () => {
    const { client, drawer } = await showRollback({
      ...that(withEmergency),
      operation: async () =>
        refusedOperation('user_token_missing', 'Sign in and try again.'),
    });
    await fill(drawer);
    const ask = async () => {
      const second = await openEmergency(drawer);
      await userEvent.click(
        second.getByRole('button', { name: 'Roll back now' }),
      );
    };
    await ask();
    expect(
      await drawer.findByText(/you are then signed in at the vendor/),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(
        screen.queryByRole('dialog', { name: /past the rules\?$/ }),
      ).toBeNull(),
    );
    await ask();
    await waitFor(() => expect(client.rollback).toHaveBeenCalledTimes(2));
    expect(client.rollback.mock.calls[1][0].userToken).toBe(TOKEN);
  });
});
