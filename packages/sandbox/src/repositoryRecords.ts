/** Repositories and their settings, as the sandbox's GitHub keeps them. Times are epoch milliseconds, UTC. */

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
  accessLevel?: 'none' | 'user' | 'organization';
  /** Whose pull requests from forks wait for an approval; `first_time_contributors` when absent. */
  forkApproval?:
    | 'first_time_contributors_new_to_github'
    | 'first_time_contributors'
    | 'all_external_contributors';
  /** What pull requests from forks may do while it is private; nothing of it when absent. */
  privateForks?: {
    runs: boolean;
    writeTokens: boolean;
    secrets: boolean;
    approval: boolean;
  };
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
    | 'DeployKey'
    | 'User';
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

export interface EnvironmentRecord {
  id: number;
  nodeId: string;
  name: string;
  createdAt: number;
  /** When its protection was changed last; never when absent. */
  updatedAt?: number;
  waitTimerMinutes: number;
  preventSelfReview: boolean;
  canAdminsBypass: boolean;
  reviewers: { type: 'User' | 'Team'; id: number }[];
  /** `null`: any branch may deploy. Otherwise name patterns, of branches when no type is given. */
  branchPolicies:
    | { id: number; name: string; type?: 'branch' | 'tag' }[]
    | null;
  /** Only protected branches may deploy: `branchPolicies` then names the default branch and is not on the wire. */
  protectedBranchesOnly?: boolean;
  /** Variables of the environment: for its jobs they stand before those of the repository. */
  variables?: Record<string, string>;
  /** Names of its secrets, in capitals. Values are not kept. */
  secretNames?: string[];
}

export type MergeMethod = 'squash' | 'merge' | 'rebase';

export interface RepoRecord {
  id: number;
  nodeId: string;
  owner: string;
  name: string;
  description: string;
  private: boolean;
  defaultBranch: string;
  createdAt: number;
  environments: EnvironmentRecord[];
  /** How its pull requests are merged; squashed when absent. */
  mergeMethod?: MergeMethod;
  /** Repository variables (`vars.*`). */
  variables: Record<string, string>;
  /** `private` tells it when absent. */
  visibility?: 'public' | 'private' | 'internal';
  /** Login of who created it over the API; absent for repositories of the world. */
  createdBy?: string;
  /** Time of the last push; a repository with `createdBy` and without this is empty. */
  pushedAt?: number;
  topics?: string[];
  /** How its pull requests may be merged; only `mergeMethod` when absent. */
  allowedMerges?: MergeMethod[];
  deleteBranchOnMerge?: boolean;
  /** Roles by login. Who created it has `admin`. */
  collaborators?: Record<string, RepositoryRole>;
  /** Roles by slug of a team of the organisation; they count where they are more than the team has everywhere. */
  teamPermissions?: Record<string, RepositoryRole>;
  /** Settings of Actions; GitHub's defaults when absent. */
  actions?: ActionsSettings;
  rulesets?: RulesetRecord[];
  /** Whether `sub` of its OIDC tokens names ids (`repo:ORG@ID/REPO@ID:…`), as for all created since 2026-07-15. */
  immutableSubject?: boolean;
  /** Claims its `sub` is made of instead of the usual ones; kept only. */
  subjectClaims?: string[];
  /** Names of its secrets, in capitals. Values are not kept. */
  secretNames?: string[];
}
