import { screen, waitFor, within } from '@testing-library/react';
import type { ActOperation } from 'backstage-plugin-delivery-common';
import {
  approvedOperation,
  operation,
  OPERATION_ID,
} from '../../../dev/approvalFixtures';
import { HOSTILE, SCRIPT_URL } from '../../../dev/fixtures';
import { expectAccessible } from '../../../dev/testUtils/expectAccessible';
import {
  failing,
  fakeClient,
  renderDelivery,
} from '../../../dev/testUtils/renderDelivery';
import { nextLook } from '../../hooks/useOperation';
import { OperationProgress } from './OperationProgress';

jest.setTimeout(30_000);

function show(
  answer: () => Promise<ActOperation>,
  onEnd?: (operation: ActOperation) => void,
) {
  return renderDelivery(
    <OperationProgress operationId={OPERATION_ID} onEnd={onEnd} />,
    { client: fakeClient({ operation: answer }) },
  );
}

const steps = async () =>
  within(await screen.findByRole('list', { name: 'Progress' }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);

describe('OperationProgress', () => {
  it('shows each step with its word as it happens, then the end, and tells of it once', async () => {
    let done = 1;
    const onEnd = jest.fn();
    const { client } = show(async () => {
      done += 1;
      return done > 3 ? approvedOperation : operation(done - 1);
    }, onEnd);
    expect(await steps()).toEqual([
      'Your identity is proveddone',
      'The present state is readrunning',
      'The rules are checkednot yet',
      'The checks are looked atnot yet',
      'Sentnot yet',
      'Confirmednot yet',
    ]);
    expect(onEnd).not.toHaveBeenCalled();
    expect(
      await screen.findByText('Done', {}, { timeout: 5_000 }),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Open the run' })).toHaveAttribute(
      'href',
      '/delivery/runs/gh.1287',
    );
    expect(
      screen.getByRole('link', { name: /^Open in GitHub/ }),
    ).toBeInTheDocument();
    expect(screen.getByText('Audit entry 4711')).toBeInTheDocument();
    expect(screen.getByRole('status', { name: 'Progress' })).toBeVisible();
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(onEnd).toHaveBeenCalledWith(approvedOperation);
    expect(client.operation).toHaveBeenCalledTimes(3);
    await expectAccessible();
  });

  it.each<[ActOperation['state'], string]>([
    ['refused', 'Refused: nothing was sent'],
    ['failed', 'It did not work'],
    ['unknown', 'Nobody knows yet whether it was done'],
  ])('says how it ended: %s', async (state, words) => {
    show(async () =>
      operation(2, {
        state,
        outcome: { code: 'x', message: 'Because of something.' },
      }),
    );
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(screen.getByText('Because of something.')).toBeInTheDocument();
  });

  it('shows a step it does not know by its own name, and hostile texts as text', async () => {
    show(async () =>
      operation(0, {
        state: 'failed',
        steps: [
          { code: 'weigh_cargo', state: 'failed', message: HOSTILE },
          { code: 'constructor', state: 'pending' },
        ],
        outcome: { code: 'x', message: HOSTILE, url: SCRIPT_URL },
      }),
    );
    const [first, second] = await steps();
    expect(first).toMatch(/^weigh_cargo <script>/);
    expect(second).toBe('constructornot yet');
    expect(document.querySelector('script')).toBeNull();
    expect(document.querySelector('a[href^=javascript]')).toBeNull();
  });

  it('keeps what it knows while the line is broken, and goes on', async () => {
    let calls = 0;
    const { api } = show(async () => {
      calls += 1;
      return calls === 2
        ? failing(503, 'Busy', 'The portal starts.')()
        : operation(3);
    });
    await steps();
    await api.queries.refetchQueries();
    expect(
      await screen.findByText(/could not be read: The portal starts/),
    ).toBeInTheDocument();
    expect(await steps()).toHaveLength(6);
    await api.queries.refetchQueries();
    await waitFor(() =>
      expect(screen.queryByText(/could not be read/)).toBeNull(),
    );
  });
});

describe('nextLook', () => {
  const refusal = (status: number) =>
    failing(status, 'Error', 'x')().catch((error: Error) => error);

  it('looks twice a second while it runs, and no more when it is over', () => {
    expect(nextLook(undefined, null)).toBe(500);
    expect(nextLook({ state: 'running' }, null)).toBe(500);
    expect(nextLook({ state: 'succeeded' }, null)).toBe(false);
    expect(nextLook({ state: 'refused' }, null)).toBe(false);
    expect(nextLook({ state: 'failed' }, null)).toBe(false);
  });

  it('looks now and then while nobody knows, and does not storm a portal that is down', async () => {
    expect(nextLook({ state: 'unknown' }, null)).toBe(10_000);
    expect(nextLook({ state: 'running' }, new TypeError('x'))).toBe(3_000);
    expect(nextLook(undefined, await refusal(503))).toBe(3_000);
    expect(nextLook(undefined, await refusal(404))).toBe(false);
    expect(nextLook(undefined, await refusal(403))).toBe(false);
  });
});
