import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  failedRun,
  HOSTILE,
  ingestion,
  movingRun,
  overview,
  run,
  runList,
  SCRIPT_URL,
  waitingRun,
} from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  fakeSignals,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DeliveryContent } from '../DeliveryContent';
import { RunsPanel } from './RunsPanel';

const rowOf = async (id: string) => {
  await screen.findByText('Fix rounding in refunds');
  const row = document.querySelector<HTMLElement>(`[data-run="${id}"]`);
  if (!row) throw new Error(`No row ${id}`);
  return within(row);
};

describe('RunsPanel', () => {
  it('fills the first page from the overview alone', async () => {
    const { client } = renderDelivery(<RunsPanel />);
    await screen.findByText('Fix rounding in refunds');
    expect(client.overview).toHaveBeenCalledTimes(1);
    expect(client.runs).not.toHaveBeenCalled();
    await expectAccessible();
  });

  it('shows of a run what matters', async () => {
    renderDelivery(<RunsPanel />);
    const moving = await rowOf('gh.1286');
    expect(moving.getByText('running')).toBeInTheDocument();
    expect(moving.getByText('PR 412', { exact: false })).toBeInTheDocument();
    expect(moving.getByText('about 4 m left')).toBeInTheDocument();
    expect(
      moving.getByRole('progressbar', { name: 'Progress of run 1286' }),
    ).toHaveAttribute('aria-valuenow', '60');
    const held = await rowOf('gh.1287');
    expect(held.getByText('waiting')).toBeInTheDocument();
    expect(held.getByText('for production')).toBeInTheDocument();
    expect(
      held.getByRole('link', { name: /, waiting for production$/ }),
    ).toBeInTheDocument();
    const failed = await rowOf('gh.1285');
    expect(failed.getByText('21m 40s')).toBeInTheDocument();
    expect(failed.getByText('median 12m 00s')).toBeInTheDocument();
    expect(failed.getAllByText('yesterday')[0]).toHaveAttribute('title');
  });

  it('names every stage with its state', async () => {
    renderDelivery(<RunsPanel />);
    const held = await rowOf('gh.1287');
    const stages = within(
      held.getByRole('list', { name: 'Stages of run 1287' }),
    ).getAllByRole('listitem');
    expect(stages).toHaveLength(5);
    expect(stages[4]).toHaveTextContent(
      'Deploy to production: waiting · environment production',
    );
  });

  it('shows how long jobs ran, and on hover how long it was from start to end', async () => {
    const user = userEvent.setup();
    const MINUTE = 60_000;
    const gated = run({ durationMs: 46 * MINUTE, workMs: 2 * MINUTE });
    renderDelivery(<RunsPanel />, {
      client: fakeClient({
        overview: async () => overview({ runs: runList([gated]) }),
      }),
    });
    const row = await rowOf('gh.1287');
    await user.hover(row.getByText('2m 00s'));
    expect(
      await screen.findByRole('tooltip', {
        name: '46m 00s from start to end, 44m 00s at gates or in queues',
      }),
    ).toBeInTheDocument();
    expect(row.queryByText('46m 00s')).toBeNull();
  });

  it('says what is the oldest it knows only where the list ends', async () => {
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({
        overview: async () =>
          overview({
            ingestion: ingestion({ dataSince: Date.UTC(2026, 0, 5, 12) }),
          }),
      }),
    });
    expect(await screen.findAllByText(/^Nothing before/)).toHaveLength(1);
  });

  it('opens a run by click on the row and by keyboard', async () => {
    const user = userEvent.setup();
    renderDelivery(<RunsPanel />);
    const row = await rowOf('gh.1285');
    await user.click(row.getByText('21m 40s'));
    expect(address()).toBe('/delivery/runs/gh.1285');
  });

  it('reaches a run with Tab and opens it with Enter', async () => {
    const user = userEvent.setup();
    renderDelivery(<RunsPanel />);
    const row = await rowOf('gh.1286');
    const link = row.getByRole('link');
    for (let i = 0; i < 20 && document.activeElement !== link; i += 1) {
      await user.tab();
    }
    expect(link).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(address()).toBe('/delivery/runs/gh.1286');
  });

  it('keeps the filters in the address and asks with them', async () => {
    const user = userEvent.setup();
    const { client } = renderDelivery(<RunsPanel />);
    await screen.findByText('Fix rounding in refunds');
    await user.selectOptions(screen.getByLabelText('Status'), 'failed');
    await user.selectOptions(screen.getByLabelText('Branch'), 'main');
    await user.click(screen.getByLabelText('this component only'));
    await user.type(screen.getByLabelText('Search change'), 'rates');
    await waitFor(() =>
      expect(address()).toBe('/?status=failure&branch=main&scope=all&q=rates'),
    );
    await waitFor(() =>
      expect(client.runs).toHaveBeenLastCalledWith(
        expect.objectContaining({
          query: expect.objectContaining({
            conclusion: 'failure',
            status: undefined,
            branch: 'main',
            scope: 'all',
            text: 'rates',
          }),
        }),
      ),
    );
  });

  it('reads the filters from the address', async () => {
    const { client } = renderDelivery(<RunsPanel />, {
      at: '/?status=waiting&actor=dana',
    });
    await screen.findByText('Fix rounding in refunds');
    expect(screen.getByLabelText('Status')).toHaveValue('waiting');
    expect(screen.getByLabelText('By')).toHaveValue('dana');
    expect(client.runs.mock.calls[0][0].query).toMatchObject({
      status: 'waiting',
      conclusion: undefined,
      actor: 'dana',
    });
  });

  it('says that nothing matches and clears the filters', async () => {
    const user = userEvent.setup();
    renderDelivery(<RunsPanel />, {
      at: '/?branch=gone&other=kept',
      client: fakeClient({ runs: async () => runList([]) }),
    });
    expect(
      await screen.findByText('No run matches the filters'),
    ).toBeInTheDocument();
    await user.click(
      screen.getAllByRole('button', { name: 'Clear filters' })[0],
    );
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
    expect(address()).toBe('/?other=kept');
  });

  it.each([
    [overview({ runs: runList([]) }), 'No runs yet'],
    [
      overview({ runs: runList([]), pipelines: [] }),
      /no pipeline that belongs to this service/,
    ],
    [
      overview({
        runs: runList([]),
        ingestion: ingestion({ backfill: { state: 'running', runs: 1 } }),
      }),
      'The history is being read: 1 run so far.',
    ],
  ])('says why the list is empty (%#)', async (answer, words) => {
    renderDelivery(<RunsPanel />, {
      client: fakeClient({ overview: async () => answer }),
    });
    expect(await screen.findByText(words)).toBeInTheDocument();
    await expectAccessible();
  });

  it('loads older runs after the last one shown', async () => {
    const user = userEvent.setup();
    const client = fakeClient({
      overview: async () => overview({ runs: runList([waitingRun], 'older') }),
      runs: async () => runList([movingRun, failedRun]),
    });
    renderDelivery(<RunsPanel />, { client });
    await screen.findByText('Fix rounding in refunds');
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('Cache FX rates')).toBeInTheDocument();
    expect(client.runs.mock.calls[0][0].query).toMatchObject({
      cursor: 'older',
    });
    expect(
      screen.getByText('These are all runs the portal knows.'),
    ).toBeInTheDocument();
  });

  it('moves when a signal arrives, without anybody asking', async () => {
    const signals = fakeSignals();
    let now = overview({ runs: runList([movingRun]) });
    const client = fakeClient({ overview: async () => now });
    renderDelivery(<DeliveryContent />, { client, signals });
    expect(
      await screen.findByText('running', { selector: 'td *' }),
    ).toBeInTheDocument();
    expect(screen.getByText(/ · live$/)).toBeInTheDocument();
    await waitFor(() => expect(signals.channels()).toEqual(['delivery:k1']));
    now = overview({
      runs: runList([run({ ...movingRun, ...waitingRun, title: 'Newest' })]),
    });
    act(() => signals.send('delivery:k1'));
    expect(await screen.findByText('for production')).toBeInTheDocument();
    expect(client.runs).not.toHaveBeenCalled();
  });

  it('keeps the rows when a refresh fails', async () => {
    const signals = fakeSignals();
    let broken = false;
    const client = fakeClient({
      overview: async () =>
        broken ? failing(502, 'Error', 'bad gateway')() : overview(),
    });
    renderDelivery(<DeliveryContent />, { client, signals });
    await screen.findByText('Fix rounding in refunds');
    broken = true;
    act(() => signals.send('delivery:k1'));
    expect(await screen.findByText(/bad gateway/)).toBeInTheDocument();
    expect(screen.getByText('Fix rounding in refunds')).toBeInTheDocument();
  });

  it('shows hostile text as text, in one line, and never links to a script', async () => {
    const bad = run({
      title: HOSTILE,
      branch: HOSTILE,
      actor: HOSTILE,
      url: SCRIPT_URL,
      stages: [{ ...run().stages[0], name: HOSTILE }],
    });
    renderDelivery(<RunsPanel />, {
      client: fakeClient({
        overview: async () =>
          overview({
            runs: runList([bad]),
            branches: [HOSTILE],
            repository: {
              slug: HOSTILE,
              url: SCRIPT_URL,
              deleted: false,
            },
          }),
      }),
    });
    const link = await screen.findByRole('link', { name: /<script>/ });
    expect(link).toHaveAttribute('href', '/delivery/runs/gh.1287');
    expect(document.querySelector('script')).toBeNull();
    expect(link.textContent).toContain('{{title}} $t(runs.title)');
    expect(document.body.textContent).not.toContain('\u202E');
    expect(document.querySelector('[href^="javascript"]')).toBeNull();
  });
});
