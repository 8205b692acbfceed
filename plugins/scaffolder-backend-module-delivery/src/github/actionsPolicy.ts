import type { z } from 'zod';
import {
  forkApprovalSchema,
  parseBody,
  permissionsSchema,
  privateForksSchema,
  retentionSchema,
  selectedSchema,
  tokenSchema,
} from './bodies';
import { GithubCallError } from './GithubCallError';
import type { PersonClient } from './PersonClient';
import type { Repository } from './repositories';

const BASE = '/repos/{owner}/{repo}/actions/permissions';

/** What the templates use, apart from GitHub's own actions. */
export const DEFAULT_PATTERNS: readonly string[] = [
  'aws-actions/*',
  'docker/*',
  'aquasecurity/trivy-action@*',
  'anchore/sbom-action@*',
  'slackapi/slack-github-action@*',
  'hashicorp/setup-terraform@*',
];

/** From weak to strict. */
export const FORK_APPROVALS = [
  'first_time_contributors_new_to_github',
  'first_time_contributors',
  'all_external_contributors',
] as const;
export type ForkApproval = (typeof FORK_APPROVALS)[number];

/** What the workflows of a repository may do, as GitHub has it. */
export interface ActionsPolicy {
  enabled: boolean;
  allowedActions: string;
  /** Undefined: the server does not know it. */
  shaPinning?: boolean;
  patterns: string[];
  token: 'read' | 'write';
  canApprove: boolean;
  /** Undefined: the plan or the server does not have it. */
  forks?: string;
  retentionDays?: number;
}

/** The repository whose policy it is. */
export interface PolicyAt {
  client: PersonClient;
  repository: Repository;
}

function parametersOf({ repository: { owner, repo } }: PolicyAt) {
  return { owner, repo };
}

async function read<T extends z.ZodType>(
  at: PolicyAt,
  path: string,
  schema: T,
): Promise<z.output<T>> {
  const what = `the Actions settings of ${at.repository.slug}`;
  const body = await at.client.get(
    `${BASE}${path}`,
    parametersOf(at),
    `read ${what}`,
  );
  return parseBody(schema, body, what);
}

/** A setting that not every plan and server has: undefined then. */
export async function readIfThere<T extends z.ZodType>(
  at: PolicyAt,
  path: string,
  schema: T,
): Promise<z.output<T> | undefined> {
  try {
    return await read(at, path, schema);
  } catch (error) {
    if (isNotThere(error) || isForbidden(error)) return undefined;
    throw error;
  }
}

/** GitHub's ways to say that the plan or the server does not have a setting. */
export function isNotThere(error: unknown): boolean {
  return (
    error instanceof GithubCallError &&
    [404, 409, 422].includes(error.status ?? 0)
  );
}

/** Settings that a plan lacks cannot be read; writing what may not be written is an error. */
function isForbidden(error: unknown): boolean {
  return (
    error instanceof GithubCallError && error.status === 403 && !error.isPassing
  );
}

export async function writePolicy(
  at: PolicyAt,
  path: string,
  body: Record<string, unknown>,
): Promise<void> {
  const { slug } = at.repository;
  await at.client.write(
    `PUT ${BASE}${path}`,
    { ...parametersOf(at), ...body },
    `set up GitHub Actions in ${slug}`,
    `to administer ${slug} (repository permission “Administration”)`,
  );
}

export const readPermissions = (at: PolicyAt) =>
  read(at, '', permissionsSchema);
export const readSelected = (at: PolicyAt) =>
  read(at, '/selected-actions', selectedSchema);
export const readToken = (at: PolicyAt) => read(at, '/workflow', tokenSchema);
export const readRetention = (at: PolicyAt) =>
  readIfThere(at, '/artifact-and-log-retention', retentionSchema);
export const readForkApproval = (at: PolicyAt) =>
  readIfThere(at, '/fork-pr-contributor-approval', forkApprovalSchema);
export const readPrivateForks = (at: PolicyAt) =>
  readIfThere(at, '/fork-pr-workflows-private-repos', privateForksSchema);

async function forksOf(at: PolicyAt): Promise<string | undefined> {
  if (!at.repository.isPrivate) {
    return (await readForkApproval(at))?.approval_policy;
  }
  const forks = await readPrivateForks(at);
  if (!forks) return undefined;
  if (!forks.run_workflows_from_fork_pull_requests) return 'forks_run_nothing';
  return forks.require_approval_for_fork_pr_workflows
    ? 'forks_need_approval'
    : 'forks_run_freely';
}

/** All of it, read fresh. */
export async function readActionsPolicy(at: PolicyAt): Promise<ActionsPolicy> {
  const permissions = await readPermissions(at);
  const selected =
    permissions.allowed_actions === 'selected'
      ? await readSelected(at)
      : undefined;
  const token = await readToken(at);
  const forks = await forksOf(at);
  const retention = await readRetention(at);
  return {
    enabled: permissions.enabled,
    allowedActions: permissions.allowed_actions ?? 'all',
    shaPinning: permissions.sha_pinning_required,
    patterns: selected?.patterns_allowed ?? [],
    token: token.default_workflow_permissions,
    canApprove: token.can_approve_pull_request_reviews,
    ...(forks && { forks }),
    ...(retention && { retentionDays: retention.days }),
  };
}
