import type { SyncStateRow } from '../database/rows';
import { IngestionView } from './IngestionView';

const NOW = 1_000_000;

function viewOf(state: SyncStateRow | undefined) {
  const syncState = jest.fn(async () => state);
  const view = new IngestionView({
    store: { syncState },
    mode: 'webhook',
    delayedAfterMs: 1_000,
    now: () => NOW,
  });
  return { syncState, of: () => view.of('github.com', 'Acme/Api') };
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
});
