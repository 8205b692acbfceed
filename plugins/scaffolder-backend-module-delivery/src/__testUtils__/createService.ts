import type { JsonObject } from '@backstage/types';
import type { Done, Portal, Start } from './makePortal';
import { planInput } from './planInput';

export const SHA = 'f'.repeat(40);

/** A platform repository at whose tag the reusable workflows are, with a successful onboarding. */
export function makePlatform(portal: Portal) {
  const platform = portal.github.repository('platform-workflows');
  platform.push({}, SHA);
  return platform.run({
    ...{ status: 'completed', conclusion: 'success' },
    event: 'workflow_dispatch',
  });
}

/** Steps of ours of one service, in their order; the first error ends it, as it ends a task. */
export async function createService(portal: Portal): Promise<Done> {
  const repoUrl = portal.repoUrl('shop');
  const plan = await portal.run('delivery:plan', planInput(repoUrl));
  if (plan.error) return plan;
  const { environments, repositoryVariables, repositoryExists } =
    plan.outputs as JsonObject;
  if (!repositoryExists) portal.github.repository('shop');
  const facts = await portal.run('delivery:github:repo-facts', { repoUrl });
  if (facts.error) return facts;
  const repositoryId = facts.outputs.repositoryId as number;
  const at = { repoUrl, repositoryId };

  for (const environment of environments as JsonObject[]) {
    const { name, approval, reviewers, branches, variables } = environment;
    const done = await portal.run('delivery:github:environment:ensure', {
      ...at,
      ...{ name, reviewers, branches, variables },
      requireReviewers: approval,
    });
    if (done.error) return done;
  }
  const policy = await portal.run('delivery:github:actions-policy', {
    ...at,
    allowedPatterns: ['acme/platform-workflows@*'],
    variables: repositoryVariables,
  });
  if (policy.error) return policy;

  const repo = portal.github.repositories.get('acme/shop')!;
  if (facts.outputs.empty) {
    repo.push({
      'catalog-info.yaml':
        'kind: Component\nmetadata: {name: shop, annotations: {delivery.platform/template: node-ecs-service@1}}',
    });
    repo.run();
  }
  const ruleset = await portal.run('delivery:github:ruleset:ensure', {
    ...at,
    requiredChecks: ['Gate'],
  });
  if (ruleset.error) return ruleset;
  const run = await portal.run('delivery:github:run:wait', {
    ...{ repoUrl, branch: 'main', until: 'created' },
  });
  if (run.error) return run;
  return verifyService(portal, {
    environments,
    firstRunId: run.outputs.runId as number,
  });
}

/** The last step. */
export function verifyService(
  portal: Portal,
  changes: JsonObject = {},
  start: Start = {},
): Promise<Done> {
  const platform = portal.github.repositories.get('acme/platform-workflows');
  return portal.run(
    'delivery:verify',
    {
      repoUrl: portal.repoUrl('shop'),
      repositoryId: portal.github.repositories.get('acme/shop')!.id,
      environments: [],
      entityRef: 'component:default/shop',
      workflows: { repository: 'acme/platform-workflows', sha: SHA },
      onboardingRunId: platform?.runs[0]?.id ?? 1,
      ...changes,
    },
    start,
  );
}
