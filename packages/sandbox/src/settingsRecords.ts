/** Settings of repositories that the sandbox's GitHub keeps. Times are epoch milliseconds, UTC. */

/** What somebody may do in a repository, weakest first. */
export type RepositoryRole = 'pull' | 'triage' | 'push' | 'maintain' | 'admin';

/** Settings of Actions in a repository; what is absent has GitHub's default. */
export interface ActionsSettings {
  /** `true` when absent. */
  enabled?: boolean;
  /** Which actions may be used; `all` when absent. */
  allowed?: 'all' | 'local_only' | 'selected';
  /** With `selected`: those of the organisations `actions` and `github`; `true` when absent. */
  githubOwned?: boolean;
  /** With `selected`: those of verified creators. */
  verified?: boolean;
  /** With `selected`: `owner/repo@ref` with `*`, also for reusable workflows. */
  patterns?: string[];
  /** Actions must be named by a full commit sha: a run that names one otherwise fails at its start. */
  shaPinning?: boolean;
  /** What `GITHUB_TOKEN` may do when a workflow says nothing; `read` when absent. */
  defaultWorkflowPermissions?: 'read' | 'write';
  /** Whether `GITHUB_TOKEN` may approve pull requests. */
  canApproveReviews?: boolean;
  /** From where its actions and workflows may be used, while it is private; `none` when absent. */
  accessLevel?: 'none' | 'user' | 'organization' | 'enterprise';
  /** Whose pull requests from forks wait for an approval; `first_time_contributors` when absent. */
  forkApproval?:
    | 'first_time_contributors_new_to_github'
    | 'first_time_contributors'
    | 'all_external_contributors';
  /** Days that artifacts and logs are kept; 90 when absent. */
  retentionDays?: number;
}

export interface RulesetBypass {
  /** Of a team, an App or a role (5 is admin, 4 write, 2 maintain). */
  actorId: number | null;
  actorType:
    | 'Integration'
    | 'OrganizationAdmin'
    | 'RepositoryRole'
    | 'Team'
    | 'DeployKey';
  mode: 'always' | 'pull_request' | 'exempt';
}

export interface RulesetRecord {
  id: number;
  nodeId: string;
  name: string;
  target: 'branch' | 'tag';
  enforcement: 'disabled' | 'active' | 'evaluate';
  /** Full ref names with `*`, `~DEFAULT_BRANCH` or `~ALL`. */
  include: string[];
  exclude: string[];
  bypass: RulesetBypass[];
  /** As sent: `pull_request`, `required_status_checks`, … with their parameters. */
  rules: { type: string; parameters?: Record<string, unknown> }[];
  createdAt: number;
  updatedAt: number;
}
