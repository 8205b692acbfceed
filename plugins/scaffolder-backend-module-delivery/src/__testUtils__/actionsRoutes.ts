import type { Express } from 'express';
import { z } from 'zod';
import { Refused, type FakeGithub } from './FakeGithub';
import type { FakeRepository } from './FakeRepository';

const BASE = '/repos/:owner/:repo/actions/permissions';

const schemas = {
  permissions: z.strictObject({
    enabled: z.boolean(),
    allowed_actions: z.enum(['all', 'local_only', 'selected']).optional(),
    sha_pinning_required: z.boolean().optional(),
  }),
  selected: z.strictObject({
    github_owned_allowed: z.boolean(),
    verified_allowed: z.boolean(),
    patterns_allowed: z.array(z.string()),
  }),
  workflow: z.strictObject({
    default_workflow_permissions: z.enum(['read', 'write']),
    can_approve_pull_request_reviews: z.boolean(),
  }),
  forkApproval: z.strictObject({
    approval_policy: z.enum([
      'first_time_contributors_new_to_github',
      'first_time_contributors',
      'all_external_contributors',
    ]),
  }),
  privateForks: z.strictObject({
    run_workflows_from_fork_pull_requests: z.boolean(),
    send_write_tokens_to_workflows: z.boolean(),
    send_secrets_and_variables: z.boolean(),
    require_approval_for_fork_pr_workflows: z.boolean(),
  }),
  retention: z.strictObject({ days: z.int().min(1).max(400) }),
};
type Setting = keyof typeof schemas;

const PATHS: Record<Setting, string> = {
  permissions: '',
  selected: '/selected-actions',
  workflow: '/workflow',
  forkApproval: '/fork-pr-contributor-approval',
  privateForks: '/fork-pr-workflows-private-repos',
  retention: '/artifact-and-log-retention',
};

/** Of the wrong kind of repository, or before the setting that it belongs to. */
function requireFitting(repo: FakeRepository, setting: Setting): void {
  if (
    setting === 'selected' &&
    repo.permissions.allowed_actions !== 'selected'
  ) {
    throw new Refused(409, 'The selected actions policy is not enabled');
  }
  if (setting === 'forkApproval' && repo.isPrivate) {
    throw new Refused(422, 'Only for public repositories');
  }
  if (setting === 'privateForks' && !repo.isPrivate) {
    throw new Refused(422, 'Only for private repositories');
  }
}

/** The policy of GitHub Actions. */
export function addActionsRoutes(app: Express, github: FakeGithub): void {
  for (const setting of Object.keys(schemas) as Setting[]) {
    const path = `${BASE}${PATHS[setting]}`;
    app.get(
      path,
      github.answer(req => {
        const repo = github.ownRepo(req);
        requireFitting(repo, setting);
        const found = repo[setting];
        if (!found) throw new Refused(404, 'Not Found');
        return found;
      }),
    );
    app.put(
      path,
      github.answer(req => {
        const repo = github.ownRepo(req);
        requireFitting(repo, setting);
        if (!repo[setting]) throw new Refused(404, 'Not Found');
        const parsed = schemas[setting].safeParse(req.body);
        if (!parsed.success) throw new Refused(422, parsed.error.message);
        repo[setting] = { ...repo[setting], ...parsed.data };
      }),
    );
  }
}
