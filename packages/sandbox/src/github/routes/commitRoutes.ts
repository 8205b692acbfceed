import { CommitInfo, GitHubError, RepoRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import { checkRun, commit, gitCommit } from '../bodies/commitBodies';
import { simplePull } from '../bodies/pullBodies';
import { isEmpty, minimalRepo, repoApi, repoHtml } from '../bodies/repoBodies';
import { Schema } from '../bodies/schemas';
import { diffEntries } from './diffEntries';
import { sidesOf } from './pullRoutes';
import { allJobs, latestJobs } from './runFilters';

/** Commits and comparisons show so many files at most, or a page. */
const FILES = { perPage: 300, most: 300 };
/** A comparison that is not paged shows so many commits, the newest. */
const UNPAGED_COMMITS = 250;

async function find(
  call: Call,
  repo: RepoRecord,
  ref: string,
): Promise<Required<CommitInfo>> {
  const info = await call.ctx.git.commitInfo(repo, ref);
  if (!info) throw new GitHubError(422, `No commit found for SHA: ${ref}`);
  return info;
}

/**
 * The repository of the route, when something has been pushed to it.
 * @throws GitHubError 409 for an empty one
 */
export function filledRepo(call: Call): RepoRecord {
  const repo = call.repo('contents');
  if (isEmpty(repo)) throw new GitHubError(409, 'Git Repository is empty.');
  return repo;
}

async function list(call: Call): Promise<Reply> {
  const repo = filledRepo(call);
  const ref = call.query('sha') ?? repo.defaultBranch;
  if (!(await call.ctx.git.resolve(repo, ref))) {
    throw new GitHubError(404, 'Not Found');
  }
  const since = Date.parse(call.query('since') ?? '');
  const until = Date.parse(call.query('until') ?? '');
  const all = await call.ctx.git.log(repo, ref, 10_000, call.query('path'));
  const found = all.filter(info => !(info.at < since) && !(info.at > until));
  return { body: call.page(found).map(info => commit(call.ctx, repo, info)) };
}

async function one(call: Call): Promise<Reply> {
  const repo = filledRepo(call);
  const info = await find(call, repo, call.param('ref'));
  if (call.accepts('.sha')) {
    return { raw: info.sha, type: 'application/vnd.github.sha; charset=utf-8' };
  }
  const files = await diffEntries(call.ctx, repo, info.parents[0], info.sha);
  const additions = files.reduce((sum, f) => sum + f.additions, 0);
  const deletions = files.reduce((sum, f) => sum + f.deletions, 0);
  return {
    body: {
      ...commit(call.ctx, repo, info),
      stats: { additions, deletions, total: additions + deletions },
      // the counts above are of all files
      files: call.page(files, FILES),
    },
  };
}

async function status(call: Call): Promise<Reply> {
  const repo = call.repo('contents');
  const info = await call.ctx.git.commitInfo(repo, call.param('ref'));
  if (!info) throw new GitHubError(404, 'Not Found');
  const url = `${repoApi(call.ctx, repo)}/commits/${info.sha}`;
  const body: Schema<'combined-commit-status'> = {
    // jobs are check runs, not statuses: nobody writes these here
    state: 'pending',
    statuses: [],
    sha: info.sha,
    total_count: 0,
    repository: minimalRepo(call.ctx, repo),
    commit_url: url,
    url: `${url}/status`,
  };
  return { body };
}

async function checkRuns(call: Call): Promise<Reply> {
  const repo = call.repo('checks');
  const info = await find(call, repo, call.param('ref'));
  const name = call.query('check_name');
  const found = [...call.ctx.store.runs.values()]
    .filter(run => run.repoId === repo.id && run.headSha === info.sha)
    .flatMap(run => {
      const all = allJobs(call.ctx, run);
      const jobs = call.query('filter') === 'all' ? all : latestJobs(run, all);
      return jobs.map(job => ({ run, job }));
    })
    .filter(({ job }) => !name || job.name === name);
  return {
    body: {
      total_count: found.length,
      check_runs: call
        .page(found)
        .map(({ run, job }) => checkRun(call.ctx, repo, run, job)),
    },
  };
}

async function pulls(call: Call): Promise<Reply> {
  const repo = call.repo('pull_requests');
  const info = await find(call, repo, call.param('commit_sha'));
  const found = [...call.ctx.store.pulls.values()].filter(
    pull =>
      pull.repoId === repo.id &&
      (pull.headSha === info.sha || pull.mergeSha === info.sha),
  );
  const bodies = call.page(found).map(async pull => {
    const { base } = await sidesOf(call.ctx, pull);
    return simplePull(call.ctx, pull, base);
  });
  return { body: await Promise.all(bodies) };
}

function relation(
  ahead: number,
  behind: number,
): Schema<'commit-comparison'>['status'] {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function compare(call: Call): Promise<Reply> {
  const repo = call.repo('contents');
  const [from, to] = call.param('basehead').split('...');
  const base = from && (await call.ctx.git.commitInfo(repo, from));
  const head = to && (await call.ctx.git.commitInfo(repo, to));
  if (!base || !head) throw new GitHubError(404, 'Not Found');
  const { ctx } = call;
  const mergeBase = await ctx.git
    .git(repo, ['merge-base', base.sha, head.sha])
    .then(
      out => ctx.git.commitInfo(repo, out.toString('utf8').trim()),
      () => undefined,
    );
  if (!mergeBase) {
    throw new GitHubError(404, `No common ancestor between ${from} and ${to}.`);
  }
  const ahead = await ctx.git.log(repo, `${base.sha}..${head.sha}`, 10_000);
  const behind = await ctx.git.log(repo, `${head.sha}..${base.sha}`, 10_000);
  const html = `${repoHtml(ctx, repo)}/compare/${from}...${to}`;
  const oldestFirst = [...ahead].reverse();
  const paged = call.query('page') || call.query('per_page');
  const { page } = call.paging();
  const body: Schema<'commit-comparison'> = {
    url: `${repoApi(ctx, repo)}/compare/${from}...${to}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commit(ctx, repo, base),
    merge_base_commit: commit(ctx, repo, mergeBase),
    status: relation(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: (paged
      ? call.page(oldestFirst)
      : oldestFirst.slice(-UNPAGED_COMMITS)
    ).map(info => commit(ctx, repo, info)),
    // the first page has the files of the whole comparison, the others have none
    files:
      page > 1
        ? []
        : (await diffEntries(ctx, repo, mergeBase.sha, head.sha)).slice(
            0,
            FILES.most,
          ),
  };
  return { body };
}

/** Commits, what is known of them, and comparisons. */
export function addCommitRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}';
  api.get(`${base}/commits/{ref}/status`, status);
  api.get(`${base}/commits/{ref}/check-runs`, checkRuns);
  api.get(`${base}/commits/{commit_sha}/pulls`, pulls);
  api.get(`${base}/commits/{ref}`, one);
  api.get(`${base}/commits`, list);
  api.get(`${base}/compare/{basehead}`, compare);

  api.get(`${base}/git/commits/{commit_sha}`, async call => {
    const repo = filledRepo(call);
    const info = await call.ctx.git.commitInfo(repo, call.param('commit_sha'));
    if (!info) throw new GitHubError(404, 'Not Found');
    return { body: gitCommit(call.ctx, repo, info) };
  });
}
