import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import {
  approval,
  approvalDetail,
  approvedOne,
  approvedOperation,
  APPROVAL_ID,
  everyApproval,
  hostileDetail,
  OPERATION_ID,
} from '../../../dev/approvalFixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  fakeSignals,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { ApprovalDrawer } from './ApprovalDrawer';

// Roles of many nodes are computed one by one, and that on a machine that may be busy.
jest.setTimeout(30_000);

function show(
  answer: () => Promise<ApprovalDetail>,
  options: {
    onClose?: () => void;
    signals?: ReturnType<typeof fakeSignals>;
  } = {},
) {
  return renderDelivery(
    <ApprovalDrawer
      id={APPROVAL_ID}
      onClose={options.onClose ?? (() => undefined)}
    />,
    { client: fakeClient({ approval: answer }), signals: options.signals },
  );
}

/** A part that is there for good; while it loads its place has the same name. */
const panel = async (name: string | RegExp) =>
  within(await screen.findByRole('region', { name, busy: false }));

describe('ApprovalDrawer', () => {
  it('shows what changes, thing by thing, with a word for each change', async () => {
    show(async () => approvalDetail());
    expect(
      await screen.findByRole('heading', {
        name: 'Approve 9f31c07 to production?',
      }),
    ).toBeInTheDocument();
    const changes = await panel('What changes');
    expect(
      changes
        .getAllByRole('row')
        .slice(1)
        .map(row =>
          within(row)
            .getAllByRole('cell')
            .map(cell => cell.textContent),
        ),
    ).toEqual([
      ['71be2d0 · sha256:1c9a1c9…', '9f31c07 · sha256:e07be07…', 'CHANGED'],
      ['V30', 'V31 refund_rounding', 'NEW'],
      [':12', '–', 'REMOVED'],
      ['–', '–', 'UNCHANGED'],
    ]);
    expect(
      changes.getByText('1 migration file is touched'),
    ).toBeInTheDocument();
    await expectAccessible('[role=dialog]');
  });

  it('shows the commits with their people, and the evidence', async () => {
    show(async () => approvalDetail());
    const commits = await panel('3 commits by 2 people');
    expect(
      commits.getAllByRole('listitem').map(({ textContent }) => textContent),
    ).toEqual([
      expect.stringMatching(/^9f31c07.*Fix rounding in refundsdana · PR 415/),
      expect.stringMatching(/^5d20e4cLog merchant id.*dana · PR 413/),
      expect.stringMatching(/^44ab9f0Bump pg.*author not known/),
    ]);
    const evidence = await panel('Evidence');
    const lines = evidence
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(lines).toEqual([
      expect.stringMatching(/^passedunit and integration tests.*success/),
      expect.stringMatching(/^still runningimage scan/),
      expect.stringMatching(/^passedstaging runs this commit.*policy asks 10m/),
      'note14 files changed+212 −60 lines',
      expect.stringMatching(/^warningThe last production.*see the run$/),
    ]);
    expect(evidence.getByRole('link', { name: 'see the run' })).toHaveAttribute(
      'href',
      '/delivery/runs/gh.1231',
    );
  });

  it('names who may decide and why not, the gate with its limits, and each rule', async () => {
    show(async () => approvalDetail());
    const people = await panel('Who may decide');
    expect(
      people.getAllByRole('listitem').map(({ textContent }) => textContent),
    ).toEqual([
      'cleo (you)may approve',
      'vaultex/release (team)not known',
      'danaauthor, asked for it',
    ]);
    const gate = await panel('GitHub required reviewers');
    expect(
      gate.getByRole('heading', { name: 'It does not prevent that' }),
    ).toBeInTheDocument();
    expect(
      gate.getByText(/the portal cannot ask for a second/),
    ).toBeInTheDocument();
    const policy = await panel('Policy');
    expect(
      policy.getAllByRole('listitem').map(({ textContent }) => textContent),
    ).toEqual([
      'passedSelf-review is prevented.',
      'warningAdministrators can go past the gate at GitHub.',
      'passedNo freeze window.',
    ]);
  });

  it.each<[ApprovalDetail['commits']['status'], RegExp]>([
    ['behind', /approving would go back/],
    ['diverged', /approving would take commits away/],
    ['first', /first deployment/],
    ['identical', /already runs there/],
    ['unknown', /could not be read/],
  ])('says what is special about the way: %s', async (status, words) => {
    const { commits } = approvalDetail();
    show(async () => approvalDetail({ commits: { ...commits, status } }));
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it('has the shape of the drawer while it loads', async () => {
    show(pending);
    expect(
      await screen.findByRole('status', { name: 'Loading the approval' }),
    ).toBeInTheDocument();
    expect(screen.getAllByRole('region')).toHaveLength(6);
    await expectAccessible('[role=dialog]');
  });

  it('names the permission when it is refused, and what happened when it fails', async () => {
    const first = show(failing(403, 'NotAllowedError', 'no'));
    expect(await screen.findByText(/delivery\.run\.read/)).toBeInTheDocument();
    first.unmount();
    show(failing(500, 'Error', 'The database is away.'));
    expect(await screen.findByText(/The database is away/)).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Try again' }),
    ).toBeInTheDocument();
  });

  it('says that it is gone, with nothing to click', async () => {
    show(failing(404, 'NotFoundError', 'No such approval.'));
    expect(
      await screen.findByText('This approval is gone'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /Approve/ })).toBeNull();
  });

  it('shows who decided, why and where, once it is decided', async () => {
    show(async () =>
      approvalDetail({ approval: approvedOne, operationId: OPERATION_ID }),
    );
    expect(await screen.findByText('It was approved.')).toBeInTheDocument();
    const decision = await panel('Your decision');
    expect(
      decision.getByText('It was approved.').parentElement,
    ).toHaveTextContent(
      'approved by cleo 2 h ago · “Refunds are checked with merchant support.”',
    );
    expect(decision.getByText(/Decided here/)).toBeInTheDocument();
    expect(await decision.findByText('Audit entry 4711')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Approve/ })).toBeNull();
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it.each(everyApproval.slice(1))(
    'offers no decision when it ended: $state',
    async ended => {
      show(async () => approvalDetail({ approval: ended }));
      expect(
        await screen.findByRole('heading', {
          name: /^Approval of 9f31c07 for production/,
        }),
      ).toBeInTheDocument();
      expect(screen.queryByRole('button', { name: 'Reject' })).toBeNull();
    },
  );

  it('keeps what it knows, and says so, when reading again fails', async () => {
    let calls = 0;
    const { api } = show(async () => {
      calls += 1;
      return calls === 1
        ? approvalDetail()
        : failing(503, 'Busy', 'GitHub asks to wait.')();
    });
    await panel('What changes');
    await api.queries.refetchQueries();
    expect(
      await screen.findByText(/not fresh: GitHub asks to wait/),
    ).toBeInTheDocument();
    expect(await panel('What changes')).toBeDefined();
  });

  it('says what could not be read', async () => {
    show(async () =>
      approvalDetail({
        problems: [{ code: 'x', message: 'The checks could not be read.' }],
        changes: [],
        checks: [],
        risk: [],
        size: undefined,
        soak: undefined,
        policy: [],
        reviewers: [],
      }),
    );
    expect(
      await screen.findByText('The checks could not be read.'),
    ).toBeInTheDocument();
    expect(screen.getByText('What it changes is not known.')).toBeVisible();
    expect(screen.getByText(/speaks for or against it/)).toBeVisible();
    expect(screen.getByText('The vendor names no reviewer.')).toBeVisible();
    await expectAccessible('[role=dialog]');
  });

  it('reads again when there is news', async () => {
    const signals = fakeSignals();
    let ended = false;
    show(
      async () =>
        approvalDetail(
          ended ? { approval: approval({ state: 'cancelled' }) } : {},
        ),
      { signals },
    );
    await panel('What changes');
    await waitFor(() => expect(signals.channels()).toContain('delivery:k1'));
    ended = true;
    signals.send('delivery:k1');
    expect(
      await screen.findByText(/The run was cancelled before/),
    ).toBeInTheDocument();
  });

  it('shows hostile texts as text and links to nothing that would run', async () => {
    show(async () => hostileDetail());
    await panel('Evidence');
    expect(document.querySelector('script, img, iframe')).toBeNull();
    expect(document.querySelector('a[href^=javascript]')).toBeNull();
    expect(document.body.textContent).not.toContain('\u202E');
    expect(document.body.textContent).toContain('{{title}} $t(runs.title)');
    await expectAccessible('[role=dialog]');
  });

  it('takes the focus, and closes with Escape and its button', async () => {
    const onClose = jest.fn();
    show(async () => approvalDetail(), { onClose });
    const dialog = await screen.findByRole('dialog');
    await waitFor(() =>
      expect(dialog.parentElement?.contains(document.activeElement)).toBe(true),
    );
    await userEvent.keyboard('{Escape}');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it('follows a decision that somebody began elsewhere', async () => {
    const client = fakeClient({
      approval: async () => approvalDetail({ operationId: OPERATION_ID }),
      approvalOperation: async () => ({
        ...approvedOperation,
        state: 'unknown',
        outcome: undefined,
      }),
    });
    renderDelivery(
      <ApprovalDrawer id={APPROVAL_ID} onClose={() => undefined} />,
      { client },
    );
    expect(
      await screen.findByText('Nobody knows yet whether it was done'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Approve production' }),
    ).toHaveAccessibleDescription(/it is not sent again/);
  });
});
