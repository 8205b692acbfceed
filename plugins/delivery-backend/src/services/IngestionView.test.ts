import type { SyncStateRow } from '../database/rows';
import { IngestionView } from './IngestionView';

const NOW = 1_000_000;

function viewOf(
  state: SyncStateRow | undefined,
  mode: 'webhook' | 'poll' = 'webhook',
) {
  const syncState = jest.fn(async () => state);
  const view = new IngestionView({
    store: { syncState },
    mode,
    delayedAfterMs: 1_000,
    now: () => NOW,
  });
  return {
    syncState,
    of: () => view.of('github.com', 'Acme/Api'),
    deployments: (completedAt?: number) =>
      view.deploymentsKnownSince('github.com', 'Acme/Api', { completedAt }),
  };
}
const row: SyncStateRow = {
  scope: 'repo:github.com/acme/api',
  backfill: 'done',
  runs: 12,
  confirmedAt: NOW - 1_000,
};
const problem = { code: 'github_unavailable', message: 'down', at: NOW };

describe('IngestionView', () => {
  it.each([
    ['ok', row],
    ['delayed', { ...row, confirmedAt: NOW - 1_001 }],
    ['unknown', { ...row, confirmedAt: undefined }],
    ['error', { ...row, problem }],
  ])('is %s', async (health, state) => {
    const view = viewOf(state);
    expect(await view.of()).toMatchObject({
      mode: 'webhook',
      health,
      backfill: { state: 'done', runs: 12 },
    });
    expect(view.syncState).toHaveBeenCalledWith(row.scope);
  });

  it('waits for the first read of a repository', async () => {
    expect(await viewOf(undefined).of()).toEqual({
      mode: 'webhook',
      health: 'unknown',
      backfill: { state: 'pending', runs: 0 },
    });
  });

  describe('since when deployments are known', () => {
    const read = {
      ...row,
      scope: 'deployments:github.com/acme/api',
      dataSince: 5,
      confirmedAt: 100,
    };

    it('is said by their own reading', async () => {
      const view = viewOf(read);
      expect(await view.deployments()).toBe(5);
      expect(view.syncState).toHaveBeenCalledWith(read.scope);
      expect(await viewOf(undefined).deployments()).toBeUndefined();
      expect(
        await viewOf({ ...read, dataSince: undefined }).deployments(),
      ).toBeUndefined();
    });

    it.each([
      [99, 5],
      [100, undefined],
      [undefined, undefined],
    ])(
      'without events holds for a run completed at %s: %s',
      async (completedAt, expected) => {
        expect(await viewOf(read, 'poll').deployments(completedAt)).toBe(
          expected,
        );
      },
    );
  });
});
