import { NotFoundError } from '@backstage/errors';
import type {
  Budget,
  CommitInfo,
  DeliveryProvider,
  IncidentIssue,
  ListPage,
  MergedPullRequest,
  PullRequestParts,
} from 'backstage-plugin-delivery-node';

/** A vendor in memory whose calls are counted. For tests. */
export class TestVendor {
  readonly calls: string[] = [];
  /** By `base...head`: how many commits lie between; the SHAs are made by {@link shaOf}. */
  readonly spans = new Map<string, CommitInfo[]>();
  pulls: MergedPullRequest[] = [];
  incidents: IncidentIssue[] = [];
  readonly parts = new Map<number, PullRequestParts>();
  readonly files = new Map<string, string[]>();
  /** Thrown by calls that begin with this. */
  readonly failures = new Map<string, Error>();
  left: Budget | undefined;
  pageSize = 100;
  onCall: (call: string) => void = () => {};

  readonly provider: DeliveryProvider = {
    id: 'github',
    hosts: ['github.com'],
    parseEvent: () => ({ kind: 'ignored', reason: 'not used here' }),
    listChanges: async () => ({ changes: [] }),
    budget: () => this.left,
    listCommits: async ({ slug }, { base, head, limit }, signal) => {
      this.call(`span ${slug} ${short(base)}..${short(head)}`, signal);
      const commits = this.spans.get(`${base}...${head}`);
      if (!commits) throw new NotFoundError('no such commit');
      return {
        status: commits.length > 0 ? 'ahead' : 'identical',
        commits: commits.slice(0, limit),
        complete: commits.length <= limit,
      };
    },
    listMergedPullRequests: async ({ scope, since, cursor, etag, signal }) => {
      this.call(`pulls ${scope.slug} ${cursor ?? 1}`, signal);
      return this.page(this.pulls, since, cursor, etag);
    },
    readPullRequest: async ({ slug }, { number, author, files }, signal) => {
      const what = files ? 'parts+files' : 'parts';
      this.call(`${what} ${slug} #${number} of ${author}`, signal);
      const parts = this.parts.get(number) ?? { commits: [] };
      return files ? { files: [`src/${number}`], ...parts } : parts;
    },
    readCommitFiles: async ({ slug }, sha, signal) => {
      this.call(`files ${slug} ${short(sha)}`, signal);
      return this.files.get(sha);
    },
    listIncidents: async ({ scope, since, cursor, etag, labels, signal }) => {
      this.call(
        `incidents ${scope.slug} ${labels.join('+')} ${cursor ?? 1}`,
        signal,
      );
      const of = this.incidents.filter(item =>
        item.labels.some(label => labels.includes(label)),
      );
      const page = this.page(of, since, cursor, etag);
      return { ...page, calls: labels.length };
    },
  };

  /** The calls since the last time. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  private call(what: string, signal: AbortSignal): void {
    signal.throwIfAborted();
    this.calls.push(what);
    this.onCall(what);
    for (const [begin, error] of this.failures) {
      if (what.startsWith(begin)) throw error;
    }
  }

  private page<T extends { updatedAt: number }>(
    all: T[],
    since: number,
    cursor: string | undefined,
    etag: string | undefined,
  ): ListPage<T> {
    const items = all
      .filter(item => item.updatedAt >= since)
      .sort((a, b) => b.updatedAt - a.updatedAt);
    const valid = JSON.stringify(items);
    const page = Number(cursor ?? 1);
    if (page === 1 && etag === valid) {
      return { items: [], unchanged: true, etag, calls: 1 };
    }
    const end = page * this.pageSize;
    return {
      items: items.slice(end - this.pageSize, end),
      cursor: end < items.length ? String(page + 1) : undefined,
      etag: page === 1 ? valid : undefined,
      calls: 1,
    };
  }
}

function short(sha: string): string {
  return String(parseInt(sha, 16));
}
