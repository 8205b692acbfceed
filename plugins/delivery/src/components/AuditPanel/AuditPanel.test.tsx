import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import {
  auditItem,
  auditList,
  everyEntry,
  finding,
  findings,
} from '../../../dev/actFixtures';
import { entity, ENTITY_REF, HOSTILE } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { AuditPanel } from './AuditPanel';

type Options = Parameters<typeof renderDelivery>[1];
const show = (answers: Partial<DeliveryClient> = {}, options: Options = {}) =>
  renderDelivery(<AuditPanel />, {
    client: fakeClient(answers),
    ...options,
  });

async function rowOf(seq: number) {
  // Also the grey shape before the first answer is a table.
  await screen.findByText(`entry ${seq}`);
  const row = document.querySelector<HTMLElement>(`[data-audit="${seq}"]`);
  if (!row) throw new Error(`No entry ${seq}`);
  return within(row);
}

/** What the browser was given to keep. */
function downloads() {
  const saved: { name: string; file: Blob }[] = [];
  let last: Blob | undefined;
  URL.createObjectURL = jest.fn((file: Blob) => {
    last = file;
    return 'blob:1';
  });
  URL.revokeObjectURL = jest.fn();
  jest
    .spyOn(HTMLAnchorElement.prototype, 'click')
    .mockImplementation(function click(this: HTMLAnchorElement) {
      if (last) saved.push({ name: this.download, file: last });
    });
  return saved;
}

describe('AuditPanel', () => {
  it('tells who did what, where, why, and how it ended', async () => {
    const { client } = show({
      audit: async () => auditList({ items: everyEntry }),
    });
    const done = await rowOf(4715);
    expect(done.getByText('approve')).toBeInTheDocument();
    expect(done.getByText('succeeded')).toBeInTheDocument();
    expect(done.getByText('as cleo')).toBeInTheDocument();
    expect(done.getByRole('link', { name: /cleo/ })).toBeInTheDocument();
    expect(done.getByText('production')).toBeInTheDocument();
    expect(done.getByRole('link', { name: 'Run' })).toHaveAttribute(
      'href',
      '/delivery/runs/gh.1284',
    );
    expect(
      done.getByText('“Refunds are checked with merchant support.”'),
    ).toBeInTheDocument();
    const refused = await rowOf(4714);
    expect(refused.getByText('refused')).toBeInTheDocument();
    expect(
      refused.getByText('You cannot approve this: you started the run.'),
    ).toBeInTheDocument();
    expect(
      (await rowOf(4711)).getByText('configuration changed'),
    ).toBeInTheDocument();
    expect(client.audit.mock.calls[0][0]).toMatchObject({
      params: { kind: 'component', namespace: 'default', name: 'vaultex-api' },
      query: { limit: 50 },
    });
    await expectAccessible();
  });

  it('shows a word it does not know as it is, and never as a success', async () => {
    show({
      audit: async () =>
        auditList({
          items: [auditItem({ action: 'teleport', phase: 'unknown' })],
        }),
    });
    const row = await rowOf(4711);
    expect(row.getByText('teleport')).toBeInTheDocument();
    expect(row.queryByText('succeeded')).toBeNull();
  });

  it('narrows by what the address says, and writes what is chosen into it', async () => {
    const { client } = show(
      {},
      { at: '/?auditAction=rollback&auditPhase=refused&environment=dev' },
    );
    await rowOf(4711);
    expect(client.audit.mock.calls[0][0].query).toMatchObject({
      action: 'rollback',
      phase: 'refused',
      // The environments beside it have a choice of their own.
      environment: undefined,
    });
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'How it ended' }),
      'failed',
    );
    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Environment' }),
      'prod/eu',
    );
    await waitFor(() =>
      expect(client.audit.mock.lastCall?.[0].query).toMatchObject({
        phase: 'failed',
        environment: 'prod/eu',
      }),
    );
    expect(address()).toContain('auditEnvironment=prod%2Feu');
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    await waitFor(() =>
      expect(client.audit.mock.lastCall?.[0].query).toEqual({ limit: 50 }),
    );
    expect(address()).toBe('/?environment=dev');
  });

  it('goes on with the next page', async () => {
    const { client } = show({
      audit: async ({ query }) =>
        query?.cursor
          ? auditList({ items: [auditItem({ seq: 10 })] })
          : auditList({ nextCursor: '4711' }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show more' }),
    );
    await waitFor(() =>
      expect(document.querySelector('[data-audit="10"]')).not.toBeNull(),
    );
    expect(document.querySelector('[data-audit="4711"]')).not.toBeNull();
    expect(client.audit.mock.lastCall?.[0].query?.cursor).toBe('4711');
    expect(
      screen.getByText('These are all entries you may read.'),
    ).toBeInTheDocument();
  });

  it('gives the head as the program that verifies takes it', async () => {
    const user = userEvent.setup();
    const write = jest.spyOn(navigator.clipboard, 'writeText');
    show();
    await user.click(
      await screen.findByRole('button', { name: 'Copy the head' }),
    );
    expect(write).toHaveBeenCalledWith(`4720:${'cd'.repeat(32)}`);
    expect(screen.getByText(/verify-audit export\.jsonl/)).toBeInTheDocument();
  });

  it.each([
    ['Export CSV', 'csv'],
    ['Export JSON Lines', 'jsonl'],
  ] as const)('saves the answer of %s as a file', async (name, format) => {
    const saved = downloads();
    const { client } = show({
      auditExport: async () => new Response('{"seq":1}\n'),
    });
    await userEvent.click(await screen.findByRole('button', { name }));
    await waitFor(() => expect(saved).toHaveLength(1));
    expect(saved[0].name).toBe(`delivery-audit.${format}`);
    expect(await saved[0].file.text()).toBe('{"seq":1}\n');
    expect(client.auditExport.mock.calls[0][0].query).toEqual({ format });
  });

  it('saves nothing when the export fails, and says why', async () => {
    const saved = downloads();
    show({
      auditExport: failing(
        503,
        'ServiceUnavailableError',
        'The export cannot be recorded.',
      ),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export CSV' }),
    );
    expect(
      await screen.findByText(
        'The export failed: The export cannot be recorded.',
      ),
    ).toBeInTheDocument();
    expect(saved).toEqual([]);
  });

  it('says who can help when it may not be read', async () => {
    show({
      audit: failing(403, 'NotAllowedError', 'no', 'permission_missing'),
      findings: failing(403, 'NotAllowedError', 'no', 'permission_missing'),
    });
    expect(
      await screen.findByText(/the permission delivery\.audit\.read/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: /vault-team/ }),
    ).toBeInTheDocument();
    expect(screen.queryByRole('table')).toBeNull();
    await expectAccessible();
  });

  it('shows its shape while it loads', async () => {
    show({ audit: pending });
    expect(
      await screen.findByRole('status', { name: 'Loading the audit' }),
    ).toBeInTheDocument();
    await expectAccessible();
  });

  it('says why there is nothing', async () => {
    show({ audit: async () => auditList({ items: [], head: undefined }) });
    expect(
      await screen.findByText('Nothing is written yet'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Copy the head' })).toBeNull();
  });

  it('keeps what was read when it cannot be read again', async () => {
    let away = false;
    show({
      audit: async () => {
        if (away) return failing(500, 'Error', 'The database is away.')();
        return auditList();
      },
    });
    await rowOf(4711);
    away = true;
    await userEvent.click(screen.getByRole('button', { name: 'Read again' }));
    expect(
      await screen.findByText(
        'The audit could not be refreshed: The database is away.',
      ),
    ).toBeInTheDocument();
    expect(document.querySelector('[data-audit="4711"]')).not.toBeNull();
  });

  it('names the line that is missing on a service without a repository', async () => {
    const { client } = show({}, { entity: entity({}) });
    expect(
      await screen.findByText(/github\.com\/project-slug/),
    ).toBeInTheDocument();
    expect(client.audit).not.toHaveBeenCalled();
  });

  it('has what is open of the service above the entries', async () => {
    const { client } = show({
      findings: async () => findings({ items: [finding()] }),
    });
    expect(
      await screen.findByRole('heading', { name: 'To look into' }),
    ).toBeInTheDocument();
    expect(client.findings.mock.calls[0][0].query).toEqual({
      entity: ENTITY_REF,
      state: 'open',
    });
  });

  it.each(['plugin:delivery', 'user:', ':::', ''])(
    'shows %p as the one who acted, though it is nobody of the catalog',
    async actor => {
      show({ audit: async () => auditList({ items: [auditItem({ actor })] }) });
      const row = await rowOf(4711);
      expect(row.queryByRole('link', { name: /user|plugin|:/ })).toBeNull();
      expect(row.getByText('as cleo')).toBeInTheDocument();
    },
  );

  it('shows hostile texts as text', async () => {
    show({
      audit: async () =>
        auditList({
          items: [
            auditItem({
              action: HOSTILE,
              actor: HOSTILE,
              login: HOSTILE,
              environment: HOSTILE,
              comment: HOSTILE,
              outcome: { code: 'x', message: HOSTILE },
            }),
          ],
        }),
    });
    const row = await rowOf(4711);
    expect(row.getAllByText(/<script>/)).toHaveLength(6);
    expect(document.querySelector('script')).toBeNull();
  });
});
