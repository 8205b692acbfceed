import { screen } from '@testing-library/react';
import {
  entity,
  failedRun,
  movingRun,
  overview,
  run,
  runList,
  waitingRun,
} from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { cardRuns, DeliveryCard } from './DeliveryCard';

describe('DeliveryCard', () => {
  it('shows what waits, what runs, how the last run went, and the way to all', async () => {
    renderDelivery(<DeliveryCard />);
    expect(
      await screen.findByText('Waits for approval in GitHub'),
    ).toBeInTheDocument();
    expect(screen.getByText('Running now')).toBeInTheDocument();
    expect(screen.getByText('Last run')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: /#1285 Cache FX rates/ }),
    ).toHaveAttribute('href', '/delivery/runs/gh.1285');
    expect(screen.getByRole('link', { name: 'All runs' })).toBeInTheDocument();
    await expectAccessible();
  });

  it('shows the line to add, the place, the error and the emptiness', async () => {
    const first = renderDelivery(<DeliveryCard />, { entity: entity({}) });
    expect(
      await screen.findByText('github.com/project-slug: owner/repository'),
    ).toBeInTheDocument();
    first.unmount();

    const second = renderDelivery(<DeliveryCard />, {
      client: fakeClient({ overview: pending }),
    });
    await screen.findByText('Delivery');
    expect(document.querySelector('[aria-busy=true]')).not.toBeNull();
    second.unmount();

    const third = renderDelivery(<DeliveryCard />, {
      client: fakeClient({ overview: failing(403, 'NotAllowedError', 'no') }),
    });
    expect(await screen.findByText(/delivery\.run\.read/)).toBeInTheDocument();
    third.unmount();

    renderDelivery(<DeliveryCard />, {
      client: fakeClient({
        overview: async () => overview({ runs: runList([]) }),
      }),
    });
    expect(await screen.findByText('No runs yet.')).toBeInTheDocument();
  });

  it('shows each run once', () => {
    const other = run({ id: 'gh.1' });
    expect(cardRuns([waitingRun, movingRun, failedRun, other])).toEqual({
      waiting: waitingRun,
      moving: movingRun,
      last: failedRun,
    });
    expect(cardRuns([waitingRun])).toEqual({
      waiting: waitingRun,
      moving: undefined,
      last: undefined,
    });
  });
});
