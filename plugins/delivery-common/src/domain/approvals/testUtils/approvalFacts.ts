import type {
  Account,
  ChangeRange,
  GateReading,
  GateRun,
  RangeCommit,
  RuleResult,
} from '../facts';

/** A full SHA of one letter. */
export const sha = (letter: string) => letter.repeat(40);

export const dana: Account = { id: '1', login: 'dana' };
export const ravi: Account = { id: '2', login: 'ravi' };
export const bot: Account = {
  ...{ id: '41898282', login: 'github-actions[bot]', bot: true },
};
/** Who decides: has to do with nothing. */
export const cleo = {
  ...{ id: '3', login: 'cleo', userRef: 'user:default/cleo' },
};

export function run(part: Partial<GateRun> = {}): GateRun {
  return {
    ...{ waiting: true, status: 'waiting', headSha: sha('b'), attempt: 1 },
    ...{ actor: dana, triggeringActors: [dana], deploymentCreators: [bot] },
    pendingDeployments: ['70'],
    ...part,
  };
}

export function gate(part: Partial<GateReading> = {}): GateReading {
  return {
    ...{ environmentId: '9', environmentName: 'production' },
    ...{ preventSelfReview: true, canAdminsBypass: false },
    ...{ waitTimerMinutes: 0, currentUserCanApprove: true },
    reviewers: [
      { kind: 'team', id: '50', name: 'acme/payments' },
      { kind: 'user', id: '3', name: 'cleo' },
    ],
    ...part,
  };
}

export function commit(
  letter: string,
  part: Partial<RangeCommit> = {},
): RangeCommit {
  return {
    ...{ sha: sha(letter), title: `Change ${letter}`, author: dana },
    coAuthors: [],
    ...part,
  };
}

export function range(part: Partial<ChangeRange> = {}): ChangeRange {
  const commits = part.commits ?? [commit('b')];
  return {
    ...{ status: 'ahead', commits, total: commits.length, cut: false },
    ...{ pullRequests: [], files: [], filesCut: false },
    ...part,
  };
}

export function file(path: string, status = 'modified') {
  return { path, status, additions: 1, deletions: 0 };
}

/** `pass order`, `refuse would_downgrade` */
export function short(results: RuleResult[]): string[] {
  return results.map(result =>
    result.kind === 'refuse'
      ? `refuse ${result.refusal.code}`
      : `${result.kind} ${result.code}`,
  );
}

/** Codes of what is refused. */
export function refusals(results: RuleResult[]): string[] {
  return results.flatMap(result =>
    result.kind === 'refuse' ? [result.refusal.code] : [],
  );
}
