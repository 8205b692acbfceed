export interface FakeAccount {
  id: number;
  login: string;
  nodeId: string;
  type: 'User' | 'Bot';
}

export interface FakeEnvironment {
  id: number;
  name: string;
  wait_timer: number;
  prevent_self_review: boolean;
  can_admins_bypass: boolean;
  reviewers: { type: 'User' | 'Team'; id: number }[];
  policy: {
    protected_branches: boolean;
    custom_branch_policies: boolean;
  } | null;
  branches: { id: number; name: string; type: string }[];
  variables: Map<string, string>;
}

export interface FakeRun {
  id: number;
  status: string;
  conclusion: string | null;
  event: string;
  head_sha: string;
  head_branch: string;
  path: string;
}

export interface FakeRuleset {
  id: number;
  name: string;
  target: string;
  enforcement: string;
  bypass_actors: unknown[];
  conditions: { ref_name: { include: string[]; exclude: string[] } };
  rules: { type: string; parameters?: Record<string, unknown> }[];
}

/** One repository of {@link FakeGithub}. */
export class FakeRepository {
  isPrivate = true;
  archived = false;
  defaultBranch = 'main';
  createdAt = '2026-11-20T10:00:00Z';
  roles = new Map<string, 'admin' | 'push'>([['dana', 'admin']]);
  /** SHA by branch, tag or itself. */
  refs = new Map<string, string>();
  branches: string[] = [];
  files = new Map<string, string>();
  environments = new Map<string, FakeEnvironment>();
  variables = new Map<string, string>();
  runs: FakeRun[] = [];
  rulesets: FakeRuleset[] = [];
  oidc: Record<string, unknown> | undefined = { use_default: true };
  permissions: Record<string, unknown> = {
    enabled: true,
    allowed_actions: 'all',
    sha_pinning_required: false,
  };
  selected: Record<string, unknown> = {
    github_owned_allowed: false,
    verified_allowed: false,
    patterns_allowed: [],
  };
  workflow: Record<string, unknown> = {
    default_workflow_permissions: 'write',
    can_approve_pull_request_reviews: true,
  };
  forkApproval: Record<string, unknown> | undefined = {
    approval_policy: 'first_time_contributors',
  };
  privateForks: Record<string, unknown> | undefined = {
    run_workflows_from_fork_pull_requests: true,
    send_write_tokens_to_workflows: true,
    send_secrets_and_variables: true,
    require_approval_for_fork_pr_workflows: false,
  };
  retention: Record<string, unknown> | undefined = {
    days: 30,
    maximum_allowed_days: 400,
  };
  #nextId = 100;

  constructor(
    readonly owner: string,
    readonly name: string,
    readonly id: number,
  ) {}

  get slug(): string {
    return `${this.owner}/${this.name}`;
  }

  roleOf(login: string | undefined): 'admin' | 'push' | undefined {
    return login === undefined ? undefined : this.roles.get(login);
  }

  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** An environment with everything open, changed as given. */
  environment(
    name: string,
    changes: Partial<FakeEnvironment> = {},
  ): FakeEnvironment {
    const made: FakeEnvironment = {
      id: this.nextId(),
      name,
      wait_timer: 0,
      prevent_self_review: false,
      can_admins_bypass: true,
      reviewers: [],
      policy: null,
      branches: [],
      variables: new Map(),
      ...changes,
    };
    this.environments.set(name, made);
    return made;
  }

  /** What a push of files makes. */
  push(files: Record<string, string>, sha = 'c'.repeat(40)): string {
    this.branches = [this.defaultBranch];
    this.refs.set(this.defaultBranch, sha);
    this.refs.set(sha, sha);
    for (const [path, text] of Object.entries(files)) {
      this.files.set(path, text);
    }
    return sha;
  }

  run(changes: Partial<FakeRun> = {}): FakeRun {
    const made: FakeRun = {
      id: this.nextId(),
      status: 'queued',
      conclusion: null,
      event: 'push',
      head_sha: this.refs.get(this.defaultBranch) ?? 'c'.repeat(40),
      head_branch: this.defaultBranch,
      path: '.github/workflows/pipeline.yml',
      ...changes,
    };
    this.runs.push(made);
    return made;
  }
}
