import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { RollbackOptions } from 'backstage-plugin-delivery-common';
import { rollbackOptions } from '../../../dev/actFixtures';
import { operation } from '../../../dev/approvalFixtures';
import { commit } from '../../../dev/environmentFixtures';
import { HOSTILE } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  pending,
} from '../../../dev/testUtils/renderDelivery';
import {
  fill,
  first,
  REASON,
  rollBack,
  showRollback,
  that,
  TOKEN,
} from './__testUtils__/showRollback';

describe('RollbackDrawer', () => {
  it('shows what runs, how it would go back, and to what, with its checks', async () => {
    const { drawer } = await showRollback();
    const target = await first(drawer);
    expect(
      drawer.getByText(
        'The workflow rollback.yml is started with the chosen commit.',
      ),
    ).toBeInTheDocument();
    expect(drawer.getByText('Fix rounding in refunds')).toBeInTheDocument();
    expect(target).toHaveAccessibleDescription(
      /ran 4h 00m · by ravi · approved by cleo/,
    );
    expect(drawer.getByText('The image still exists.')).toBeInTheDocument();
    expect(
      drawer.getByText('Database and configuration are not rolled back'),
    ).toBeInTheDocument();
    const impossible = drawer.getByRole('radio', { name: /Cache FX rates/ });
    expect(impossible).toBeDisabled();
    expect(impossible).toHaveAccessibleDescription(
      /Cannot be chosen: a check failed\. failed ?The image is no longer in the registry\./,
    );
    await expectAccessible('[role=dialog]');
  });

  it('rolls back once, with the token of the click, what was chosen, why, and what was seen', async () => {
    const { client, drawer, scmAuth } = await showRollback();
    await first(drawer);
    expect(rollBack(drawer)).toHaveAccessibleDescription(
      'Choose what to go back to first.',
    );
    await userEvent.click(await first(drawer));
    expect(rollBack(drawer)).toHaveAccessibleDescription(
      'Write why first, in at least three characters.',
    );
    await userEvent.click(rollBack(drawer));
    expect(client.rollback).not.toHaveBeenCalled();
    expect(scmAuth.getCredentials).not.toHaveBeenCalled();
    await userEvent.type(
      drawer.getByRole('textbox', { name: /Your reason/ }),
      REASON,
    );
    await userEvent.dblClick(rollBack(drawer));
    expect(await drawer.findByText('Audit entry 4711')).toBeInTheDocument();
    expect(client.rollback.mock.calls).toEqual([
      [
        {
          params: {
            kind: 'component',
            namespace: 'default',
            name: 'vaultex-api',
            environment: 'production',
          },
          userToken: TOKEN,
          body: {
            way: 'normal',
            target: 'd9',
            comment: REASON,
            viewHash: 'view-1',
            idempotencyKey: expect.stringMatching(/^[A-Za-z0-9-]{16,64}$/),
          },
        },
      ],
    ]);
  });

  it('asks for no token where no workflow is started, and takes the only target', async () => {
    const { client, drawer, scmAuth } = await showRollback(
      that({ way: 'stop_deployment', message: 'Stops the rollout.' }),
    );
    expect(await first(drawer)).toBeChecked();
    await userEvent.type(
      drawer.getByRole('textbox', { name: /Your reason/ }),
      REASON,
    );
    await userEvent.click(rollBack(drawer));
    await waitFor(() => expect(client.rollback).toHaveBeenCalledTimes(1));
    expect(client.rollback.mock.calls[0][0].userToken).toBeUndefined();
    expect(scmAuth.getCredentials).not.toHaveBeenCalled();
  });

  it('comes with the deployment of the history, and says when it is gone', async () => {
    const { drawer } = await showRollback(
      {},
      '/?rollback=production&rollbackTo=d9',
    );
    expect(await first(drawer)).toBeChecked();
  });

  it.each(['d7', 'unheard'])(
    'does not take %s, which cannot be gone back to',
    async target => {
      const { drawer } = await showRollback(
        {},
        `/?rollback=production&rollbackTo=${target}`,
      );
      expect(await first(drawer)).not.toBeChecked();
      expect(drawer.queryByRole('radio', { checked: true })).toBeNull();
      expect(
        drawer.queryAllByText(/none that can be gone back to/),
      ).toHaveLength(target === 'unheard' ? 1 : 0);
    },
  );

  it.each<[Partial<RollbackOptions>, string]>([
    [
      { way: 'refused', message: 'Add rollback.yml to the repository.' },
      'Add rollback.yml to the repository.',
    ],
    [
      {
        you: {
          allowed: false,
          reason: {
            code: 'x',
            message: 'It takes delivery.deployment.rollback.',
          },
        },
      },
      'It takes delivery.deployment.rollback.',
    ],
    [
      { way: 'unknown', message: '' },
      'This page does not know how it would go back',
    ],
  ])('says why it cannot be done (%#)', async (overrides, reason) => {
    const { client, drawer } = await showRollback(that(overrides));
    await fill(drawer);
    expect(rollBack(drawer)).toHaveAccessibleDescription(reason);
    await userEvent.click(rollBack(drawer));
    expect(client.rollback).not.toHaveBeenCalled();
  });

  it('reads again what has changed, and rolls back only what was looked at', async () => {
    let hash = 'view-1';
    let refuse = true;
    const stale = failing(
      409,
      'ConflictError',
      'Nothing was sent: another version runs there now.',
      'stale_view',
    );
    const { client, drawer } = await showRollback({
      rollbackOptions: async () => rollbackOptions({ viewHash: hash }),
      rollback: async () => {
        if (!refuse) return { operationId: operation(0).id };
        hash = 'view-2';
        return stale();
      },
    });
    await fill(drawer);
    await userEvent.click(rollBack(drawer));
    expect(
      await drawer.findByText('It has changed since you looked'),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(client.rollbackOptions).toHaveBeenCalledTimes(2),
    );
    await userEvent.click(rollBack(drawer));
    expect(client.rollback).toHaveBeenCalledTimes(1);
    refuse = false;
    await userEvent.click(
      drawer.getByRole('button', { name: 'I have looked again' }),
    );
    await userEvent.click(rollBack(drawer));
    await waitFor(() => expect(client.rollback).toHaveBeenCalledTimes(2));
    expect(client.rollback.mock.calls[1][0].body.viewHash).toBe('view-2');
  });

  it('asks to look again when the answer changes by itself', async () => {
    let hash = 'view-1';
    const { client, drawer } = await showRollback({
      rollbackOptions: async () => rollbackOptions({ viewHash: hash }),
      rollback: failing(
        409,
        'ConflictError',
        'Somebody is at it.',
        'act_in_progress',
      ),
    });
    await fill(drawer);
    hash = 'view-2';
    await userEvent.click(rollBack(drawer));
    expect(await drawer.findByText('Somebody is at it.')).toBeInTheDocument();
    expect(
      await drawer.findByText('It has changed since you looked'),
    ).toBeInTheDocument();
    expect(client.rollback).toHaveBeenCalledTimes(1);
  });

  it('shows its shape while it loads, and the error with the way out', async () => {
    const { drawer } = await showRollback({ rollbackOptions: pending });
    expect(
      await drawer.findByRole('status', {
        name: 'Loading what it can go back to',
      }),
    ).toBeInTheDocument();
    await expectAccessible('[role=dialog]');
  });

  it('shows the error, and closes', async () => {
    const { drawer } = await showRollback({
      rollbackOptions: failing(404, 'NotFoundError', 'No such environment.'),
    });
    expect(await drawer.findByText('No such environment.')).toBeInTheDocument();
    await userEvent.click(drawer.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(address()).toBe('/');
  });

  it('says what else helps when there is nothing to go back to', async () => {
    const { drawer } = await showRollback(that({ targets: [] }));
    expect(
      await drawer.findByText('Nothing to go back to'),
    ).toBeInTheDocument();
    expect(drawer.queryByRole('button', { name: 'Roll back' })).toBeNull();
  });

  it('shows hostile texts as text', async () => {
    const [target] = rollbackOptions().targets;
    const { drawer } = await showRollback(
      that({
        message: HOSTILE,
        targets: [
          {
            ...target,
            commit: commit({ title: HOSTILE }),
            by: HOSTILE,
            checks: [{ code: 'x', state: 'warn', message: HOSTILE }],
          },
        ],
      }),
    );
    await drawer.findByRole('radio');
    expect(drawer.getAllByText(/<script>/).length).toBeGreaterThanOrEqual(3);
    expect(document.querySelector('script')).toBeNull();
  });
});
