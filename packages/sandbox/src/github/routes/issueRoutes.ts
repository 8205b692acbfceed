import { GitHubError, RepoRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import { fullIssue, issue, issueEvent, IssueLike } from '../bodies/issueBodies';

const recordOf = (item: IssueLike) => item.issue ?? item.pull;

/** Issues and pull requests of a repository. */
function everyIssue(call: Call, repo: RepoRecord): IssueLike[] {
  const { issues, pulls } = call.ctx.store;
  return [
    ...[...issues.values()].map(item => ({ issue: item })),
    ...[...pulls.values()].map(item => ({ pull: item })),
  ].filter(item => recordOf(item).repoId === repo.id);
}

function find(call: Call): { repo: RepoRecord; item: IssueLike } {
  const repo = call.repo('issues');
  const number = call.id('issue_number');
  const item = everyIssue(call, repo).find(
    candidate => recordOf(candidate).number === number,
  );
  if (!item) throw new GitHubError(404, 'Not Found');
  return { repo, item };
}

function list(call: Call): Reply {
  const repo = call.repo('issues');
  const state = call.query('state') ?? 'open';
  const since = Date.parse(call.query('since') ?? '');
  const creator = call.query('creator');
  const labels = (call.query('labels') ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '');
  const key = call.query('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = call.query('direction') === 'asc' ? 1 : -1;
  const found = everyIssue(call, repo)
    .filter(item => {
      const record = recordOf(item);
      const names = (record.labels ?? []).map(name => name.toLowerCase());
      return (
        (state === 'all' || record.state === state) &&
        // the wire has seconds only, and so has what is asked back
        !(Math.floor(record.updatedAt / 1000) * 1000 < since) &&
        (!creator || record.author === creator) &&
        labels.every(name => names.includes(name))
      );
    })
    .sort((a, b) => {
      const [one, two] = [recordOf(a), recordOf(b)];
      return sign * (one[key] - two[key] || one.number - two.number);
    });
  return { body: call.page(found).map(item => issue(call.ctx, repo, item)) };
}

/** Issues, to read; pull requests are among them. */
export function addIssueRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/issues';
  api.get(base, list);

  api.get(`${base}/{issue_number}`, call => {
    const { repo, item } = find(call);
    return { body: fullIssue(call.ctx, repo, item) };
  });

  for (const kind of ['events', 'timeline']) {
    api.get(`${base}/{issue_number}/${kind}`, call => {
      const { repo, item } = find(call);
      const events = item.issue?.events ?? [];
      return {
        body: call
          .page(events)
          .map(record => issueEvent(call.ctx, repo, record)),
      };
    });
  }
}
