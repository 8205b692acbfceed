import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Comparison } from 'backstage-plugin-delivery-common';
import { comparison } from '../../../dev/environmentFixtures';
import { ENTITY_REF, HOSTILE, NOW, SCRIPT_URL } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  pending,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { CompareDrawer } from './CompareDrawer';

// Roles of many nodes are computed one by one, and that on a machine that may be busy.
jest.setTimeout(30_000);

function show(
  compare: () => Promise<Comparison>,
  handlers: { onClose?: () => void; onPair?: () => void } = {},
) {
  return renderDelivery(
    <CompareDrawer
      entityRef={ENTITY_REF}
      pair={{ from: 'production', to: 'staging' }}
      onClose={handlers.onClose ?? (() => undefined)}
      onPair={handlers.onPair ?? (() => undefined)}
    />,
    { client: fakeClient({ compare }) },
  );
}

describe('CompareDrawer', () => {
  it('lists the commits one has and the other has not, with the way to the vendor', async () => {
    show(async () => comparison());
    const list = await screen.findByRole('list', { name: /newest first/ });
    const rows = within(list).getAllByRole('listitem');
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Fix rounding in refunds9f31c07.*danaPR 418/),
      expect.stringMatching(/^Raise merchant limitc81d9aaraviPR 412/),
      expect.stringMatching(/^Cache FX rates0b7ee31/),
    ]);
    expect(
      screen.getByRole('link', { name: /^Compare in GitHub/ }),
    ).toHaveAttribute(
      'href',
      'https://github.com/vaultex/vaultex/compare/71be2d0...9f31c07',
    );
    await expectAccessible('[role=dialog]');
  });

  it.each<[Partial<Comparison>, string]>([
    [{}, 'staging is 3 commits ahead of production.'],
    [
      { status: 'behind', commits: [], total: 0, missing: 1 },
      'staging is 1 commit behind production.',
    ],
    [
      { status: 'diverged', missing: 2 },
      'staging and production have diverged: staging has 3 commits that production lacks, and lacks 2.',
    ],
    [
      { status: 'identical', commits: [], total: 0 },
      'staging and production run the same commit.',
    ],
    [
      { status: 'unknown', commits: [], total: 0 },
      'They cannot be compared: the commit of one of them is not known. The environment itself says why.',
    ],
    [{ total: 400 }, 'The newest 3 of 400 commits. All of them are in GitHub.'],
    [
      {
        problem: {
          code: 'gone',
          message: 'GitHub no longer has 71be2d0.',
          at: NOW,
        },
      },
      'GitHub no longer has 71be2d0.',
    ],
  ])('says how they stand (%#)', async (state, words) => {
    show(async () => comparison(state));
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it('turns round, and closes with Escape and its button', async () => {
    const user = userEvent.setup();
    const onPair = jest.fn();
    const onClose = jest.fn();
    show(async () => comparison(), { onPair, onClose });
    await user.click(
      await screen.findByRole('button', { name: 'The other way round' }),
    );
    expect(onPair).toHaveBeenCalledWith({ from: 'staging', to: 'production' });
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it('shows its shape while it loads, and the error with the way out', async () => {
    const first = show(pending);
    expect(
      await screen.findByRole('status', { name: 'Comparing' }),
    ).toBeInTheDocument();
    first.unmount();
    show(failing(429, 'TooManyRequestsError', 'GitHub asks to wait.'));
    expect(await screen.findByText('GitHub asks to wait.')).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Try again' }),
    ).toBeInTheDocument();
  });

  it('shows hostile titles as text and links to nothing that would run', async () => {
    show(async () =>
      comparison({
        url: SCRIPT_URL,
        commits: [
          { sha: 'abcdef0', title: HOSTILE, author: HOSTILE, url: SCRIPT_URL },
        ],
        total: 1,
      }),
    );
    expect(await screen.findAllByText(/<script>/)).toHaveLength(2);
    expect(document.querySelector('script')).toBeNull();
    expect(within(screen.getByRole('dialog')).queryByText(/abcdef0/)).not.toBe(
      null,
    );
    expect(document.querySelector('a[href^=javascript]')).toBeNull();
  });
});
