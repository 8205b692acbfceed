import {
  Account,
  DeploymentRecord,
  DeploymentStatusRecord,
  EnvironmentRecord,
  PendingGate,
  RepoRecord,
  ReviewRecord,
  RunRecord,
} from '../../state';
import { GitHubContext } from '../gitHubContext';
import { team, userOf } from './accountBodies';
import { repoApi, repoHtml } from './repoBodies';
import { repoById } from './runBodies';
import { iso, Schema } from './schemas';

export function deployment(
  ctx: GitHubContext,
  record: DeploymentRecord,
): Schema<'deployment'> {
  const api = repoApi(ctx, repoById(ctx, record.repoId));
  const url = `${api}/deployments/${record.id}`;
  return {
    url,
    id: record.id,
    node_id: record.nodeId,
    sha: record.sha,
    ref: record.ref,
    task: 'deploy',
    payload: {},
    original_environment: record.environment,
    environment: record.environment,
    description: null,
    creator: userOf(ctx, record.creator),
    created_at: iso(record.createdAt),
    updated_at: iso(record.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: api,
    transient_environment: false,
    production_environment: record.environment === 'production',
    performed_via_github_app: null,
  };
}

/** The page of the job that made a deployment; the list of deployments when it came from the API. */
export function deploymentPage(
  ctx: GitHubContext,
  record: DeploymentRecord,
): string {
  const repo = repoById(ctx, record.repoId);
  if (record.runId === null || record.jobId === null) {
    return `${repoHtml(ctx, repo)}/deployments`;
  }
  return `${repoHtml(ctx, repo)}/actions/runs/${record.runId}/job/${
    record.jobId
  }`;
}

export function deploymentStatus(
  ctx: GitHubContext,
  record: DeploymentRecord,
  status: DeploymentStatusRecord,
): Schema<'deployment-status'> {
  const api = repoApi(ctx, repoById(ctx, record.repoId));
  const page = deploymentPage(ctx, record);
  return {
    url: `${api}/deployments/${record.id}/statuses/${status.id}`,
    id: status.id,
    node_id: status.nodeId,
    // `waiting` is on GitHub's wire though its REST description leaves it out
    state: status.state as Schema<'deployment-status'>['state'],
    creator: userOf(ctx, status.creator),
    description: status.description,
    environment: record.environment,
    target_url: page,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    deployment_url: `${api}/deployments/${record.id}`,
    repository_url: api,
    log_url: page,
    performed_via_github_app: null,
  };
}

function environmentUrls(
  ctx: GitHubContext,
  repo: RepoRecord,
  record: EnvironmentRecord,
) {
  return {
    id: record.id,
    node_id: record.nodeId,
    name: record.name,
    url: `${repoApi(ctx, repo)}/environments/${encodeURIComponent(
      record.name,
    )}`,
    html_url: `${repoHtml(
      ctx,
      repo,
    )}/deployments/activity_log?environments_filter=${encodeURIComponent(
      record.name,
    )}`,
  };
}

function accountById(ctx: GitHubContext, id: number): Account | undefined {
  return [...ctx.store.accounts.values()].find(account => account.id === id);
}

/** Reviewers that still exist. */
export function reviewers(
  ctx: GitHubContext,
  gate: EnvironmentRecord,
): Schema<'pending-deployment'>['reviewers'] {
  return gate.reviewers.flatMap(
    (reviewer): Schema<'pending-deployment'>['reviewers'] => {
      if (reviewer.type === 'Team') {
        const found = ctx.store.teams.find(t => t.id === reviewer.id);
        return found ? [{ type: 'Team', reviewer: team(ctx, found) }] : [];
      }
      const person = accountById(ctx, reviewer.id);
      return person
        ? [{ type: 'User', reviewer: userOf(ctx, person.login) }]
        : [];
    },
  );
}

/** Whether a person is a required reviewer and not kept out by "prevent self-review". */
export function mayReview(
  ctx: GitHubContext,
  run: RunRecord,
  gate: EnvironmentRecord,
  person: Account,
): boolean {
  const trigger = run.attempts[run.attempts.length - 1].triggeringActor;
  if (gate.preventSelfReview && trigger === person.login) return false;
  return gate.reviewers.some(reviewer =>
    reviewer.type === 'User'
      ? reviewer.id === person.id
      : ctx.store.teams.some(
          t => t.id === reviewer.id && t.members.includes(person.login),
        ),
  );
}

/** `can_admins_bypass` is on GitHub's wire but missing from its OpenAPI description. */
export function environment(
  ctx: GitHubContext,
  repo: RepoRecord,
  record: EnvironmentRecord,
): Schema<'environment'> & { can_admins_bypass: boolean } {
  const rules: NonNullable<Schema<'environment'>['protection_rules']> = [];
  if (record.waitTimerMinutes > 0) {
    rules.push({
      id: record.id * 10 + 1,
      node_id: `${record.nodeId}_1`,
      type: 'wait_timer',
      wait_timer: record.waitTimerMinutes,
    });
  }
  if (record.reviewers.length > 0) {
    rules.push({
      id: record.id * 10 + 2,
      node_id: `${record.nodeId}_2`,
      type: 'required_reviewers',
      prevent_self_review: record.preventSelfReview,
      reviewers: reviewers(ctx, record),
    });
  }
  if (record.branchPolicies) {
    rules.push({
      id: record.id * 10 + 3,
      node_id: `${record.nodeId}_3`,
      type: 'branch_policy',
    });
  }
  return {
    ...environmentUrls(ctx, repo, record),
    created_at: iso(record.createdAt),
    updated_at: iso(record.updatedAt ?? record.createdAt),
    can_admins_bypass: record.canAdminsBypass,
    protection_rules: rules,
    deployment_branch_policy: record.branchPolicies
      ? {
          protected_branches: record.protectedBranchesOnly ?? false,
          custom_branch_policies: !record.protectedBranchesOnly,
        }
      : null,
  };
}

export function pendingDeployment(
  ctx: GitHubContext,
  run: RunRecord,
  waiting: PendingGate,
  person: Account | undefined,
): Schema<'pending-deployment'> {
  const { environment: record, timerEndsAt } = waiting;
  return {
    environment: environmentUrls(ctx, repoById(ctx, run.repoId), record),
    wait_timer: record.waitTimerMinutes,
    // the sandbox waits shorter than it says: who adds the minutes to this gets the true end
    wait_timer_started_at:
      timerEndsAt === undefined
        ? null
        : iso(timerEndsAt - record.waitTimerMinutes * 60_000),
    current_user_can_approve:
      person !== undefined && mayReview(ctx, run, record, person),
    reviewers: reviewers(ctx, record),
  };
}

export function approval(
  ctx: GitHubContext,
  run: RunRecord,
  review: ReviewRecord,
): Schema<'environment-approvals'> {
  const repo = repoById(ctx, run.repoId);
  return {
    state: review.state,
    comment: review.comment,
    user: userOf(ctx, review.user),
    environments: repo.environments
      .filter(record => review.environmentIds.includes(record.id))
      .map(record => ({
        ...environmentUrls(ctx, repo, record),
        created_at: iso(record.createdAt),
        updated_at: iso(record.updatedAt ?? record.createdAt),
      })),
  };
}
