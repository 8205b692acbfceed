import type {
  IncidentIssue,
  ListPage,
  ListSince,
} from 'backstage-plugin-delivery-node';
import { issuesPageSchema, type RawIssue } from './changeSchema';
import { trustedUrl } from './facts';
import type { Answer, GithubClient } from './GithubClient';
import { ownerAndName } from './readRuns';
import { parseBody } from './schema';

const PAGE = 100;

/** Which page of which labels comes next. */
interface Position {
  page: number;
  labels: string[];
}

/**
 * See DeliveryProvider.listIncidents. GitHub joins several labels by AND, so each is asked for by itself: a page costs a call a label, and
 * one more where only some of them are as before.
 */
export async function listIncidents(
  client: GithubClient,
  request: ListSince & { labels: string[] },
): Promise<ListPage<IncidentIssue>> {
  const { scope, since, signal } = request;
  const { owner, repo } = ownerAndName(scope.slug);
  const { page, labels } = positionOf(request);
  const etags = page === 1 ? etagsOf(request.etag) : new Map<string, string>();
  let calls = 0;
  const ask = (label: string, etag?: string) => {
    calls += 1;
    return client.call({
      route: 'GET /repos/{owner}/{repo}/issues',
      owner,
      parameters: {
        ...{ owner, repo, labels: label, state: 'all', sort: 'updated' },
        ...{ direction: 'desc', per_page: PAGE, page },
        since: new Date(since).toISOString(),
      },
      etag,
      what: `issues of ${scope.slug} with the label ${label.slice(0, 50)}`,
      signal,
    });
  };

  const answers: { label: string; answer: Answer }[] = [];
  for (const label of labels) {
    answers.push({ label, answer: await ask(label, etags.get(label)) });
  }
  if (answers.every(({ answer }) => answer.data === undefined)) {
    return { items: [], unchanged: true, etag: request.etag, calls };
  }
  const found = new Map<number, IncidentIssue>();
  const full: string[] = [];
  const validators: Record<string, string> = {};
  for (const { label, answer } of answers) {
    // The reader learns what is no incident any more from the whole list only.
    const whole = answer.data === undefined ? await ask(label) : answer;
    const items = parseBody(issuesPageSchema, whole.data, 'issues');
    if (items.length >= PAGE) full.push(label);
    if (whole.etag) validators[label] = whole.etag;
    for (const raw of items) {
      if (raw.pull_request !== undefined) continue;
      const known = found.get(raw.number);
      if (known && known.updatedAt >= raw.updated_at) continue;
      found.set(raw.number, toIssue(raw, scope.host));
    }
  }
  const next: Position = { page: page + 1, labels: full };
  return {
    items: [...found.values()].sort((a, b) => b.updatedAt - a.updatedAt),
    cursor: full.length > 0 ? JSON.stringify(next) : undefined,
    etag: page === 1 ? JSON.stringify(validators) : undefined,
    calls,
  };
}

/** The cursor and the validator are our own words, kept in our own tables. */
function positionOf(request: { labels: string[]; cursor?: string }): Position {
  return request.cursor === undefined
    ? { page: 1, labels: [...new Set(request.labels)] }
    : (JSON.parse(request.cursor) as Position);
}

function etagsOf(etag: string | undefined): Map<string, string> {
  return new Map(
    Object.entries(JSON.parse(etag ?? '{}') as Record<string, string>),
  );
}

function toIssue(raw: RawIssue, host: string): IncidentIssue {
  return {
    number: raw.number,
    title: raw.title,
    body: raw.body,
    url: trustedUrl(raw.html_url, host),
    labels: raw.labels,
    openedAt: raw.created_at,
    closedAt: raw.closed_at,
    updatedAt: raw.updated_at,
  };
}
