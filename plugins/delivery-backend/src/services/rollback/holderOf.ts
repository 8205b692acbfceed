import { matchesEnvironment } from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../../database/DeliveryStore';

/** The oldest run that waits to deploy there, or does. */
export async function holderOf(
  store: Pick<DeliveryStore, 'openRuns' | 'jobs'>,
  repoKey: string,
  match: string[],
): Promise<{ runId: string; runNumber: number } | undefined> {
  const open = await store.openRuns(repoKey);
  if (open.length === 0) return undefined;
  const jobs = await store.jobs(open.map(run => run.runKey));
  const holding = open.filter(
    run =>
      run.waitingFor.some(name => matchesEnvironment(match, name)) ||
      jobs.some(
        job =>
          job.runKey === run.runKey &&
          job.attempt === run.attempt &&
          job.state.status === 'in_progress' &&
          job.environment !== undefined &&
          matchesEnvironment(match, job.environment),
      ),
  );
  const [oldest] = holding.sort((a, b) => a.createdAt - b.createdAt);
  return oldest && { runId: oldest.runKey, runNumber: oldest.runNumber };
}
