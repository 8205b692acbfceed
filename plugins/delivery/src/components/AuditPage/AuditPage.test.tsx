import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import { everyFinding, finding, findings } from '../../../dev/actFixtures';
import { HOSTILE } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { AuditPage } from './AuditPage';

const show = (answers: Partial<DeliveryClient> = {}) =>
  renderDelivery(<AuditPage />, { client: fakeClient(answers) });

const open = everyFinding.filter(({ state }) => state === 'open');
const withFindings: Partial<DeliveryClient> = {
  findings: async ({ query }) =>
    findings({ items: query?.state === 'all' ? everyFinding : open }),
};

async function rowOf(id: string) {
  await screen.findByRole('list', { name: 'Findings, newest first' });
  const row = document.querySelector<HTMLElement>(`[data-finding="${id}"]`);
  if (!row) throw new Error(`No finding ${id}`);
  return within(row);
}
const OTHER = 'f'.repeat(24);
const OWN = 'd'.repeat(24);
const review = (row: ReturnType<typeof within>) =>
  row.getByRole('button', { name: /^Looked into it/ });

describe('AuditPage', () => {
  it('has the entries of all services, each with its service', async () => {
    const { client } = show();
    await screen.findByText('entry 4711');
    const table = within(
      screen.getByRole('table', {
        name: 'Entries of the audit, newest first',
      }),
    );
    expect(
      table.getByRole('link', { name: /vaultex-api/ }),
    ).toBeInTheDocument();
    expect(client.audit).not.toHaveBeenCalled();
    expect(client.findings.mock.calls[0][0].query).toEqual({
      entity: undefined,
      state: 'open',
    });
    await expectAccessible();
  });

  it('says it when nothing is open', async () => {
    show();
    expect(await screen.findByText(/^Nothing is open/)).toBeInTheDocument();
  });

  it('lists what is open, with the way to service and run', async () => {
    show(withFindings);
    const row = await rowOf(OTHER);
    expect(row.getByText('glass broken')).toBeInTheDocument();
    expect(
      row.getByText(
        'ravi rolled production back past its rules: payments fail.',
      ),
    ).toBeInTheDocument();
    expect(row.getByRole('link', { name: 'Run' })).toHaveAttribute(
      'href',
      '/delivery/runs/gh.1284',
    );
    expect(row.getByRole('link', { name: /vaultex-api/ })).toBeInTheDocument();
    expect(screen.getByText('no named approver')).toBeInTheDocument();
    expect(screen.queryByText('not protected')).toBeNull();
    await expectAccessible();
  });

  it('shows those that were looked into, by whom and what they found, when asked', async () => {
    show(withFindings);
    await rowOf(OTHER);
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Also those looked into' }),
    );
    expect(await screen.findByText('not protected')).toBeInTheDocument();
    const row = await rowOf('c'.repeat(24));
    expect(
      row.getByText(/^Looked into by user:default\/dana/),
    ).toHaveTextContent('“Reviewers are set now.”');
    expect(row.queryByRole('button')).toBeNull();
    expect(address()).toContain('findings=all');
  });

  it('closes one with a comment, once', async () => {
    let items = open;
    const { client } = show({
      findings: async () => findings({ items }),
      reviewFinding: async ({ params }) => {
        items = items.filter(({ id }) => id !== params.id);
        return finding({ state: 'reviewed' });
      },
    });
    await userEvent.click(review(await rowOf(OTHER)));
    const dialog = within(await screen.findByRole('dialog'));
    const confirm = dialog.getByRole('button', { name: 'Looked into it' });
    expect(confirm).toHaveAttribute(
      'title',
      'Write what you found first, in at least three characters.',
    );
    await userEvent.click(confirm);
    expect(client.reviewFinding).not.toHaveBeenCalled();
    await expectAccessible('[role=dialog]');
    await userEvent.type(
      dialog.getByRole('textbox', { name: /What you found/ }),
      'Right: payments were failing.',
    );
    await userEvent.dblClick(confirm);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() =>
      expect(document.querySelector(`[data-finding="${OTHER}"]`)).toBeNull(),
    );
    expect(client.reviewFinding.mock.calls).toEqual([
      [
        {
          params: { id: OTHER },
          body: { comment: 'Right: payments were failing.' },
        },
      ],
    ]);
  });

  it('does not let the person who caused it close it', async () => {
    const { client } = show(withFindings);
    const button = review(await rowOf(OWN));
    await waitFor(() =>
      expect(button).toHaveAttribute(
        'title',
        'You caused it: somebody else has to look into it.',
      ),
    );
    await userEvent.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(client.reviewFinding).not.toHaveBeenCalled();
  });

  it('says why the backend did not take it, and keeps what was written', async () => {
    show({
      ...withFindings,
      reviewFinding: failing(
        403,
        'NotAllowedError',
        'It takes the permission delivery.approval.decide.',
      ),
    });
    await userEvent.click(review(await rowOf(OTHER)));
    const dialog = within(await screen.findByRole('dialog'));
    const text = dialog.getByRole('textbox', { name: /What you found/ });
    await userEvent.type(text, 'It was right.');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Looked into it' }),
    );
    expect(
      await dialog.findByText(
        'It takes the permission delivery.approval.decide.',
      ),
    ).toBeInTheDocument();
    expect(text).toHaveValue('It was right.');
  });

  it('shows its shape while it loads', async () => {
    show({ findings: pending, auditAll: pending });
    expect(
      await screen.findByRole('status', { name: 'Loading the findings' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('status', { name: 'Loading the audit' }),
    ).toBeInTheDocument();
  });

  it('names the permission when it may not be read', async () => {
    show({
      findings: failing(403, 'NotAllowedError', 'no'),
      auditAll: failing(403, 'NotAllowedError', 'no'),
    });
    await waitFor(() =>
      expect(
        screen.getAllByText(/the permission delivery\.audit\.read/),
      ).toHaveLength(2),
    );
  });

  it('shows hostile texts as text', async () => {
    show({
      findings: async () =>
        findings({
          items: [
            finding({
              kind: 'unknown',
              message: HOSTILE,
              environment: HOSTILE,
              by: HOSTILE,
              state: 'reviewed',
              review: { by: HOSTILE, at: 0, comment: HOSTILE },
            }),
          ],
        }),
    });
    const row = await rowOf(OTHER);
    expect(row.getAllByText(/<script>/).length).toBeGreaterThanOrEqual(4);
    expect(document.querySelector('script')).toBeNull();
  });
});
