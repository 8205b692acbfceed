import {
  DEFAULT_PATTERNS,
  FORK_APPROVALS,
  isNotThere,
  readActionsPolicy,
  readForkApproval,
  readPermissions,
  readPrivateForks,
  readRetention,
  readSelected,
  readToken,
  writePolicy,
  type ActionsPolicy,
  type ForkApproval,
  type PolicyAt,
} from './actionsPolicy';

/** How the workflows shall be held; see the action's inputs. */
export interface WantedPolicy {
  patterns: readonly string[];
  retentionDays: number;
  forkApproval: ForkApproval;
}

/** What was read back, and what a person should know of it. */
export interface EnsuredPolicy {
  policy: ActionsPolicy;
  warnings: string[];
}

/**
 * Sets the policy where it is weaker and reads it back.
 *
 * @throws when GitHub refuses what every plan has, or does not give it back
 */
export async function ensureActionsPolicy(
  at: PolicyAt,
  wanted: WantedPolicy,
): Promise<EnsuredPolicy> {
  const warnings = [
    ...(await ensureAllowed(at, wanted)),
    ...(await ensureForks(at, wanted.forkApproval)),
    ...(await ensureRetention(at, wanted.retentionDays)),
  ];
  await ensureToken(at);
  const policy = await readActionsPolicy(at);
  const weak = weaknessesOf(policy);
  if (weak.length > 0) {
    throw new Error(
      `GitHub Actions in ${
        at.repository.slug
      } is not held as wanted: ${weak.join(
        '; ',
      )}. Look whether the organisation's own settings forbid it, then start the task again.`,
    );
  }
  if (policy.shaPinning === undefined) {
    warnings.push(
      'This GitHub does not know the rule that actions are pinned to a commit.',
    );
  }
  return { policy, warnings };
}

/** What every repository of ours must have; a sentence's end each. */
export function weaknessesOf(policy: ActionsPolicy): string[] {
  return [
    ...(policy.enabled ? [] : ['it is switched off']),
    ...(policy.token === 'read'
      ? []
      : ['the token of workflows may write by default']),
    ...(policy.canApprove ? ['workflows may approve pull requests'] : []),
    ...(policy.allowedActions === 'all' ? ['every action is allowed'] : []),
    ...(policy.shaPinning === false
      ? ['actions need not be pinned to a commit']
      : []),
  ];
}

/**
 * A pattern `owner/repo@ref` names actions of a repository; its reusable workflows lie deeper and need a pattern of their own.
 */
export function allPatterns(given: readonly string[]): string[] {
  const deeper = given.flatMap(pattern => {
    const parts = /^([\w.-]+\/[\w.-]+)@([^@]+)$/.exec(pattern);
    return parts ? [`${parts[1]}/.github/workflows/*@${parts[2]}`] : [];
  });
  return [...new Set([...DEFAULT_PATTERNS, ...given, ...deeper])];
}

async function ensureAllowed(
  at: PolicyAt,
  wanted: WantedPolicy,
): Promise<string[]> {
  const before = await readPermissions(at);
  if (before.enabled && before.allowed_actions === 'local_only') {
    if (before.sha_pinning_required !== true) {
      await writePolicy(at, '', {
        enabled: true,
        allowed_actions: 'local_only',
        sha_pinning_required: true,
      });
    }
    return [
      'Only actions of this repository are allowed, which is stricter and stays; the workflows need the patterns of the documentation to run.',
    ];
  }
  const wasSelected = before.allowed_actions === 'selected';
  if (!before.enabled || !wasSelected || before.sha_pinning_required !== true) {
    await writePolicy(at, '', {
      enabled: true,
      allowed_actions: 'selected',
      sha_pinning_required: true,
    });
  }
  const selected = wasSelected ? await readSelected(at) : undefined;
  const patterns = new Set(selected?.patterns_allowed ?? []);
  for (const pattern of allPatterns(wanted.patterns)) patterns.add(pattern);
  await writePolicy(at, '/selected-actions', {
    github_owned_allowed: true,
    verified_allowed: false,
    patterns_allowed: [...patterns],
  });
  return [];
}

async function ensureToken(at: PolicyAt): Promise<void> {
  const before = await readToken(at);
  const isStrict =
    before.default_workflow_permissions === 'read' &&
    !before.can_approve_pull_request_reviews;
  if (isStrict) return;
  await writePolicy(at, '/workflow', {
    default_workflow_permissions: 'read',
    can_approve_pull_request_reviews: false,
  });
}

/** Does what it can; a plan or server that lacks the setting is a warning. */
async function orWarning(
  act: () => Promise<void>,
  warning: string,
): Promise<string[]> {
  try {
    await act();
    return [];
  } catch (error) {
    if (isNotThere(error)) return [warning];
    throw error;
  }
}

const NO_FORK_RULE =
  'The plan or the server has no rule for pull requests from forks here.';

async function ensureForks(
  at: PolicyAt,
  wanted: ForkApproval,
): Promise<string[]> {
  if (at.repository.isPrivate) return ensurePrivateForks(at);
  const before = await readForkApproval(at);
  if (!before) return [NO_FORK_RULE];
  const rank = (word: string) => FORK_APPROVALS.findIndex(one => one === word);
  if (rank(before.approval_policy) >= rank(wanted)) return [];
  return orWarning(
    () =>
      writePolicy(at, '/fork-pr-contributor-approval', {
        approval_policy: wanted,
      }),
    NO_FORK_RULE,
  );
}

async function ensurePrivateForks(at: PolicyAt): Promise<string[]> {
  const before = await readPrivateForks(at);
  if (!before) return [NO_FORK_RULE];
  const runs = before.run_workflows_from_fork_pull_requests;
  const isStrict =
    !runs ||
    (before.require_approval_for_fork_pr_workflows === true &&
      !before.send_write_tokens_to_workflows &&
      !before.send_secrets_and_variables);
  if (isStrict) return [];
  return orWarning(
    () =>
      writePolicy(at, '/fork-pr-workflows-private-repos', {
        run_workflows_from_fork_pull_requests: runs,
        send_write_tokens_to_workflows: false,
        send_secrets_and_variables: false,
        require_approval_for_fork_pr_workflows: true,
      }),
    NO_FORK_RULE,
  );
}

async function ensureRetention(
  at: PolicyAt,
  wanted: number,
): Promise<string[]> {
  const before = await readRetention(at);
  const noRule = 'The server keeps logs and artifacts as long as it likes.';
  if (!before) return [noRule];
  const days = Math.min(wanted, before.maximum_allowed_days ?? wanted);
  const warnings =
    days < wanted && before.days < wanted
      ? [`Logs are kept ${days} days: the organisation allows no more.`]
      : [];
  if (before.days >= days) return warnings;
  const failed = await orWarning(
    () => writePolicy(at, '/artifact-and-log-retention', { days }),
    noRule,
  );
  return [...warnings, ...failed];
}
