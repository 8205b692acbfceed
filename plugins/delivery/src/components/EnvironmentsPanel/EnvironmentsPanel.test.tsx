import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  comparison,
  environment,
  environmentDetail,
  environments,
  four,
  production,
  rolling,
} from '../../../dev/environmentFixtures';
import {
  blueGreen,
  broken,
  declared,
  drifted,
  hostile,
  never,
  paused,
  rollingBack,
  unhealthy,
  unknownCommit,
} from '../../../dev/environmentScenes';
import { entity, overview } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  address,
  failing,
  fakeClient,
  fakeSignals,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import type { Environment } from 'backstage-plugin-delivery-common';
import { DeliveryContent } from '../DeliveryContent';
import { EnvironmentsPanel, firstChoice } from './EnvironmentsPanel';

// Roles of many nodes are computed one by one, and that on a machine that may be busy.
jest.setTimeout(30_000);

const showing = (...items: Environment[]) =>
  renderDelivery(<EnvironmentsPanel />, {
    client: fakeClient({ environments: async () => environments({ items }) }),
  });

const nodeOf = async (name: string) => {
  await screen.findAllByRole('button', { name });
  const node = document.querySelector<HTMLElement>(
    `[data-environment="${name}"]`,
  );
  if (!node) throw new Error(`No node ${name}`);
  return within(node);
};

describe('EnvironmentsPanel', () => {
  it('shows the way to production in its order', async () => {
    renderDelivery(<EnvironmentsPanel />);
    const list = await screen.findByRole('list', { name: /choose one/ });
    expect(
      [...list.querySelectorAll('[data-environment]')].map(node =>
        node.getAttribute('data-environment'),
      ),
    ).toEqual(['dev', 'qa', 'staging', 'production']);
  });

  it('is reachable for everybody', async () => {
    renderDelivery(<EnvironmentsPanel />);
    expect(
      await screen.findByText('This is all the portal knows.'),
    ).toBeInTheDocument();
    await expectAccessible();
  });

  it('shows of an environment what matters', async () => {
    renderDelivery(<EnvironmentsPanel />);
    const node = await nodeOf('production');
    expect(node.getByText('healthy')).toBeInTheDocument();
    expect(node.getByText('2 h ago')).toBeInTheDocument();
    expect(node.getByText('ravi · approved by cleo')).toBeInTheDocument();
    expect(node.getByRole('link', { name: /^71be2d0/ })).toHaveAttribute(
      'title',
      production.commit!.sha,
    );
    expect(
      node.getByRole('button', { name: '3 commits behind staging' }),
    ).toBeInTheDocument();
  });

  it('shows how far a rollout is, and what it replaces', async () => {
    renderDelivery(<EnvironmentsPanel />);
    const node = await nodeOf('staging');
    expect(node.getByText('9f31c07')).toBeInTheDocument();
    expect(
      node.getByRole('img', { name: 'replaces 71be2d0' }),
    ).toBeInTheDocument();
    expect(node.getByText('rolling out')).toBeInTheDocument();
    expect(node.getByText('2 of 3 tasks new')).toBeInTheDocument();
    expect(node.getByText('about 40 s left')).toBeInTheDocument();
    // Of the change that comes, not of the one that goes.
    expect(node.getByText('2 min ago')).toBeInTheDocument();
    expect(node.getByText('dana')).toBeInTheDocument();
    expect(
      node.getByRole('progressbar', { name: 'Rollout in staging' }),
    ).toHaveAttribute('aria-valuenow', '67');
  });

  it('shows the traffic of two sets of tasks, a pause, and the way back', async () => {
    showing(blueGreen, paused, rollingBack);
    const shifting = await nodeOf('staging');
    expect(shifting.getByText('50 % of the traffic new')).toBeInTheDocument();
    const held = await nodeOf('preprod');
    expect(held.getByText('paused')).toBeInTheDocument();
    const back = await nodeOf('load');
    expect(back.getByText('rolling back')).toBeInTheDocument();
    expect(back.getByText('1 of 3 tasks back')).toBeInTheDocument();
    expect(
      back.getByText('The circuit breaker opened: tasks failed to start.'),
    ).toBeInTheDocument();
  });

  it('says loudly what differs, and what fires, waits and drifted', async () => {
    showing(drifted);
    const node = await nodeOf('production');
    expect(
      node.getByText('Running 71be2d0, pipeline says 9f31c07.'),
    ).toBeInTheDocument();
    for (const words of [
      'alarm firing',
      'mixed tasks',
      'infrastructure drifted',
    ]) {
      expect(node.getByText(words)).toBeInTheDocument();
    }
    expect(
      node.getByRole('link', { name: 'waiting for approval · #1287' }),
    ).toHaveAttribute('href', '/delivery/runs/gh.1287');
    await expectAccessible();
  });

  it.each([
    [unknownCommit, 'health unknown', 'No health check is defined.'],
    [declared, 'declared, not observed', '9f31c07'],
    [never, 'never deployed', 'Nothing has been deployed here.'],
    [unhealthy, 'unhealthy', 'last change: rolled back'],
    [
      broken,
      'health unknown',
      'The role delivery-read may not be assumed in 444444444444: allow sts:AssumeRole for the role of the portal.',
    ],
  ])('never shows %#th as healthy and says why', async (one, word, more) => {
    showing(one);
    const node = await nodeOf(one.name);
    expect(node.getByText(word)).toBeInTheDocument();
    expect(node.getByText(more)).toBeInTheDocument();
    expect(node.queryByText('healthy')).toBeNull();
    await expectAccessible();
  });

  it('says from when the last good state is', async () => {
    showing(broken);
    const node = await nodeOf('production');
    expect(node.getByText(/Last good state, as of/)).toHaveTextContent(
      'Last good state, as of 12 min ago',
    );
    expect(node.getByText('71be2d0')).toBeInTheDocument();
  });

  it('names an unknown word of a runtime and does not take it for success', async () => {
    showing(
      environment({
        rollout: {
          ...rolling.rollout!,
          status: 'unknown',
          rawStatus: 'FROZEN',
        },
      }),
    );
    const node = await nodeOf('dev');
    expect(node.getByText('rollout unknown: FROZEN')).toBeInTheDocument();
  });

  it('keeps the chosen one in the address, by mouse and by keyboard', async () => {
    const user = userEvent.setup();
    renderDelivery(<EnvironmentsPanel />, { at: '/?other=kept' });
    await nodeOf('qa');
    expect(
      screen.getByRole('button', { name: 'production', pressed: true }),
    ).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'qa' }));
    expect(address()).toBe('/?other=kept&environment=qa');
    await user.keyboard('{ArrowRight}{Enter}');
    expect(address()).toBe('/?other=kept&environment=staging');
    expect(
      screen.getByRole('button', { name: 'staging', pressed: true }),
    ).toHaveFocus();
    await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}');
    expect(screen.getByRole('button', { name: 'dev' })).toHaveFocus();
    expect(
      await screen.findByRole('heading', { name: 'staging' }),
    ).toBeInTheDocument();
  });

  it('chooses what runs nearest to production until somebody else does', () => {
    expect(firstChoice([...four, never])?.name).toBe('production');
    expect(firstChoice([environment(), never])?.name).toBe('dev');
    expect(firstChoice([never])?.name).toBe('production');
    expect(firstChoice([])).toBeUndefined();
  });

  it('opens the comparison from the chip and from between two environments', async () => {
    const user = userEvent.setup();
    const { client } = renderDelivery(<EnvironmentsPanel />);
    await user.click(
      (
        await nodeOf('production')
      ).getByRole('button', {
        name: '3 commits behind staging',
      }),
    );
    expect(
      await screen.findByRole('dialog', {
        name: 'What staging has that production has not',
      }),
    ).toBeInTheDocument();
    expect(address()).toBe('/?compareFrom=production&compareTo=staging');
    expect(client.compare.mock.calls[0][0].query).toEqual({
      from: 'production',
      to: 'staging',
    });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(address()).toBe('/');
    await user.click(
      screen.getByRole('button', { name: 'Compare dev with qa' }),
    );
    expect(address()).toBe('/?compareFrom=qa&compareTo=dev');
    expect(
      await screen.findByText('staging is 3 commits ahead of production.'),
    ).toBeInTheDocument();
    expect(comparison().total).toBe(3);
  });

  it('shows the final shape while it loads', async () => {
    renderDelivery(<EnvironmentsPanel />, {
      client: fakeClient({ environments: pending }),
    });
    expect(
      await screen.findByRole('status', { name: 'Loading the environments' }),
    ).toBeInTheDocument();
    await expectAccessible();
  });

  it('shows what the overview knows until the environments are read', async () => {
    renderDelivery(<DeliveryContent />, {
      at: '/?panel=environments',
      client: fakeClient({
        overview: async () => overview({ environments: four }),
        environments: pending,
      }),
    });
    const node = await nodeOf('production');
    expect(node.getByText('71be2d0')).toBeInTheDocument();
  });

  it('says what line to add when nothing is known of a pipeline, and asks nothing', async () => {
    const { client } = renderDelivery(<EnvironmentsPanel />, {
      entity: entity({}),
    });
    expect(
      await screen.findByText('github.com/project-slug: owner/repository'),
    ).toBeInTheDocument();
    expect(client.environments).not.toHaveBeenCalled();
  });

  it('says why there is none, and what to write', async () => {
    renderDelivery(<EnvironmentsPanel />, {
      client: fakeClient({
        environments: async () =>
          environments({
            items: [],
            notes: [{ code: 'x', message: 'No deployment was seen yet.' }],
          }),
      }),
    });
    expect(
      await screen.findByText('No environment is known yet'),
    ).toBeInTheDocument();
    expect(screen.getByText('No deployment was seen yet.')).toBeInTheDocument();
    expect(screen.getByText('environment: production')).toBeInTheDocument();
    await expectAccessible();
  });

  it('names permission and owner when reading is refused, and tries again when told to', async () => {
    const user = userEvent.setup();
    let refused = true;
    renderDelivery(<EnvironmentsPanel />, {
      client: fakeClient({
        environments: async () =>
          refused
            ? failing(403, 'NotAllowedError', 'no')()
            : environments({ items: four }),
      }),
    });
    expect(await screen.findByText(/delivery\.run\.read/)).toBeInTheDocument();
    expect(
      await screen.findByRole('link', { name: /vault-team/ }),
    ).toBeInTheDocument();
    await expectAccessible();
    refused = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await nodeOf('production');
  });

  it('keeps what it knows when reading again fails, and says so', async () => {
    const signals = fakeSignals();
    let broke = false;
    renderDelivery(<EnvironmentsPanel />, {
      signals,
      client: fakeClient({
        environments: async () =>
          broke ? failing(500, 'Error', 'database is away')() : environments(),
      }),
    });
    await nodeOf('production');
    await waitFor(() => expect(signals.channels()).toEqual(['delivery:k1']));
    broke = true;
    act(() => signals.send('delivery:k1'));
    expect(
      await screen.findByText(
        'The environments could not be refreshed: database is away',
      ),
    ).toBeInTheDocument();
    expect(await nodeOf('production')).toBeDefined();
  });

  it('reads list, chosen one and history anew on news', async () => {
    const signals = fakeSignals();
    const { client } = renderDelivery(<EnvironmentsPanel />, { signals });
    await screen.findByText('This is all the portal knows.');
    const before = client.environment.mock.calls.length;
    act(() => signals.send('delivery:k1'));
    await waitFor(() =>
      expect(client.environment.mock.calls.length).toBeGreaterThan(before),
    );
    expect(client.history.mock.calls.length).toBeGreaterThan(1);
    expect(client.environments.mock.calls.length).toBeGreaterThan(1);
  });

  it('shows hostile text as text and links to nothing that would run', async () => {
    renderDelivery(<EnvironmentsPanel />, {
      client: fakeClient({
        environments: async () => environments({ items: [hostile] }),
        environment: async () => environmentDetail(hostile),
      }),
    });
    expect(
      (await screen.findAllByText(/<script>alert\(1\)<\/script>/)).length,
    ).toBeGreaterThan(3);
    expect(document.querySelector('script')).toBeNull();
    expect(document.querySelector('a[href^=javascript]')).toBeNull();
    expect(document.body.textContent).not.toContain('\u202E');
    await expectAccessible();
  });
});
