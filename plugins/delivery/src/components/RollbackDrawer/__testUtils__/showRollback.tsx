import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  DeliveryClient,
  RollbackOptions,
} from 'backstage-plugin-delivery-common';
import { rollbackOptions } from '../../../../dev/actFixtures';
import { ENTITY_REF } from '../../../../dev/fixtures';
import {
  fakeClient,
  fakeScmAuth,
  renderDelivery,
} from '../../../../dev/testUtils/renderDelivery';
import { RollbackDrawer } from '../RollbackDrawer';

export const TOKEN = 'gho_canary0000000000000000000000000000';
export const REASON = 'Refunds are rounded wrongly.';

/** The drawer of production, open. */
export async function showRollback(
  answers: Partial<DeliveryClient> = {},
  at = '/?rollback=production',
) {
  const client = fakeClient(answers);
  const scmAuth = fakeScmAuth(TOKEN);
  renderDelivery(<RollbackDrawer entityRef={ENTITY_REF} />, {
    client,
    scmAuth,
    at,
  });
  return {
    client,
    scmAuth,
    drawer: within(await screen.findByRole('dialog')),
  };
}

export const that = (overrides: Partial<RollbackOptions>) => ({
  rollbackOptions: async () => rollbackOptions(overrides),
});
export type Drawer = ReturnType<typeof within>;
export const first = (drawer: Drawer) =>
  drawer.findByRole('radio', { name: /Add idempotency key/ });
export const rollBack = (drawer: Drawer) =>
  drawer.getByRole('button', { name: 'Roll back' });
export async function fill(drawer: Drawer) {
  await userEvent.click(await first(drawer));
  await userEvent.type(
    drawer.getByRole('textbox', { name: /Your reason/ }),
    REASON,
  );
}
