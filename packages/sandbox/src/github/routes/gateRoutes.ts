import { EnvironmentRecord, GitHubError, RepoRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import {
  approval,
  deployment,
  environment,
  pendingDeployment,
} from '../bodies/deploymentBodies';

/** The environment of the route; names are the same in capitals and small letters. */
export function environmentIn(call: Call, repo: RepoRecord): EnvironmentRecord {
  const name = call.param('environment_name').toLowerCase();
  const found = repo.environments.find(e => e.name.toLowerCase() === name);
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

function reviewOf(call: Call) {
  const { environment_ids: ids, state, comment } = call.json();
  if (
    !Array.isArray(ids) ||
    ids.length === 0 ||
    !ids.every((id): id is number => Number.isInteger(id)) ||
    (state !== 'approved' && state !== 'rejected') ||
    typeof comment !== 'string'
  ) {
    throw new GitHubError(
      422,
      'Invalid request.\n\n"environment_ids", "state", "comment" weren\'t supplied or are of a wrong type.',
    );
  }
  const decision: 'approved' | 'rejected' = state;
  return { environmentIds: ids, state: decision, comment };
}

/** Environments, what waits at them, and the answers of reviewers. */
export function addGateRoutes(api: ApiRoutes): void {
  const run = '/repos/{owner}/{repo}/actions/runs/{run_id}';
  const environments = '/repos/{owner}/{repo}/environments';

  api.get(`${run}/pending_deployments`, call => {
    const record = call.run();
    const person = call.actor.kind === 'user' ? call.actor.account : undefined;
    return {
      body: call.ctx.engine
        .pending(record)
        .map(waiting => pendingDeployment(call.ctx, record, waiting, person)),
    };
  });

  api.post(`${run}/pending_deployments`, call => {
    // reviewers are people: an installation token can never answer
    const person = call.person();
    call.repo('deployments', 'read');
    const record = call.run();
    // one text for "nothing waits", "not your gate", "your own change" and "the timer runs", as at GitHub
    const made = call.ctx.engine.review(record, {
      ...reviewOf(call),
      actor: person.login,
    });
    call.ctx.store.changed();
    return { body: made.map(d => deployment(call.ctx, d)) };
  });

  api.get(`${run}/approvals`, call => {
    const record = call.run();
    return { body: record.reviews.map(r => approval(call.ctx, record, r)) };
  });

  api.get(environments, call => {
    const repo = call.repo('actions');
    return {
      body: {
        total_count: repo.environments.length,
        environments: call
          .page(repo.environments)
          .map(e => environment(call.ctx, repo, e)),
      },
    };
  });

  api.get(
    `${environments}/{environment_name}/deployment_protection_rules`,
    call => {
      environmentIn(call, call.repo('actions'));
      return {
        body: { total_count: 0, custom_deployment_protection_rules: [] },
      };
    },
  );

  api.get(`${environments}/{environment_name}`, call => {
    const repo = call.repo('actions');
    return { body: environment(call.ctx, repo, environmentIn(call, repo)) };
  });
}
