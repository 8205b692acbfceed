import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ActOperation, RunDetail } from 'backstage-plugin-delivery-common';
import { approvedOperation, operation } from '../../../dev/approvalFixtures';
import {
  failedRun,
  HOSTILE,
  job,
  movingRun,
  runDetail,
  success,
} from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import { failing, fakeScmAuth } from '../../../dev/testUtils/renderDelivery';
import {
  button,
  dialog,
  failedDetail,
  showActs,
  TOKEN,
} from './__testUtils__/showActs';

describe('acting on a run', () => {
  it('says what will happen, asks for the token on the click, sends once and follows it to its end', async () => {
    const answers: ActOperation[] = [operation(2), approvedOperation];
    const { client, scmAuth } = showActs(failedDetail(), {
      operation: async () => answers.shift() ?? approvedOperation,
    });
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    expect(
      asked.getByText(/run again, as attempt 2/, { exact: false }),
    ).toBeInTheDocument();
    expect(
      asked.getByText(/^It may deploy to .*production/),
    ).toBeInTheDocument();
    await expectAccessible('[role=dialog]');
    expect(scmAuth.getCredentials).not.toHaveBeenCalled();

    await userEvent.type(asked.getByLabelText('Your reason'), 'Flaky network');
    await userEvent.dblClick(
      asked.getByRole('button', { name: 'Re-run all jobs' }),
    );
    expect(await asked.findByText('Audit entry 4711')).toBeInTheDocument();
    expect(scmAuth.getCredentials).toHaveBeenCalledTimes(1);
    expect(client.rerun.mock.calls).toEqual([
      [
        {
          params: { id: failedRun.id },
          userToken: TOKEN,
          body: {
            failedOnly: false,
            attempt: 1,
            comment: 'Flaky network',
            breakGlass: undefined,
            idempotencyKey: expect.stringMatching(/^[A-Za-z0-9-]{16,64}$/),
          },
        },
      ],
    ]);
    expect(asked.queryByRole('button', { name: 'Re-run all jobs' })).toBeNull();
    await userEvent.click(asked.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it.each<[string, string, RunDetail, object]>([
    [
      'Re-run failed',
      'Re-run failed jobs',
      failedDetail(),
      { failedOnly: true, attempt: 1 },
    ],
    ['Cancel', 'Cancel the run', runDetail({ run: movingRun }), { attempt: 1 }],
  ])('sends %s', async (name, confirm, detail, body) => {
    const { client } = showActs(detail);
    await userEvent.click(await button(name));
    await userEvent.click(await button(confirm));
    const sent = name === 'Cancel' ? client.cancel : client.rerun;
    await waitFor(() => expect(sent).toHaveBeenCalledTimes(1));
    expect(sent.mock.calls[0][0]).toMatchObject({ userToken: TOKEN, body });
  });

  it('sends nothing without a token, or with half a word as the reason', async () => {
    const { client } = showActs(
      failedDetail(),
      {},
      fakeScmAuth(new Error('Login failed, popup was closed')),
    );
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    const confirm = asked.getByRole('button', { name: 'Re-run all jobs' });
    await userEvent.type(asked.getByLabelText('Your reason'), 'no');
    expect(confirm).toHaveAttribute(
      'title',
      'Write at least three characters, or nothing.',
    );
    await userEvent.type(asked.getByLabelText('Your reason'), 'w');
    await userEvent.click(confirm);
    expect(
      await asked.findByText(/You were not signed in at GitHub/),
    ).toBeInTheDocument();
    expect(client.rerun).not.toHaveBeenCalled();
  });

  it('sends the same click again after a broken line, another one with a key of its own', async () => {
    const { client } = showActs(failedDetail(), {
      rerun: async () => {
        throw new TypeError('Failed to fetch');
      },
    });
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    const confirm = asked.getByRole('button', { name: 'Re-run all jobs' });
    await userEvent.click(confirm);
    expect(await asked.findByText('No answer came')).toBeInTheDocument();
    await userEvent.click(confirm);
    await waitFor(() => expect(client.rerun).toHaveBeenCalledTimes(2));
    await asked.findByText('No answer came');
    await userEvent.type(asked.getByLabelText('Your reason'), 'Other');
    await userEvent.click(confirm);
    await waitFor(() => expect(client.rerun).toHaveBeenCalledTimes(3));
    const [first, second, third] = client.rerun.mock.calls.map(
      ([{ body }]) => body.idempotencyKey,
    );
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('asks to look again when the run is not as it was seen', async () => {
    const { client } = showActs(failedDetail(), {
      rerun: failing(
        409,
        'ConflictError',
        'Nothing was sent: the run is at attempt 2 now.',
        'stale_view',
      ),
    });
    await userEvent.click(await button('Re-run'));
    const asked = await dialog();
    const confirm = asked.getByRole('button', { name: 'Re-run all jobs' });
    await userEvent.click(confirm);
    expect(
      await asked.findByText('It has changed since you looked'),
    ).toBeInTheDocument();
    await userEvent.click(confirm);
    expect(client.rerun).toHaveBeenCalledTimes(1);
  });

  it('goes on when the dialog is closed, and can be looked at again', async () => {
    showActs(failedDetail(), { operation: async () => operation(1) });
    await userEvent.click(await button('Re-run'));
    await userEvent.click(await button('Re-run all jobs'));
    await screen.findByText('The present state is read');
    await userEvent.click(await button('Close'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(await button('Re-run')).toHaveAttribute(
      'title',
      'Something you began is still under way.',
    );
    await userEvent.click(await button('Show what you began'));
    expect(
      await screen.findByText('The present state is read'),
    ).toBeInTheDocument();
  });

  it('shows hostile names as text', async () => {
    showActs(
      failedDetail({
        jobs: [job({ ...success, environment: HOSTILE })],
      }),
    );
    await userEvent.click(await button('Re-run'));
    expect(
      (await dialog()).getByText(/<script>alert/, { exact: false }),
    ).toBeInTheDocument();
    expect(document.querySelector('script')).toBeNull();
  });
});
