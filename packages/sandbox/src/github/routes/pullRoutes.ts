import { GitHubError, PullRequestRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { commit } from '../bodies/commitBodies';
import { fullPull, simplePull } from '../bodies/pullBodies';
import { diffEntries } from './diffEntries';

async function sides(call: Call, pull: PullRequestRecord) {
  const repo = call.repo('pull_requests');
  const { git } = call.ctx;
  const branch = await git.resolve(repo, pull.baseBranch);
  // what a merged request was merged into is the first parent of its merge commit
  const merge = pull.mergeSha && (await git.commitInfo(repo, pull.mergeSha));
  const base = (merge ? merge.parents[0] : branch) ?? pull.headSha;
  return { repo, base, head: pull.mergeSha ?? pull.headSha };
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
      .sort((a, b) => b.number - a.number);
    const bodies = await Promise.all(
      call.page(found).map(async pull => {
        const { base: sha } = await sides(call, pull);
        return simplePull(call.ctx, pull, sha);
      }),
    );
    return { body: bodies };
  });

  api.get(`${base}/{pull_number}`, async call => {
    const pull = find(call);
    const { repo, base: from, head } = await sides(call, pull);
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
    const { repo, base: from, head } = await sides(call, find(call));
    const found = await call.ctx.git.log(repo, `${from}..${head}`, 250);
    return {
      body: call
        .page([...found].reverse())
        .map(info => commit(call.ctx, repo, info)),
    };
  });

  api.get(`${base}/{pull_number}/files`, async call => {
    const { repo, base: from, head } = await sides(call, find(call));
    return { body: call.page(await diffEntries(call.ctx, repo, from, head)) };
  });
}
