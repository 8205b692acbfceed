import { Sandbox } from '../../server';
import { EnvironmentRecord, RepoRecord } from '../../state';
import type { Question } from './questions';

const R = '/repos/acme/fresh';
const E = `${R}/environments/live`;

const REVIEWED = {
  type: 'pull_request',
  parameters: {
    dismiss_stale_reviews_on_push: true,
    require_code_owner_review: false,
    require_last_push_approval: true,
    required_approving_review_count: 1,
    required_review_thread_resolution: false,
  },
};

/** Questions about `acme/fresh`, which the first of them creates, and about who may do what there. */
export function creationQuestions(sandbox: Sandbox): Record<string, Question> {
  const { state } = sandbox;
  const fresh = () => state.repo('acme', 'fresh') as RepoRecord;
  const live = () =>
    fresh().environments.find(e => e.name === 'live') as EnvironmentRecord;
  const policy = () =>
    `${E}/deployment-branch-policies/${live().branchPolicies?.[0].id}`;
  const ruleset = () => `${R}/rulesets/${fresh().rulesets?.[0].id}`;
  const sealed = { encrypted_value: 'c2VhbGVk', key_id: '1' };
  const env = '/repos/{owner}/{repo}/environments/{environment_name}';
  const base = '/repos/{owner}/{repo}';
  const settings = `${base}/actions/permissions`;
  const [team] = state.teams;

  return {
    'POST /orgs/{org}/repos': {
      path: '/orgs/acme/repos',
      body: { name: 'fresh', visibility: 'private', description: 'New' },
      status: 201,
    },
    'POST /user/repos': {
      path: '/user/repos',
      body: { name: 'own', auto_init: true },
      status: 201,
    },
    'GET /user/repos': { path: '/user/repos' },
    'GET /user/memberships/orgs/{org}': { path: '/user/memberships/orgs/acme' },
    'GET /orgs/{org}/memberships/{username}': {
      path: '/orgs/acme/memberships/cleo',
    },
    'GET /orgs/{org}/members/{username}': {
      path: '/orgs/acme/members/cleo',
      status: 204,
    },
    'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': {
      path: `/orgs/acme/teams/${team.slug}/memberships/cleo`,
    },
    [`PATCH ${base}`]: { path: R, body: { description: 'Newer' } },
    [`PUT ${base}/topics`]: { path: `${R}/topics`, body: { names: ['new'] } },
    [`GET ${base}/topics`]: { path: `${R}/topics` },
    [`PUT ${base}/collaborators/{username}`]: {
      path: `${R}/collaborators/outsider`,
      body: { permission: 'pull' },
      status: 204,
    },
    [`GET ${base}/collaborators/{username}/permission`]: {
      path: `${R}/collaborators/outsider/permission`,
    },
    'PUT /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}': {
      path: `/orgs/acme/teams/${team.slug}${R}`,
      body: { permission: 'maintain' },
      status: 204,
    },
    'GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}': {
      path: `/orgs/acme/teams/${team.slug}${R}`,
      accept: 'application/vnd.github.v3.repository+json',
    },
    [`GET ${base}/teams`]: { path: `${R}/teams` },
    [`PUT ${settings}`]: {
      path: `${R}/actions/permissions`,
      body: {
        enabled: true,
        allowed_actions: 'selected',
        sha_pinning_required: true,
      },
      status: 204,
    },
    [`GET ${settings}`]: { path: `${R}/actions/permissions` },
    [`PUT ${settings}/selected-actions`]: {
      path: `${R}/actions/permissions/selected-actions`,
      body: { patterns_allowed: ['acme/*'] },
      status: 204,
    },
    [`GET ${settings}/selected-actions`]: {
      path: `${R}/actions/permissions/selected-actions`,
    },
    [`PUT ${settings}/workflow`]: {
      path: `${R}/actions/permissions/workflow`,
      body: { default_workflow_permissions: 'read' },
      status: 204,
    },
    [`GET ${settings}/workflow`]: { path: `${R}/actions/permissions/workflow` },
    [`PUT ${settings}/access`]: {
      path: `${R}/actions/permissions/access`,
      body: { access_level: 'organization' },
      status: 204,
    },
    [`GET ${settings}/access`]: { path: `${R}/actions/permissions/access` },
    [`PUT ${settings}/fork-pr-contributor-approval`]: {
      path: `${R}/actions/permissions/fork-pr-contributor-approval`,
      body: { approval_policy: 'all_external_contributors' },
      status: 204,
    },
    [`GET ${settings}/fork-pr-contributor-approval`]: {
      path: `${R}/actions/permissions/fork-pr-contributor-approval`,
    },
    [`PUT ${settings}/fork-pr-workflows-private-repos`]: {
      path: `${R}/actions/permissions/fork-pr-workflows-private-repos`,
      body: { run_workflows_from_fork_pull_requests: false },
      status: 204,
    },
    [`GET ${settings}/fork-pr-workflows-private-repos`]: {
      path: `${R}/actions/permissions/fork-pr-workflows-private-repos`,
    },
    [`PUT ${settings}/artifact-and-log-retention`]: {
      path: `${R}/actions/permissions/artifact-and-log-retention`,
      body: { days: 30 },
      status: 204,
    },
    [`GET ${settings}/artifact-and-log-retention`]: {
      path: `${R}/actions/permissions/artifact-and-log-retention`,
    },
    [`PUT ${base}/actions/oidc/customization/sub`]: {
      path: `${R}/actions/oidc/customization/sub`,
      body: { use_default: true },
      status: 201,
    },
    [`GET ${base}/actions/oidc/customization/sub`]: {
      path: `${R}/actions/oidc/customization/sub`,
    },
    [`PUT ${env}`]: {
      path: E,
      body: {
        wait_timer: 5,
        prevent_self_review: true,
        reviewers: [{ type: 'Team', id: team.id }],
        deployment_branch_policy: {
          protected_branches: false,
          custom_branch_policies: true,
        },
      },
    },
    [`POST ${env}/deployment-branch-policies`]: {
      path: `${E}/deployment-branch-policies`,
      body: { name: 'main' },
    },
    [`GET ${env}/deployment-branch-policies`]: {
      path: `${E}/deployment-branch-policies`,
    },
    [`GET ${env}/deployment-branch-policies/{branch_policy_id}`]: {
      path: policy,
    },
    [`PUT ${env}/deployment-branch-policies/{branch_policy_id}`]: {
      path: policy,
      body: { name: 'release/*' },
    },
    [`DELETE ${env}/deployment-branch-policies/{branch_policy_id}`]: {
      path: policy,
      status: 204,
    },
    ...shelf(`${base}/actions/variables`, `${R}/actions/variables`, 'name', {
      name: 'WHERE',
      value: 'here',
    }),
    ...shelf(`${env}/variables`, `${E}/variables`, 'name', {
      name: 'WHERE',
      value: 'there',
    }),
    ...secrets(`${base}/actions/secrets`, `${R}/actions/secrets`, sealed),
    ...secrets(`${env}/secrets`, `${E}/secrets`, sealed),
    [`POST ${base}/rulesets`]: {
      path: `${R}/rulesets`,
      body: {
        name: 'delivery',
        enforcement: 'active',
        conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
        rules: [{ type: 'deletion' }, REVIEWED],
      },
      status: 201,
    },
    [`GET ${base}/rulesets`]: { path: `${R}/rulesets` },
    [`GET ${base}/rulesets/{ruleset_id}`]: { path: ruleset },
    [`PUT ${base}/rulesets/{ruleset_id}`]: {
      path: ruleset,
      body: { name: 'delivery 2' },
    },
    [`GET ${base}/rules/branches/{branch}`]: {
      path: `${R}/rules/branches/main`,
    },
    [`DELETE ${base}/rulesets/{ruleset_id}`]: { path: ruleset, status: 204 },
    [`DELETE ${env}`]: { path: E, status: 204 },
    [`DELETE ${base}`]: { path: R, status: 204 },
  };
}

/** Creating, reading, changing and removing a variable. */
function shelf(
  route: string,
  path: string,
  name: string,
  body: { name: string; value: string },
): Record<string, Question> {
  const one = { path: `${path}/${body.name}` };
  return {
    [`POST ${route}`]: { path, body, status: 201 },
    [`GET ${route}`]: { path },
    [`GET ${route}/{${name}}`]: one,
    [`PATCH ${route}/{${name}}`]: { ...one, body: { value: 'x' }, status: 204 },
    [`DELETE ${route}/{${name}}`]: { ...one, status: 204 },
  };
}

/** The same for a secret. */
function secrets(
  route: string,
  path: string,
  body: object,
): Record<string, Question> {
  const one = { path: `${path}/TOKEN` };
  return {
    [`GET ${route}/public-key`]: { path: `${path}/public-key` },
    [`PUT ${route}/{secret_name}`]: { ...one, body, status: 201 },
    [`GET ${route}`]: { path },
    [`GET ${route}/{secret_name}`]: one,
    [`DELETE ${route}/{secret_name}`]: { ...one, status: 204 },
  };
}
