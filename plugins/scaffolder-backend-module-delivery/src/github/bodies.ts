import { z } from 'zod';
import { GithubCallError } from './GithubCallError';

/**
 * What we read of GitHub's bodies. They come from outside and from versions we never saw: what is not needed may be missing, a thing of
 * the wrong type is refused.
 */

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const name = z.string().max(1_000);

export const accountSchema = z.object({
  id,
  login: z.string().min(1).max(100),
  node_id: name.optional(),
  type: name.optional(),
});

export const organisationSchema = z.object({
  id,
  login: z.string().min(1).max(100),
  plan: z.object({ name }).nullish(),
});

export const teamSchema = z.object({ id, slug: z.string().min(1).max(255) });

export const repositorySchema = z.object({
  id,
  name,
  full_name: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/),
  owner: z.object({ id, login: name }),
  html_url: z.string().max(2_000),
  private: z.boolean(),
  visibility: name.optional(),
  archived: z.boolean().optional(),
  default_branch: name.nullish(),
  created_at: z.string().nullish(),
  permissions: z.object({ admin: z.boolean().optional() }).nullish(),
});

export const subjectSchema = z.object({
  use_default: z.boolean().optional(),
  include_claim_keys: z.array(name).optional(),
  use_immutable_subject: z.boolean().optional(),
  sub_claim_prefix: name.optional(),
});

export const commitSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
});

const reviewerSchema = z.object({
  type: z.enum(['User', 'Team']),
  reviewer: z.object({ id, login: name.optional(), slug: name.optional() }),
});

const ruleSchema = z.object({
  type: name,
  wait_timer: z.number().optional(),
  prevent_self_review: z.boolean().optional(),
  reviewers: z.array(reviewerSchema).optional(),
});

export const environmentSchema = z.object({
  id,
  name,
  html_url: z.string().max(2_000).optional(),
  can_admins_bypass: z.boolean().optional(),
  protection_rules: z.array(ruleSchema).nullish(),
  deployment_branch_policy: z
    .object({
      protected_branches: z.boolean(),
      custom_branch_policies: z.boolean(),
    })
    .nullish(),
});

export const branchPolicySchema = z.object({
  id,
  name,
  type: name.optional(),
});

export const variableSchema = z.object({
  name,
  value: z.string().max(50_000),
});

export const runSchema = z.object({
  id,
  html_url: z.string().max(2_000),
  status: name.nullish(),
  conclusion: name.nullish(),
  event: name.nullish(),
  head_sha: name.nullish(),
});

export const permissionsSchema = z.object({
  enabled: z.boolean(),
  allowed_actions: z.enum(['all', 'local_only', 'selected']).optional(),
  sha_pinning_required: z.boolean().optional(),
});

export const selectedSchema = z.object({
  github_owned_allowed: z.boolean().optional(),
  verified_allowed: z.boolean().optional(),
  patterns_allowed: z.array(name).optional(),
});

export const tokenSchema = z.object({
  default_workflow_permissions: z.enum(['read', 'write']),
  can_approve_pull_request_reviews: z.boolean(),
});

export const forkApprovalSchema = z.object({ approval_policy: name });

export const privateForksSchema = z.object({
  run_workflows_from_fork_pull_requests: z.boolean(),
  send_write_tokens_to_workflows: z.boolean().optional(),
  send_secrets_and_variables: z.boolean().optional(),
  require_approval_for_fork_pr_workflows: z.boolean().optional(),
});

export const retentionSchema = z.object({
  days: z.number(),
  maximum_allowed_days: z.number().optional(),
});

export const rulesetSchema = z.object({
  id,
  name,
  target: name.nullish(),
  source_type: name.nullish(),
  enforcement: name,
  bypass_actors: z.array(z.unknown()).nullish(),
  conditions: z
    .object({
      ref_name: z
        .object({
          include: z.array(name).optional(),
          exclude: z.array(name).optional(),
        })
        .nullish(),
    })
    .nullish(),
  rules: z
    .array(
      z.object({
        type: name,
        parameters: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
});

export type Run = z.output<typeof runSchema>;
export type Ruleset = z.output<typeof rulesetSchema>;
export type RawEnvironment = z.output<typeof environmentSchema>;

/**
 * A body as we read it.
 *
 * @param what - for the sentence of an error: `the repository acme/shop`
 * @throws {@link GithubCallError} when something needed is missing or of another type
 */
export function parseBody<T extends z.ZodType>(
  schema: T,
  body: unknown,
  what: string,
): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'body';
  throw new GithubCallError(
    `GitHub answered in a form that is not understood when asked for ${what} (${field}).`,
  );
}

/** Takes the items of a page: the body itself, or the list under a name. */
export function itemsOf(key?: string): (body: unknown) => unknown[] {
  return body => {
    const list = key ? (body as Record<string, unknown> | null)?.[key] : body;
    return Array.isArray(list) ? list : [];
  };
}
