import { GitHubContext } from '../github/gitHubContext';
import { awsStatus } from './awsStatus';
import { lastAttempt } from '../github/bodies/runBodies';

/** Counts, runs under way, deliveries and faults: what `yarn sandbox status` prints. */
export function status(ctx: GitHubContext) {
  const { store } = ctx;
  const underWay = [...store.runs.values()].filter(
    run => lastAttempt(run).status !== 'completed',
  );
  const deliveries = ctx.webhooks.newestFirst();
  return {
    url: ctx.baseUrl,
    webhookUrl: ctx.webhooks.url,
    appPrivateKeyFile: ctx.app.privateKeyFile ?? null,
    counts: {
      repositories: store.repos.size,
      runs: store.runs.size,
      deployments: store.deployments.size,
      pullRequests: store.pulls.size,
    },
    underWay: underWay.map(run => {
      const repo = store.repos.get(run.repoId);
      return {
        repo: repo ? `${repo.owner}/${repo.name}` : '',
        run: run.id,
        name: `${run.name} #${run.runNumber}`,
        attempt: lastAttempt(run).attempt,
        status: lastAttempt(run).status,
        waitsFor: ctx.engine.pending(run).map(p => p.environment.name),
      };
    }),
    webhooks: {
      waiting: ctx.webhooks.waiting,
      delivered: deliveries.filter(d => d.status === 'OK').length,
      failed: deliveries.filter(d => d.status !== 'OK').length,
    },
    faults: ctx.faults.list(),
    calls: ctx.counters.total(),
    ...(ctx.aws && { aws: awsStatus(ctx.aws.cloud, store.clock.now()) }),
  };
}
