import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  Environment,
  EnvironmentDetail,
} from 'backstage-plugin-delivery-common';
import {
  boundary,
  DIGEST,
  environmentDetail,
  healthyChain,
  history,
  production,
} from '../../../dev/environmentFixtures';
import {
  blueGreen,
  broken,
  declared,
  detailOf,
  drifted,
  paused,
  unhealthy,
  unknownCommit,
} from '../../../dev/environmentScenes';
import { ENTITY_REF, HOSTILE, NOW } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { EnvironmentDetailPanel } from './EnvironmentDetailPanel';

// Roles of many nodes are computed one by one, and that on a machine that may be busy.
jest.setTimeout(30_000);

type Answers = Parameters<typeof fakeClient>[0];

const show = (
  environment: Environment,
  detail: EnvironmentDetail = detailOf(environment),
  answers: Answers = {},
) =>
  renderDelivery(
    <EnvironmentDetailPanel
      entityRef={ENTITY_REF}
      environment={environment}
      listedAt={NOW - 4000}
    />,
    { client: fakeClient({ environment: async () => detail, ...answers }) },
  );

const section = async (name: string) =>
  within(await screen.findByRole('region', { name }));

describe('EnvironmentDetailPanel', () => {
  it('shows commit, how it is known, image and task definition', async () => {
    const user = userEvent.setup();
    show(production);
    const version = await section('Version');
    expect(await version.findByText('vaultex-api:41')).toBeInTheDocument();
    expect(
      version.getByText(
        'from our record of the image digest · high confidence',
      ),
    ).toBeInTheDocument();
    expect(version.getByText('by deploy-role')).toBeInTheDocument();
    const written = jest.fn(async (_: string) => undefined);
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: written },
    });
    await user.click(version.getByRole('button', { name: 'Copy image' }));
    expect(written).toHaveBeenCalledWith(
      `111111111111.dkr.ecr.eu-west-1.amazonaws.com/vaultex-api:71be2d0@${DIGEST}`,
    );
    expect(await version.findByText('Copied')).toBeInTheDocument();
  });

  it('says why a commit is not known', async () => {
    show(unknownCommit);
    const version = await section('Version');
    expect(
      version.getByText(
        'The image has the tag latest and no label; push a tag with the SHA.',
      ),
    ).toBeInTheDocument();
  });

  it('opens the first red boundary with cause, advice and facts, and leaves the rest unreached', async () => {
    const user = userEvent.setup();
    show(unhealthy);
    const health = await section('Health');
    const target = health.getByRole('button', { name: /^Target/ });
    expect(target).toHaveAttribute('aria-expanded', 'true');
    expect(
      health.getByText('The health check of the target group times out.'),
    ).toBeInTheDocument();
    expect(health.getByText(/Allow port 8080/)).toBeInTheDocument();
    expect(health.getByText('Target.Timeout')).toBeInTheDocument();
    expect(health.getByText('not reached')).toBeInTheDocument();
    expect(
      health.getByText('ALARM · Threshold crossed: 12 datapoints above 5.'),
    ).toBeInTheDocument();
    expect(
      health.getByText(
        'metrics could not be read: CloudWatch asks to wait; they are read again in a minute.',
      ),
    ).toBeInTheDocument();
    await user.click(health.getByRole('button', { name: /^Container/ }));
    expect(health.getByText('HEALTHY')).toBeInTheDocument();
    expect(health.queryByText(/Allow port 8080/)).toBeNull();
  });

  it('shows two chains with their traffic while it rolls out', async () => {
    show(blueGreen);
    const health = await section('Health');
    expect(health.getAllByText('50 % of the traffic')).toHaveLength(2);
    expect(health.getAllByRole('list', { name: /^Health, from/ })).toHaveLength(
      2,
    );
    const rollout = await section('Rollout');
    expect(rollout.getByText('blue/green')).toBeInTheDocument();
    expect(rollout.getByText('production traffic shift')).toBeInTheDocument();
    expect(
      rollout.getByText('1 of 3 failures · monitoring'),
    ).toBeInTheDocument();
    expect(
      rollout.getByRole('progressbar', {
        name: 'Traffic of the new tasks in staging',
      }),
    ).toHaveAttribute('aria-valuenow', '50');
    await screen.findByText('This is all the portal knows.');
    await expectAccessible();
  });

  it('ends the chain of a worker at its queue', async () => {
    show(
      production,
      environmentDetail(production, {
        chains: [
          {
            role: 'current',
            boundaries: [
              ...healthyChain.slice(0, 3),
              boundary({ boundary: 'target', state: 'absent', summary: '' }),
              boundary({ boundary: 'balancer', state: 'absent', summary: '' }),
              boundary({
                boundary: 'queue',
                state: 'unknown',
                summary: 'age of the oldest message is not known',
              }),
            ],
          },
        ],
      }),
    );
    const health = await section('Health');
    const chain = health.getByRole('list', { name: /^Health, from/ });
    expect(
      within(chain)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      expect.stringMatching(/^Container/),
      expect.stringMatching(/^Task/),
      expect.stringMatching(/^Service/),
      'Queueunknownage of the oldest message is not known',
    ]);
  });

  it('says what a pause waits for', async () => {
    show(paused);
    const rollout = await section('Rollout');
    expect(
      rollout.getByText(
        /^at post test traffic shift, until somebody acts; ends/,
      ),
    ).toBeInTheDocument();
  });

  it('tells real drift in full, and what is read no more', async () => {
    const first = show(drifted);
    expect(
      await screen.findByText('What runs is not what the pipeline says'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(
        'Registered by arn:aws:sts::444444444444:assumed-role/ops/ravi.',
      ),
    ).toBeInTheDocument();
    first.unmount();
    show(broken);
    expect(
      await screen.findByText(
        /allow sts:AssumeRole for the role of the portal/,
      ),
    ).toBeInTheDocument();
  });

  it('shows nothing of a runtime that nobody reads', async () => {
    show(declared);
    await screen.findByText('This is all the portal knows.');
    expect(screen.queryByRole('region', { name: 'Health' })).toBeNull();
    expect(
      screen.getByText(
        'declared by the pipeline, not observed · low confidence',
      ),
    ).toBeInTheDocument();
  });

  it('shows the last change with its evidence', async () => {
    const user = userEvent.setup();
    show(unhealthy);
    const change = await section('Last change');
    expect(change.getByText('rolled back')).toBeInTheDocument();
    expect(change.getByText('Rolled back by the runtime.')).toBeInTheDocument();
    expect(change.getByRole('link', { name: '#1287' })).toHaveAttribute(
      'href',
      '/delivery/runs/gh.1287',
    );
    await user.click(change.getByText('2 pieces of evidence'));
    expect(
      change.getByText('Rollout of the runtime: SUCCESSFUL'),
    ).toBeVisible();
    expect(
      change.getByRole('link', { name: /^Open in AWS/ }),
    ).toBeInTheDocument();
  });

  it('tells the last incident of the service, and what of its address is none', async () => {
    const lastIncident = {
      ...{ title: HOSTILE, startedAt: NOW - 7_200_000 },
      ...{ resolvedAt: NOW - 3_600_000, url: 'https://git.example/issues/7' },
    };
    show({ ...production, lastIncident });
    const change = await section('Last change');
    expect(change.getByText(/over after 1h/)).toBeVisible();
    expect(
      change.getAllByRole('link').map(link => link.getAttribute('href')),
    ).toContain(lastIncident.url);
    show({
      ...production,
      lastIncident: {
        ...{ ...lastIncident, title: 'Still bad', resolvedAt: undefined },
        url: ['javascript', 'alert(1)'].join(':'),
      },
    });
    expect(await screen.findByText(/not resolved/)).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Still bad' })).toBeNull();
  });

  it('tells the history as one list, marks what runs, and goes on by page', async () => {
    const user = userEvent.setup();
    const pages = [
      history({ nextCursor: 'c2' }),
      history({
        items: [
          {
            id: 'h9',
            kind: 'runtime_event',
            at: NOW - 86_400_000,
            current: false,
            message: HOSTILE,
          },
        ],
      }),
    ];
    const { client } = show(production, detailOf(production), {
      history: async ({ query }) => pages[query?.cursor ? 1 : 0],
    });
    const list = await screen.findByRole('list', { name: /^History of/ });
    const rows = within(list)
      .getAllByRole('listitem')
      .filter(row => row.hasAttribute('data-history'));
    expect(rows).toHaveLength(5);
    expect(rows[0]).toHaveTextContent(/succeeded.*runs now.*9f31c07/);
    expect(rows[0]).toHaveTextContent('approved by cleo');
    expect(rows[1]).toHaveTextContent(/approval.*refunds are checked/);
    expect(rows[2]).toHaveTextContent(/event of the runtime.*steady state/);
    expect(rows[3]).toHaveTextContent(/rollback.*71be2d0/);
    expect(rows[4]).toHaveTextContent(/not by the pipeline.*commit unknown/);
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(client.history).toHaveBeenCalledTimes(2));
    expect(client.history.mock.calls[1][0].query).toEqual({ cursor: 'c2' });
    expect(await screen.findByText(/<script>alert/)).toBeInTheDocument();
    expect(document.querySelector('script')).toBeNull();
  });

  it('shows the final shape while it loads, and each error with its way out', async () => {
    const first = show(production, undefined, {
      environment: pending,
      history: pending,
    });
    expect(
      await screen.findByRole('status', {
        name: 'Loading the health of production',
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('status', { name: 'Loading the history' }),
    ).toBeInTheDocument();
    await expectAccessible();
    first.unmount();
    show(production, undefined, {
      environment: failing(503, 'ServiceUnavailableError', 'AWS asks to wait.'),
      history: failing(500, 'Error', 'database is away'),
    });
    expect(await screen.findByText('AWS asks to wait.')).toBeInTheDocument();
    expect(await screen.findByText(/database is away/)).toBeInTheDocument();
    expect(screen.getAllByRole('button', { name: 'Try again' })).toHaveLength(
      2,
    );
    // What the list knows stays.
    expect(screen.getByText('2 h ago')).toBeInTheDocument();
  });
});
