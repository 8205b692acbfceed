import { repositoryScope } from '../../plugins/delivery-backend/src/ingestion/scopes';
import type { OneHistory } from './OneHistory';
import type { connectPortal } from './connectPortal';
import { WORKFLOW_PATH, type History } from './world';

const HOUR = 3600_000;

/**
 * Makes the portal one that has been running for weeks: the workflow file of each repository is known, and the repositories were last
 * compared with GitHub at different times. Otherwise all two thousand would be compared in the same minute, hour after hour.
 */
export async function primeAsRunning(options: {
  portal: Awaited<ReturnType<typeof connectPortal>>;
  git: OneHistory;
  history: History;
  random: () => number;
  now: number;
  /** Mean time between two pushes to one repository. */
  betweenMs: number;
}): Promise<void> {
  const { portal, git, history, random, now, betweenMs } = options;
  const { store, host } = portal;
  const since = () => -betweenMs * Math.log(1 - random());
  // A repository is compared an hour after the last time, or later, at its next event.
  const waitMs = betweenMs * Math.exp(-HOUR / betweenMs);
  const withinHour = HOUR / (HOUR + waitMs);
  const ours = new Set(
    [...history.positions.keys()].map(id => {
      const { owner, name } = portal.repository(id);
      return repositoryScope(host, `${owner}/${name}`);
    }),
  );
  const states = await store.syncStates();
  for (const state of states.filter(({ scope }) => ours.has(scope))) {
    if (!state.scope.startsWith('repo:')) continue;
    const isFresh = random() < withinHour;
    const age = isFresh ? random() * HOUR : HOUR + since();
    const quiet = isFresh ? since() : Infinity;
    await store.saveSyncState({ ...state, confirmedAt: now - age });
    if (quiet < age) await store.sawEvents([state.scope], now - quiet);
  }
  const repositories = new Map(
    (await store.repositories()).map(row => [
      repositoryScope(row.host, row.slug),
      row.repoKey,
    ]),
  );
  for (const [id, position] of history.positions) {
    const repo = portal.repository(id);
    const scope = repositoryScope(host, `${repo.owner}/${repo.name}`);
    const repoKey = repositories.get(scope);
    const sha = history.shas[position];
    const files = await git.listFiles(repo, sha);
    const blob = files.find(({ path }) => path === WORKFLOW_PATH);
    const text = blob && (await git.readBlob(repo, blob.sha));
    if (!repoKey || !blob || !text) throw new Error(`Not read: ${scope}`);
    await store.saveWorkflowFile({
      ...{ repoKey, sha, path: WORKFLOW_PATH, blobSha: blob.sha },
      text: text.toString('utf8'),
    });
  }
}
