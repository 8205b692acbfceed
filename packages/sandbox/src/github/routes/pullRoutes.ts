import { GitHubError, PullRequestRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { commit } from '../bodies/commitBodies';
import { fullPull, pullReview, simplePull } from '../bodies/pullBodies';
import { GitHubContext } from '../gitHubContext';
import { diffEntries } from './diffEntries';

/** What a pull request consists of: its own commits, also after they were squashed into one. */
export async function sidesOf(ctx: GitHubContext, pull: PullRequestRecord) {
  const repo = ctx.store.repos.get(pull.repoId);
  if (!repo) throw new GitHubError(404, 'Not Found');
  if (pull.baseSha !== undefined) {
    return { repo, base: pull.baseSha, head: pull.headSha };
  }
  const { git } = ctx;
  const branch = await git.resolve(repo, pull.baseBranch);
  // what a merged request was merged into is the first parent of its merge commit
  const merge = pull.mergeSha && (await git.commitInfo(repo, pull.mergeSha));
  const base = (merge ? merge.parents[0] : branch) ?? pull.headSha;
  return { repo, base, head: pull.mergeSha ?? pull.headSha };
}

type Compare = (a: PullRequestRecord, b: PullRequestRecord) => number;

/** Without a direction the newest come first, but the longest unchanged when sorted by change. */
function orderOf(call: Call): Compare {
  const sort = call.query('sort') ?? 'created';
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt';
  const fallback = sort === 'created' ? 'desc' : 'asc';
  const sign = (call.query('direction') ?? fallback) === 'asc' ? 1 : -1;
  return (a, b) => sign * (a[key] - b[key] || a.number - b.number);
}

function find(call: Call): PullRequestRecord {
  const repo = call.repo('pull_requests');
  const number = call.id('pull_number');
  const found = [...call.ctx.store.pulls.values()].find(
    pull => pull.repoId === repo.id && pull.number === number,
  );
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

/** Pull requests, to read. */
export function addPullRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/pulls';

  api.get(base, async call => {
    const repo = call.repo('pull_requests');
    const state = call.query('state') ?? 'open';
    const [head, baseBranch] = [call.query('head'), call.query('base')];
    const found = [...call.ctx.store.pulls.values()]
      .filter(
        pull =>
          pull.repoId === repo.id &&
          (state === 'all' || pull.state === state) &&
          (!head || `${repo.owner}:${pull.headBranch}` === head) &&
          (!baseBranch || pull.baseBranch === baseBranch),
      )
      .sort(orderOf(call));
    const bodies = await Promise.all(
      call.page(found).map(async pull => {
        const { base: sha } = await sidesOf(call.ctx, pull);
        return simplePull(call.ctx, pull, sha);
      }),
    );
    return { body: bodies };
  });

  api.get(`${base}/{pull_number}`, async call => {
    const pull = find(call);
    const { repo, base: from, head } = await sidesOf(call.ctx, pull);
    const files = await diffEntries(call.ctx, repo, from, head);
    const commits = await call.ctx.git.log(repo, `${from}..${head}`, 250);
    return {
      body: fullPull(call.ctx, pull, from, {
        commits: commits.length,
        files: files.length,
        additions: files.reduce((sum, f) => sum + f.additions, 0),
        deletions: files.reduce((sum, f) => sum + f.deletions, 0),
      }),
    };
  });

  api.get(`${base}/{pull_number}/commits`, async call => {
    const { repo, base: from, head } = await sidesOf(call.ctx, find(call));
    const found = await call.ctx.git.log(repo, `${from}..${head}`, 250);
    return {
      body: call
        .page([...found].reverse())
        .map(info => commit(call.ctx, repo, info)),
    };
  });

  api.get(`${base}/{pull_number}/files`, async call => {
    const { repo, base: from, head } = await sidesOf(call.ctx, find(call));
    return { body: call.page(await diffEntries(call.ctx, repo, from, head)) };
  });

  api.get(`${base}/{pull_number}/reviews`, call => {
    const pull = find(call);
    return {
      body: call
        .page(pull.reviews ?? [])
        .map(review => pullReview(call.ctx, pull, review)),
    };
  });
}
