import { ActionsSettings, GitHubError, RepoRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import {
  choiceIn,
  integerIn,
  supplied,
  textsIn,
  truthIn,
} from '../api/validate';
import { repoApi } from '../bodies/repoBodies';
import { Schema } from '../bodies/schemas';

/** Private repositories keep logs for so many days at most. */
const MOST_DAYS = { public: 90, private: 400 };

const readable = (call: Call) => call.repo('administration', 'read', 'admin');

function write(
  call: Call,
  settingsOf: (
    repo: RepoRecord,
    body: Record<string, unknown>,
  ) => ActionsSettings,
) {
  const repo = call.repo('administration', 'write', 'admin');
  const settings = settingsOf(repo, call.json());
  repo.actions = { ...repo.actions, ...settings };
  call.ctx.store.changed();
  return { status: 204 };
}

function permissions(call: Call): Schema<'actions-repository-permissions'> {
  const repo = readable(call);
  const { enabled = true, allowed = 'all', shaPinning } = repo.actions ?? {};
  return {
    enabled,
    ...(enabled ? { allowed_actions: allowed } : {}),
    sha_pinning_required: shaPinning ?? false,
    ...(enabled && allowed === 'selected'
      ? {
          selected_actions_url: `${repoApi(
            call.ctx,
            repo,
          )}/actions/permissions/selected-actions`,
        }
      : {}),
  };
}

function addPermissions(api: ApiRoutes, base: string): void {
  api.get(base, call => ({ body: permissions(call) }));

  api.put(base, call =>
    write(call, (_repo, body) => {
      supplied(body, 'enabled');
      const allowed = choiceIn(body, 'allowed_actions', [
        'all',
        'local_only',
        'selected',
      ] as const);
      const shaPinning = truthIn(body, 'sha_pinning_required');
      return {
        enabled: truthIn(body, 'enabled'),
        ...(allowed && { allowed }),
        ...(shaPinning !== undefined && { shaPinning }),
      };
    }),
  );
}

/** @throws GitHubError 409 unless only chosen actions are allowed */
function needSelected({ actions }: RepoRecord): ActionsSettings {
  if (actions?.allowed !== 'selected') {
    throw new GitHubError(
      409,
      'Selected actions cannot be managed: the repository does not allow selected actions only.',
    );
  }
  return actions;
}

function addSelected(api: ApiRoutes, base: string): void {
  api.get(base, call => {
    const settings = needSelected(readable(call));
    const body: Schema<'selected-actions'> = {
      github_owned_allowed: settings.githubOwned ?? true,
      verified_allowed: settings.verified ?? false,
      patterns_allowed: settings.patterns ?? [],
    };
    return { body };
  });

  api.put(base, call =>
    write(call, (repo, body) => {
      const before = needSelected(repo);
      return {
        githubOwned:
          truthIn(body, 'github_owned_allowed') ?? before.githubOwned,
        verified: truthIn(body, 'verified_allowed') ?? before.verified,
        patterns: textsIn(body, 'patterns_allowed') ?? before.patterns,
      };
    }),
  );
}

function addWorkflow(api: ApiRoutes, base: string): void {
  api.get(base, call => {
    const { actions = {} } = readable(call);
    const body: Schema<'actions-get-default-workflow-permissions'> = {
      default_workflow_permissions:
        actions.defaultWorkflowPermissions ?? 'read',
      can_approve_pull_request_reviews: actions.canApproveReviews ?? false,
    };
    return { body };
  });

  api.put(base, call =>
    write(call, ({ actions = {} }, body) => ({
      defaultWorkflowPermissions:
        choiceIn(body, 'default_workflow_permissions', [
          'read',
          'write',
        ] as const) ?? actions.defaultWorkflowPermissions,
      canApproveReviews:
        truthIn(body, 'can_approve_pull_request_reviews') ??
        actions.canApproveReviews,
    })),
  );
}

function addAccess(api: ApiRoutes, base: string): void {
  /** Public repositories are usable from everywhere. */
  const closed = (repo: RepoRecord) => {
    if (repo.private) return;
    throw new GitHubError(
      422,
      'Access policy only applies to internal and private repositories.',
    );
  };
  api.get(base, call => {
    const repo = readable(call);
    closed(repo);
    return { body: { access_level: repo.actions?.accessLevel ?? 'none' } };
  });

  api.put(base, call =>
    write(call, (repo, body) => {
      closed(repo);
      supplied(body, 'access_level');
      return {
        accessLevel: choiceIn(body, 'access_level', [
          'none',
          'user',
          'organization',
        ] as const),
      };
    }),
  );
}

function addForkApproval(api: ApiRoutes, base: string): void {
  api.get(base, call => ({
    body: {
      approval_policy:
        readable(call).actions?.forkApproval ?? 'first_time_contributors',
    },
  }));

  api.put(base, call =>
    write(call, (_repo, body) => {
      supplied(body, 'approval_policy');
      return {
        forkApproval: choiceIn(body, 'approval_policy', [
          'first_time_contributors_new_to_github',
          'first_time_contributors',
          'all_external_contributors',
        ] as const),
      };
    }),
  );
}

/** Forks of a private repository, whose pull requests are held by switches instead of an approval policy. */
function addPrivateForks(api: ApiRoutes, base: string): void {
  const closed = (repo: RepoRecord) => {
    if (repo.private) return;
    throw new GitHubError(
      422,
      'Fork PR workflow settings only apply to private repositories.',
    );
  };
  api.get(base, call => {
    const repo = readable(call);
    closed(repo);
    const { privateForks } = repo.actions ?? {};
    const body: Schema<'actions-fork-pr-workflows-private-repos'> = {
      run_workflows_from_fork_pull_requests: privateForks?.runs ?? false,
      send_write_tokens_to_workflows: privateForks?.writeTokens ?? false,
      send_secrets_and_variables: privateForks?.secrets ?? false,
      require_approval_for_fork_pr_workflows: privateForks?.approval ?? false,
    };
    return { body };
  });

  api.put(base, call =>
    write(call, (repo, body) => {
      closed(repo);
      supplied(body, 'run_workflows_from_fork_pull_requests');
      const before = repo.actions?.privateForks;
      const truth = (name: string, otherwise = false) =>
        truthIn(body, name) ?? otherwise;
      return {
        privateForks: {
          runs: truth('run_workflows_from_fork_pull_requests'),
          writeTokens: truth(
            'send_write_tokens_to_workflows',
            before?.writeTokens,
          ),
          secrets: truth('send_secrets_and_variables', before?.secrets),
          approval: truth(
            'require_approval_for_fork_pr_workflows',
            before?.approval,
          ),
        },
      };
    }),
  );
}

function addRetention(api: ApiRoutes, base: string): void {
  const most = (repo: RepoRecord) =>
    repo.private ? MOST_DAYS.private : MOST_DAYS.public;
  api.get(base, call => {
    const repo = readable(call);
    return {
      body: {
        days: repo.actions?.retentionDays ?? 90,
        maximum_allowed_days: most(repo),
      },
    };
  });

  api.put(base, call =>
    write(call, (repo, body) => {
      supplied(body, 'days');
      const limits = { least: 1, most: most(repo) };
      return { retentionDays: integerIn(body, 'days', limits) };
    }),
  );
}

/** Settings of Actions: what may run, what its token may do, how long its traces are kept. */
export function addActionsSettingsRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/actions/permissions';
  addSelected(api, `${base}/selected-actions`);
  addWorkflow(api, `${base}/workflow`);
  addAccess(api, `${base}/access`);
  addForkApproval(api, `${base}/fork-pr-contributor-approval`);
  addPrivateForks(api, `${base}/fork-pr-workflows-private-repos`);
  addRetention(api, `${base}/artifact-and-log-retention`);
  addPermissions(api, base);
}
