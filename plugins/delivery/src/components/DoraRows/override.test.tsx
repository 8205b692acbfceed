import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { doraReport } from '../../../dev/doraFixtures';
import {
  deploymentRow,
  doraRows,
  evidence,
} from '../../../dev/doraRowFixtures';
import { ENTITY_REF } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import { failing, pending } from '../../../dev/testUtils/renderDelivery';
import { rowOf, showDora } from '../DoraPanel/__testUtils__/showDora';

const AT = { at: '/?metric=change_fail_rate' };

const ask = async (id: string, name: RegExp) => {
  await userEvent.click((await rowOf(id)).getByRole('button', { name }));
  return within(await screen.findByRole('dialog'));
};
const reasonOf = (dialog: ReturnType<typeof within>) =>
  dialog.getByRole('textbox', { name: /Why/ });

describe('the word of a person about a deployment', () => {
  it('is written down with its reason, once, and everything is read again', async () => {
    const { client } = showDora({}, AT);
    const dialog = await ask('d0', /^Mark as not failed… 0b7ee31 #1285/);
    const confirm = dialog.getByRole('button', { name: 'Mark as not failed' });
    expect(confirm).toHaveAttribute(
      'title',
      'Say why first, in at least three characters.',
    );
    await userEvent.click(confirm);
    expect(client.doraOverride).not.toHaveBeenCalled();
    await expectAccessible('[role=dialog]');
    await userEvent.type(reasonOf(dialog), '  The smoke test was broken. ');
    const reads = [
      client.dora.mock.calls.length,
      client.doraRows.mock.calls.length,
    ];
    await userEvent.dblClick(confirm);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(client.doraOverride.mock.calls).toEqual([
      [
        {
          params: {},
          body: {
            entityRef: ENTITY_REF,
            deploymentId: 'd0',
            verdict: 'not_failed',
            reason: 'The smoke test was broken.',
          },
        },
      ],
    ]);
    expect(
      await screen.findByText('Written down: entry 4712 of the audit.'),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect([
        client.dora.mock.calls.length,
        client.doraRows.mock.calls.length,
      ]).toEqual(reads.map(n => n + 1)),
    );
  });

  it('can say that a deployment failed that nothing speaks against', async () => {
    const { client } = showDora({}, AT);
    const dialog = await ask('d12', /^Mark as failed…/);
    await userEvent.type(reasonOf(dialog), 'Refunds were wrong for an hour');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Mark as failed' }),
    );
    await waitFor(() =>
      expect(client.doraOverride.mock.lastCall?.[0].body).toMatchObject({
        deploymentId: 'd12',
        verdict: 'failed',
      }),
    );
  });

  it('is shown with name and reason, and can be taken back', async () => {
    const { client } = showDora(
      {
        doraRows: async () =>
          doraRows(
            'change_fail_rate',
            {},
            {
              deployments: [
                deploymentRow(0, {
                  failed: false,
                  evidence: [
                    evidence({
                      code: 'marked_not_failed',
                      text: 'Marked as not failed',
                      by: 'user:default/cleo',
                      reason: 'The smoke test was broken.',
                    }),
                    evidence(),
                  ],
                }),
              ],
            },
          ),
      },
      AT,
    );
    const row = await rowOf('d0');
    expect(
      row.getByText('marked as not failed').parentElement,
    ).toHaveTextContent('by user:default/cleo · The smoke test was broken.');
    const dialog = await ask('d0', /^Take back…/);
    await userEvent.type(reasonOf(dialog), 'It was right after all');
    await userEvent.click(dialog.getByRole('button', { name: 'Take back' }));
    await waitFor(() =>
      expect(client.doraOverride.mock.lastCall?.[0].body.verdict).toBe('clear'),
    );
  });

  it('keeps what was written when the backend does not take it', async () => {
    showDora(
      {
        doraOverride: failing(
          403,
          'NotAllowedError',
          'It takes the permission delivery.dora.override.',
        ),
      },
      AT,
    );
    const dialog = await ask('d0', /^Mark as not failed…/);
    await userEvent.type(reasonOf(dialog), 'It was fine');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Mark as not failed' }),
    );
    expect(await dialog.findByRole('alert')).toHaveTextContent(
      'It takes the permission delivery.dora.override.',
    );
    expect(reasonOf(dialog)).toHaveValue('It was fine');
    expect(screen.queryByText(/Written down/)).toBeNull();
  });

  it('says that it is on its way', async () => {
    const { client } = showDora({ doraOverride: pending }, AT);
    const dialog = await ask('d0', /^Mark as not failed…/);
    await userEvent.type(reasonOf(dialog), 'It was fine');
    const confirm = dialog.getByRole('button', { name: 'Mark as not failed' });
    await userEvent.click(confirm);
    await waitFor(() =>
      expect(confirm).toHaveAttribute('title', 'It is on its way.'),
    );
    await userEvent.click(confirm);
    expect(client.doraOverride).toHaveBeenCalledTimes(1);
  });

  it('is not for everybody: the button says which permission it takes', async () => {
    const { client } = showDora(
      { dora: async () => doraReport({ mayOverride: false }) },
      AT,
    );
    const button = (await rowOf('d0')).getByRole('button', {
      name: /^Mark as not failed…/,
    });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAttribute(
      'title',
      'It takes the permission delivery.dora.override for this service.',
    );
    await userEvent.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(client.doraOverride).not.toHaveBeenCalled();
  });

  it('is only about whether it failed', async () => {
    showDora({}, { at: '/?metric=deployment_frequency' });
    expect((await rowOf('d0')).queryByRole('button')).toBeNull();
  });
});
