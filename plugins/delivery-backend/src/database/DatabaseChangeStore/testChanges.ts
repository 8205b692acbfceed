import type {
  CommitInfo,
  IncidentIssue,
  MergedPullRequest,
} from 'backstage-plugin-delivery-node';

export const NOON = Date.UTC(2026, 10, 20, 12);
export const REPO = 'github_com/9';
export const OTHER_REPO = 'github_com/10';

export function sha(n: number): string {
  return n.toString(16).padStart(40, '0');
}

export function commit(n: number, more: Partial<CommitInfo> = {}): CommitInfo {
  return {
    sha: sha(n),
    parents: [sha(n + 1_000_000)],
    authoredAt: NOON - n,
    committedAt: NOON + n,
    author: 'dana',
    message: `Change ${n}\n\nwhy`,
    ...more,
  };
}

export function pull(
  n: number,
  more: Partial<MergedPullRequest> = {},
): MergedPullRequest {
  return {
    number: n,
    title: `Change ${n}`,
    body: 'Because',
    author: 'dana',
    isBot: n % 2 === 0,
    url: `https://github.com/acme/vaultex/pull/${n}`,
    base: 'main',
    branch: `change-${n}`,
    labels: ['feature'],
    mergeSha: sha(n),
    openedAt: NOON - 3000,
    mergedAt: NOON - 2000,
    updatedAt: NOON - 1000,
    ...more,
  };
}

export function incident(
  n: number,
  more: Partial<IncidentIssue & { isIncident: boolean }> = {},
): IncidentIssue & { isIncident: boolean } {
  return {
    number: n,
    title: `Outage ${n}`,
    body: 'Root cause: unknown',
    url: `https://github.com/acme/vaultex/issues/${n}`,
    labels: ['incident'],
    openedAt: NOON + n,
    updatedAt: NOON + 1000,
    isIncident: true,
    ...more,
  };
}
