import { account, NOW, SHA, type Answers } from './startVendor';

export const REPO = '/repos/acme/vaultex';
export const RUN = `${REPO}/actions/runs/5`;

export const at = (minutes: number) =>
  new Date(NOW + minutes * 60_000).toISOString();
/** Shaped after GitHub's `workflow-run`. */
export const run = (more: object = {}) => ({
  ...{ id: 5, name: 'Deploy', head_sha: SHA, run_number: 8, run_attempt: 1 },
  ...{ status: 'waiting', conclusion: null, workflow_id: 3, event: 'push' },
  ...{ created_at: at(-10), updated_at: at(-1), html_url: 'https://x.example' },
  actor: account(31, 'cleo'),
  triggering_actor: account(31, 'cleo'),
  repository: { id: 9, full_name: 'acme/vaultex' },
  ...more,
});
export const reviewers = [
  { type: 'User', reviewer: account(32, 'mei') },
  {
    type: 'Team',
    reviewer: { id: 7, node_id: 'T_7', name: 'Ops', slug: 'ops' },
  },
  { type: 'Oracle', reviewer: { id: 8, node_id: 'O_8', slug: 'delphi' } },
  { type: 'User', reviewer: null },
];
/** Shaped after GitHub's `pending-deployment`. */
export const pending = (name = 'production', more: object = {}) => ({
  environment: { id: 42, node_id: 'EN_42', name, url: 'x', html_url: 'x' },
  ...{ wait_timer: 30, wait_timer_started_at: at(-5) },
  ...{ current_user_can_approve: true, reviewers },
  ...more,
});
/** Shaped after GitHub's `environment`. */
export const environment = (name = 'production', more: object = {}) => ({
  ...{ id: 42, node_id: 'EN_42', name, can_admins_bypass: false },
  protection_rules: [
    { id: 1, node_id: 'x', type: 'wait_timer', wait_timer: 30 },
    {
      ...{ id: 2, node_id: 'x', type: 'required_reviewers' },
      ...{ prevent_self_review: true, reviewers },
    },
    { id: 3, node_id: 'x', type: 'branch_policy' },
  ],
  ...more,
});
export const deployment = (id: number, more: object = {}) => ({
  ...{ id, sha: SHA, ref: 'main', environment: 'production', task: 'deploy' },
  ...{ created_at: at(-9), creator: account(31, 'cleo') },
  ...more,
});
/** Everything as it should be: one gate, and the run waits at it. */
export const basics: Answers = {
  [`GET ${RUN}`]: { body: run() },
  [`GET ${RUN}/pending_deployments`]: { body: [pending()] },
  [`GET ${REPO}/deployments`]: { body: [] },
  [`GET ${REPO}/environments/production`]: { body: environment() },
  [`GET ${REPO}/environments`]: { body: { environments: [] } },
};
