import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  approval,
  approvalDetail,
  approvedOne,
  approvedOperation,
  APPROVAL_ID,
  operation,
  OPERATION_ID,
} from '../../../dev/approvalFixtures';
import { failing } from '../../../dev/testUtils/renderDelivery';
import {
  approve,
  REASON,
  reject,
  showDecision,
  TOKEN,
  writeReason,
} from '../../../dev/testUtils/showDecision';

/** Everything that outlives the click. */
function remembered(api: ReturnType<typeof showDecision>['api']): string {
  return JSON.stringify([
    api.queries
      .getQueryCache()
      .getAll()
      .map(({ queryKey, state }) => [queryKey, state]),
    api.queries
      .getMutationCache()
      .getAll()
      .map(({ state }) => state),
    { ...localStorage },
    { ...sessionStorage },
    document.documentElement.outerHTML,
  ]);
}

describe('deciding', () => {
  it('approves in the own name: token on the click, steps as they happen, outcome with its audit entry', async () => {
    let steps = 1;
    let decided = false;
    const { api, client, scmAuth } = showDecision({
      approval: async () =>
        approvalDetail(
          decided ? { approval: { ...approvedOne, id: APPROVAL_ID } } : {},
        ),
      approvalOperation: async () => {
        if (steps <= 5) {
          steps += 2;
          return operation(steps - 2);
        }
        decided = true;
        return approvedOperation;
      },
    });
    await writeReason();
    expect(scmAuth?.getCredentials).not.toHaveBeenCalled();
    await userEvent.click(await approve());

    expect(
      await screen.findByText('The present state is read'),
    ).toBeInTheDocument();
    expect(scmAuth?.getCredentials).toHaveBeenCalledTimes(1);
    expect(scmAuth?.getCredentials).toHaveBeenCalledWith({
      url: 'https://github.com/vaultex/vaultex',
      additionalScope: { repoWrite: true },
    });
    expect(client.decide).toHaveBeenCalledWith({
      params: { id: APPROVAL_ID },
      body: {
        decision: 'approve',
        comment: REASON,
        viewHash: 'view-1',
        idempotencyKey: expect.stringMatching(/^[A-Za-z0-9-]{16,64}$/),
      },
      userToken: TOKEN,
    });
    expect(await approve()).toHaveAttribute('aria-disabled', 'true');
    expect(await approve()).toHaveAccessibleDescription(
      'A decision is under way.',
    );

    expect(
      await screen.findByText('Audit entry 4711', {}, { timeout: 5_000 }),
    ).toBeInTheDocument();
    expect(
      screen.getByText('GitHub confirmed it: approved by cleo.'),
    ).toBeInTheDocument();
    expect(await screen.findByText('It was approved.')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Reject' })).toBeNull();
    expect(client.approvalOperation.mock.calls[0][0].params).toEqual({
      id: APPROVAL_ID,
      op: OPERATION_ID,
    });
    expect(remembered(api)).not.toContain(TOKEN);
  });

  it('rejects', async () => {
    const { client } = showDecision();
    await writeReason('Not today, the migration locks the table.');
    await userEvent.click(await reject());
    await waitFor(() => expect(client.decide).toHaveBeenCalledTimes(1));
    expect(client.decide.mock.calls[0][0].body).toMatchObject({
      decision: 'reject',
      comment: 'Not today, the migration locks the table.',
    });
  });

  it('sends once when it is clicked twice, and never approve and reject both', async () => {
    const { client, scmAuth } = showDecision({
      approvalOperation: async () => operation(2),
    });
    await writeReason();
    const button = await approve();
    await userEvent.dblClick(button);
    await userEvent.click(await reject());
    await screen.findByText('The present state is read');
    expect(client.decide).toHaveBeenCalledTimes(1);
    expect(scmAuth?.getCredentials).toHaveBeenCalledTimes(1);
  });

  it('has a new key for every click', async () => {
    const { client } = showDecision({
      decide: failing(403, 'NotAllowedError', 'You are not a reviewer.'),
    });
    await writeReason();
    await userEvent.click(await approve());
    expect(
      await screen.findByText('You are not a reviewer.'),
    ).toBeInTheDocument();
    await userEvent.click(await approve());
    await waitFor(() => expect(client.decide).toHaveBeenCalledTimes(2));
    const [first, second] = client.decide.mock.calls.map(
      ([{ body }]) => body.idempotencyKey,
    );
    expect(first).not.toBe(second);
  });

  it('asks to look again when it has changed, says what, and then sends the new view', async () => {
    let calls = 0;
    const { client } = showDecision({
      approval: async () => {
        calls += 1;
        return calls === 1
          ? approvalDetail()
          : approvalDetail({
              viewHash: 'view-2',
              approval: approval({ attempt: 2 }),
            });
      },
      decide: async ({ body }) =>
        body.viewHash === 'view-2'
          ? { operationId: OPERATION_ID }
          : failing(
              409,
              'ConflictError',
              'It changed since you looked: attempt 2.',
              'stale_view',
            )(),
    });
    await writeReason();
    await userEvent.click(await approve());
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('It has changed since you looked');
    expect(alert).toHaveTextContent('It changed since you looked: attempt 2.');
    expect(
      await screen.findByText(
        'The run was started again: it is attempt 2 now.',
      ),
    ).toBeInTheDocument();
    await userEvent.click(await approve());
    expect(client.decide).toHaveBeenCalledTimes(1);
    expect(await approve()).toHaveAccessibleDescription(
      'Look at what has changed first.',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'I have looked again' }),
    );
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.click(await approve());
    await waitFor(() => expect(client.decide).toHaveBeenCalledTimes(2));
    expect(client.decide.mock.calls[1][0].body).toMatchObject({
      viewHash: 'view-2',
      comment: REASON,
    });
  });

  it('asks to look again, too, when the fresh read after the click finds a change', async () => {
    showDecision({
      approvalOperation: async () =>
        operation(1, {
          state: 'refused',
          outcome: {
            code: 'stale_view',
            message: 'Another commit runs there now.',
          },
        }),
    });
    await writeReason();
    await userEvent.click(await approve());
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Another commit runs there now.',
    );
    expect(await approve()).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(
      screen.getByRole('button', { name: 'I have looked again' }),
    );
    expect(await approve()).not.toHaveAttribute('aria-disabled');
  });

  it('does not let a change slip in while somebody reads', async () => {
    let hash = 'view-1';
    const { api, client } = showDecision({
      approval: async () =>
        approvalDetail({
          viewHash: hash,
          policy: [
            { code: 'freeze', state: 'warn', message: 'A freeze begins soon.' },
          ],
        }),
    });
    await writeReason();
    hash = 'view-2';
    await api.queries.refetchQueries();
    expect(
      await screen.findByText(
        'Something that your decision covers is different now.',
      ),
    ).toBeInTheDocument();
    await userEvent.click(await approve());
    await userEvent.click(await reject());
    expect(client.decide).not.toHaveBeenCalled();
  });

  it('takes what the decision itself changed for no surprise', async () => {
    let hash = 'view-1';
    const { api, client } = showDecision({
      approval: async () => approvalDetail({ viewHash: hash }),
    });
    await writeReason();
    hash = 'view-2';
    await userEvent.click(await approve());
    expect(await screen.findByText('Audit entry 4711')).toBeInTheDocument();
    await api.queries.refetchQueries();
    await waitFor(() =>
      expect(client.approval.mock.calls.length).toBeGreaterThan(1),
    );
    expect(screen.queryByRole('alert')).toBeNull();
    expect(await approve()).toHaveAccessibleDescription(
      'The decision was made; the run follows in a moment.',
    );
  });

  it('shows why it was refused after the click, and lets somebody try again', async () => {
    const { client } = showDecision({
      approvalOperation: async () =>
        operation(2, {
          state: 'refused',
          outcome: {
            code: 'would_downgrade',
            message: 'A newer commit is already live.',
            auditSeq: 12,
          },
        }),
    });
    await writeReason();
    await userEvent.click(await approve());
    expect(
      await screen.findByText('Refused: nothing was sent'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('A newer commit is already live.'),
    ).toBeInTheDocument();
    expect(await approve()).not.toHaveAttribute('aria-disabled');
    // What was read may be the reason: it is read again.
    await waitFor(() =>
      expect(client.approval.mock.calls.length).toBeGreaterThan(1),
    );
  });

  it('says that it is not sure when no answer came, and reads again', async () => {
    const { client } = showDecision({
      decide: async () => {
        throw new TypeError('Failed to fetch');
      },
    });
    await writeReason();
    await userEvent.click(await approve());
    expect(await screen.findByText('No answer came')).toBeInTheDocument();
    await waitFor(() => expect(client.approval).toHaveBeenCalledTimes(2));
  });
});
