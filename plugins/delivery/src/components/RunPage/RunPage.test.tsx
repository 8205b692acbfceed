import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  failure,
  graph,
  HOSTILE,
  job,
  jobs,
  LOG,
  node,
  NOW,
  run,
  runDetail,
  SCRIPT_URL,
  running,
  success,
  waitingRun,
} from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  fakeSignals,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { RunPage } from './RunPage';

type Options = Parameters<typeof renderDelivery>[1];
const show = (options: Options = {}) =>
  renderDelivery(<RunPage />, {
    path: '/delivery/runs/:id',
    at: '/delivery/runs/gh.1287',
    ...options,
  });

describe('RunPage', () => {
  it('shows its shape while it loads', async () => {
    show({ client: fakeClient({ run: pending }) });
    expect(
      await screen.findByRole('status', { name: 'Loading the run' }),
    ).toBeInTheDocument();
    await expectAccessible();
  });

  it('shows the sentence of the backend for a run it may not show', async () => {
    show({
      client: fakeClient({
        run: failing(404, 'NotFoundError', 'No run gh.1287 is known.'),
      }),
    });
    expect(
      await screen.findByText('No run gh.1287 is known.'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Try again' }),
    ).toBeInTheDocument();
  });

  it('says what the run is, where it belongs and how it stands', async () => {
    show();
    expect(
      await screen.findByRole('heading', {
        name: '#1287 Fix rounding in refunds',
      }),
    ).toBeInTheDocument();
    expect(screen.getByText('waiting for production')).toBeInTheDocument();
    const crumbs = screen.getByRole('navigation', { name: 'You are here' });
    expect(
      within(crumbs).getByRole('link', { name: /vaultex-api/ }),
    ).toBeInTheDocument();
    expect(screen.getByText(/19m 00s/)).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: /Open in GitHub/ }),
    ).toHaveAttribute('href', waitingRun.url);
    await expectAccessible();
  });

  it('has the acts of the service somebody came from', async () => {
    const { client } = show();
    const acts = await screen.findByRole('group', {
      name: 'What you can do with this run',
    });
    expect(
      within(acts).getByRole('button', { name: 'Cancel' }),
    ).not.toHaveAttribute('aria-disabled');
    expect(client.myActs.mock.calls[0][0].params).toEqual({
      kind: 'component',
      namespace: 'default',
      name: 'vaultex-api',
    });
  });

  it('draws every dependency and no other', async () => {
    show();
    await screen.findByRole('button', { name: /Quality gate/ });
    const edges = [...document.querySelectorAll('[data-edge]')].map(edge =>
      edge.getAttribute('data-edge'),
    );
    expect(edges.sort()).toEqual(
      graph()
        .edges.map(({ from, to }) => `${from} ${to}`)
        .sort(),
    );
  });

  it('shows matrix, gate, group and what has not started', async () => {
    show();
    expect(
      await screen.findByRole('button', {
        name: /^Unit tests, success\s*2\/2/,
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', {
        name: /^Deploy to production, waiting\s*waits for approval in GitHub/,
      }),
    ).toBeInTheDocument();
    expect(screen.getByText('Reusable: Deploy')).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: /^Verify, not started/ }),
    ).toHaveAttribute('aria-disabled', 'true');
  });

  it('walks through the graph with the arrow keys and chooses with Enter', async () => {
    const user = userEvent.setup();
    show();
    (await screen.findByRole('button', { name: /Quality gate/ })).focus();
    await user.keyboard('{ArrowRight}{ArrowDown}');
    expect(screen.getByRole('button', { name: /^SAST/ })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(address()).toBe('/delivery/runs/gh.1287?job=gh.504');
    expect(screen.getByRole('heading', { name: 'SAST · steps' })).toBeVisible();
  });

  it('asks for a log only when somebody wants to see it', async () => {
    const user = userEvent.setup();
    const client = fakeClient({ log: async () => new Response(LOG) });
    show({ client });
    // The failed job stands out, so its steps are shown at once.
    await screen.findByRole('heading', { name: 'SAST · steps' });
    expect(client.log).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Show log' }));
    expect(
      await screen.findByText('refund.ts:14 unsafe query'),
    ).toBeInTheDocument();
    expect(client.log).toHaveBeenCalledTimes(1);
    await expectAccessible();
  });

  it('offers the jobs of a matrix one by one', async () => {
    const user = userEvent.setup();
    show();
    await user.click(await screen.findByRole('button', { name: /Unit tests/ }));
    const legs = screen.getByRole('list', { name: 'Jobs of Unit tests' });
    await user.click(
      within(legs).getByRole('button', { name: /Unit tests \(22\)/ }),
    );
    expect(address()).toBe('/delivery/runs/gh.1287?job=gh.503');
  });

  it('explains a gate', async () => {
    show({ at: '/delivery/runs/gh.1287?job=gh.505' });
    expect(
      await screen.findByText('This job waits for approval in GitHub'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/Its environment production has a gate/),
    ).toBeInTheDocument();
  });

  it('shows a plain list with the reason when there is no graph', async () => {
    show({
      client: fakeClient({
        run: async () =>
          runDetail({
            graph: graph({
              kind: 'flat',
              reason: { code: 'yaml', message: 'The file is not valid YAML.' },
              nodes: [],
              edges: [],
              groups: [],
            }),
          }),
      }),
    });
    expect(
      await screen.findByText(/list: The file is not valid YAML\./),
    ).toBeInTheDocument();
    expect(document.querySelectorAll('[data-edge]')).toHaveLength(0);
    expect(
      within(screen.getByRole('list', { name: 'Jobs' })).getAllByRole('button'),
    ).toHaveLength(jobs.length);
  });

  it('keeps jobs apart that match nothing', async () => {
    show({
      client: fakeClient({
        run: async () =>
          runDetail({
            jobs: [...jobs, job({ id: 'gh.900', name: 'Stranger' })],
            graph: graph({ unplaced: ['gh.900'] }),
          }),
      }),
    });
    const apart = await screen.findByRole('list', { name: 'Not placed' });
    expect(within(apart).getAllByRole('button')).toHaveLength(1);
  });

  it('shows another attempt and keeps it in the address', async () => {
    const user = userEvent.setup();
    const attempts = [
      { attempt: 1, ...failure },
      { attempt: 2, ...success, triggeringActor: 'ravi' },
    ];
    const client = fakeClient({
      run: async ({ query }) =>
        runDetail({
          run: run({ attempt: 2 }),
          attempts,
          attempt: Number(query?.attempt ?? 2),
        }),
    });
    show({ client });
    const select = await screen.findByLabelText('Attempt');
    expect(screen.getByText(/run again by ravi/)).toBeInTheDocument();
    await user.selectOptions(select, '1 of 2 · failed');
    expect(address()).toBe('/delivery/runs/gh.1287?attempt=1');
    expect(
      await screen.findByText('This is attempt 1; attempt 2 is the newest.'),
    ).toBeInTheDocument();
    expect(client.run).toHaveBeenLastCalledWith(
      expect.objectContaining({ query: { attempt: 1 } }),
    );
  });

  it('follows the run when a signal arrives', async () => {
    const signals = fakeSignals();
    let detail = runDetail({
      run: run({
        ...running,
        conclusion: undefined,
        rawConclusion: undefined,
        completedAt: undefined,
        durationMs: undefined,
        expectedAt: NOW + 90_000,
      }),
      attempts: [{ attempt: 1, ...running, startedAt: NOW - 60_000 }],
    });
    show({ signals, client: fakeClient({ run: async () => detail }) });
    expect(await screen.findByText('running')).toBeInTheDocument();
    await waitFor(() => expect(signals.channels()).toEqual(['delivery:k2']));
    detail = runDetail({ run: run(), attempts: [{ attempt: 1, ...success }] });
    act(() => signals.send('delivery:k2'));
    expect(await screen.findByText(/took 13m 02s/)).toBeInTheDocument();
  });

  it('lists artifacts, deployments and services', async () => {
    show();
    expect(await screen.findByText('sbom')).toBeInTheDocument();
    expect(screen.getByText(/48 kB/)).toBeInTheDocument();
    const deployments = screen.getByRole('region', { name: 'Deployments' });
    expect(deployments).toHaveTextContent(/staging.*success.*9 min ago.*dana/);
    const services = screen.getByRole('region', { name: 'Services' });
    expect(
      within(services).getByRole('link', { name: /vaultex-api/ }),
    ).toHaveAttribute('href', '/catalog/default/component/vaultex-api');
  });

  it('shows hostile text as text', async () => {
    show({
      at: '/delivery/runs/gh.1287?job=gh.1',
      client: fakeClient({
        log: async () => new Response(`${HOSTILE}\n::error::${HOSTILE}`),
        run: async () =>
          runDetail({
            run: run({ title: HOSTILE, url: SCRIPT_URL }),
            jobs: [
              job({
                id: 'gh.1',
                name: HOSTILE,
                steps: [{ number: 1, name: HOSTILE, ...success }],
              }),
            ],
            graph: graph({
              nodes: [node({ name: HOSTILE, jobs: ['gh.1'] })],
              edges: [{ from: 'quality', to: 'nowhere' }],
              groups: [],
            }),
            artifacts: {
              items: [{ name: HOSTILE, sizeInBytes: 1, expired: true }],
            },
          }),
      }),
    });
    await screen.findByRole('log');
    expect(document.querySelector('script')).toBeNull();
    expect(document.querySelector('[href^="javascript"]')).toBeNull();
    expect(screen.queryByRole('link', { name: /Open in/ })).toBeNull();
    expect(document.body.textContent).not.toContain('\u202E');
  });
});
