import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import { myActs } from '../../../dev/approvalFixtures';
import {
  commit,
  deployment,
  environments,
  four,
  history,
  oldCommit,
} from '../../../dev/environmentFixtures';
import { NOW } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  fakeClient,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { EnvironmentsPanel } from '../EnvironmentsPanel';

const row = (id: string, current: boolean, ranHealthy: boolean) => ({
  id,
  kind: 'deployment' as const,
  at: NOW,
  current,
  deployment: deployment({
    id,
    commit: id === 'd9' ? oldCommit : commit(),
    ranHealthy,
  }),
});

const items = [
  row('d1', true, true),
  row('d5', false, false),
  row('d9', false, true),
];

function show(answers: Partial<DeliveryClient> = {}) {
  return renderDelivery(<EnvironmentsPanel />, {
    client: fakeClient({
      environments: async () => environments({ items: four }),
      history: async () => history({ items }),
      ...answers,
    }),
    at: '/?environment=production',
  });
}

const ways = () => screen.findAllByRole('button', { name: /^Roll back to/ });

describe('ways to a rollback', () => {
  it('stand on rows that ran healthy and do not run now, and open with what was chosen', async () => {
    show();
    const found = await ways();
    expect(
      found.map(button =>
        button.closest('[data-history]')?.getAttribute('data-history'),
      ),
    ).toEqual(['d9']);
    await userEvent.click(found[0]);
    expect(address()).toContain('rollback=production&rollbackTo=d9');
    const drawer = within(
      await screen.findByRole('dialog', { name: 'Roll back production' }),
    );
    expect(
      await drawer.findByRole('radio', { name: /Add idempotency key/ }),
    ).toBeChecked();
  });

  it('say why they are off', async () => {
    show({
      myActs: async () =>
        myActs({
          rollback: {
            allowed: false,
            reason: { code: 'x', message: 'A guest cannot act.' },
          },
        }),
    });
    const [button] = await ways();
    expect(button).toHaveAttribute('title', 'A guest cannot act.');
    await userEvent.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('are absent where nobody can act', async () => {
    const { client } = show({
      myActs: async () => myActs({ repositoryUrl: undefined }),
    });
    await screen.findAllByText('ran healthy', { exact: false });
    await waitFor(() => expect(client.myActs).toHaveBeenCalled());
    expect(screen.queryByRole('button', { name: /^Roll back to/ })).toBeNull();
    expect(screen.queryByText('Danger zone')).toBeNull();
  });

  it('are in the danger zone, too, folded again when another environment is chosen', async () => {
    show();
    const fold = await screen.findByText(
      'Show what changes production at once',
    );
    expect(fold.closest('details')).not.toHaveAttribute('open');
    await userEvent.click(fold);
    expect(fold.closest('details')).toHaveAttribute('open');
    await expectAccessible();
    await userEvent.click(
      await screen.findByRole('button', { name: /^staging/ }),
    );
    const other = await screen.findByText('Show what changes staging at once');
    expect(other.closest('details')).not.toHaveAttribute('open');
    await userEvent.click(other);
    await userEvent.click(screen.getByRole('button', { name: 'Roll back…' }));
    expect(
      await screen.findByRole('dialog', { name: 'Roll back staging' }),
    ).toBeInTheDocument();
  });
});
