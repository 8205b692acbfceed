import { screen } from '@testing-library/react';
import { entity, ingestion, NOW, overview } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { DeliveryContent } from './DeliveryContent';

describe('DeliveryContent', () => {
  it('shows the exact line to add when the annotation is missing, and asks nothing', async () => {
    const { client } = renderDelivery(<DeliveryContent />, {
      entity: entity({}),
    });
    expect(
      await screen.findByText('github.com/project-slug: owner/repository'),
    ).toBeInTheDocument();
    expect(client.overview).not.toHaveBeenCalled();
    await expectAccessible();
  });

  it('shows the final shape while it loads', async () => {
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({ overview: pending }),
    });
    const table = await screen.findByRole('table', { busy: true });
    expect(table).toBeInTheDocument();
    await expectAccessible();
  });

  it('names the permission and the owner when reading is refused', async () => {
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({ overview: failing(403, 'NotAllowedError', 'no') }),
    });
    expect(await screen.findByText(/delivery\.run\.read/)).toBeInTheDocument();
    expect(
      await screen.findByRole('link', { name: /vault-team/ }),
    ).toBeInTheDocument();
    await expectAccessible();
  });

  it('shows the sentence of the backend for a repository the service does not come from', async () => {
    const sentence =
      'vaultex/vaultex does not contain the catalog file of this component.';
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({ overview: failing(404, 'NotFoundError', sentence) }),
    });
    expect(await screen.findByText(sentence)).toBeInTheDocument();
  });

  it('loads after a failure when asked to', async () => {
    let broken = true;
    const client = fakeClient({
      overview: async () => {
        if (broken) return failing(500, 'Error', 'database is away')();
        return overview();
      },
    });
    renderDelivery(<DeliveryContent />, { client });
    expect(await screen.findByText(/database is away/)).toBeInTheDocument();
    broken = false;
    screen.getByRole('button', { name: 'Try again' }).click();
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
  });

  it('shows repository and freshness', async () => {
    renderDelivery(<DeliveryContent />);
    expect(
      await screen.findByRole('link', { name: /Repository vaultex\/vaultex/ }),
    ).toHaveAttribute('href', 'https://github.com/vaultex/vaultex');
    expect(screen.getByText('as of 12 s ago')).toBeInTheDocument();
    await screen.findByText('Fix rounding in refunds');
    await expectAccessible();
  });

  it.each([
    [ingestion({ mode: 'poll' }), /no webhooks, last read 40 s ago/],
    [
      ingestion({ health: 'delayed', confirmedAt: NOW - 12 * 60_000 }),
      /not confirmed since 12 min ago/,
    ],
    [
      ingestion({ backfill: { state: 'running', runs: 40 } }),
      /The history is being read: 40 runs so far/,
    ],
  ])('says how news arrives (%#)', async (state, words) => {
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({
        overview: async () => overview({ ingestion: state }),
      }),
    });
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it('keeps the last state and says why when GitHub does not answer', async () => {
    const state = ingestion({
      health: 'error',
      confirmedAt: NOW - 5 * 60_000,
      problem: {
        code: 'rate_limited',
        message: 'GitHub asks to wait until 15:00.',
        at: NOW,
      },
    });
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({
        overview: async () => overview({ ingestion: state }),
      }),
    });
    expect(
      await screen.findByText('GitHub asks to wait until 15:00.'),
    ).toBeInTheDocument();
    expect(screen.getAllByText('5 min ago').length).toBeGreaterThan(0);
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
  });

  it('says that the repository is gone and links nowhere', async () => {
    renderDelivery(<DeliveryContent />, {
      client: fakeClient({
        overview: async () =>
          overview({
            repository: {
              slug: 'vaultex/vaultex',
              url: 'https://github.com/vaultex/vaultex',
              deleted: true,
            },
          }),
      }),
    });
    expect(
      await screen.findByText('The repository is gone'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('link', { name: /Repository/ }),
    ).not.toBeInTheDocument();
  });
});
