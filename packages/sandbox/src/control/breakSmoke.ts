import { GitHubContext } from '../github/gitHubContext';
import { GitHubError } from '../state';
import { Body, text } from './awsTarget';
import { ControlParts, resolveTarget } from './target';

const ENVIRONMENT = 'production';

/** Lets the smoke test of the next job that deploys to production fail, so that its pipeline rolls back. */
export function breakSmoke(
  ctx: GitHubContext,
  parts: ControlParts,
  body: Body,
) {
  const component = text(body, 'target') ?? '';
  const { repo, workflows } = resolveTarget(ctx, parts, component);
  const deploys = repo.environments.some(({ name }) => name === ENVIRONMENT);
  if (!deploys) {
    throw new GitHubError(
      409,
      `${component} deploys without an environment at GitHub and without a smoke test. Take vaultex-api, for example.`,
    );
  }
  const place = parts
    .placesOf?.(component)
    .find(item => item.environment === ENVIRONMENT);
  const service =
    place &&
    ctx.aws?.cloud.records.services.find(
      ({ accountId, region, cluster, name }) =>
        accountId === place.name.accountId &&
        region === place.name.region &&
        cluster === place.name.cluster &&
        name === place.name.service,
    );
  if (service && service.targetGroups.length === 0) {
    throw new GitHubError(
      409,
      `${component} is a worker without an address: its pipeline has no smoke test. Use "fail ${component} --job production".`,
    );
  }
  if (!ctx.engine.failStep) {
    throw new GitHubError(501, 'The engine cannot make a step fail.');
  }
  const wish = { workflows, environment: ENVIRONMENT, step: 'smoke' };
  ctx.engine.failStep(repo, wish);
  return { repo: `${repo.owner}/${repo.name}`, ...wish };
}
