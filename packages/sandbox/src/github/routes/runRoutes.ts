import { GitHubError, RepoRecord, RunRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import {
  artifact,
  attemptOf,
  job,
  lastAttempt,
  workflowRun,
} from '../bodies/runBodies';
import { allJobs, inCreated, latestJobs } from './runFilters';

/** Results a filtered list can reach; an unfiltered one has no such end. */
const FILTERED_LIMIT = 1000;

function runsOf(call: Call, repo: RepoRecord): RunRecord[] {
  return [...call.ctx.store.runs.values()]
    .filter(run => run.repoId === repo.id)
    .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
}

/** The answer of every list of runs: filters, newest first, one page. */
export function listRuns(
  call: Call,
  repo: RepoRecord,
  workflowId?: number,
): Reply {
  const filters: ((run: RunRecord) => boolean)[] = [];
  const equal = (name: string, value: (run: RunRecord) => string) => {
    const wanted = call.query(name);
    if (wanted) filters.push(run => value(run) === wanted);
  };
  equal('branch', run => run.headBranch);
  equal('event', run => run.event);
  equal('actor', run => run.actor);
  equal('head_sha', run => run.headSha);
  equal('check_suite_id', run => String(run.checkSuiteId));
  const status = call.query('status');
  if (status) {
    filters.push(run => {
      const attempt = lastAttempt(run);
      return attempt.status === status || attempt.conclusion === status;
    });
  }
  const created = call.query('created');
  if (created) filters.push(run => inCreated(run.createdAt, created));
  let runs = runsOf(call, repo);
  if (workflowId !== undefined) {
    runs = runs.filter(run => run.workflowId === workflowId);
  }
  runs = runs.filter(run => filters.every(passes => passes(run)));
  const total = runs.length;
  const reachable = filters.length > 0 ? runs.slice(0, FILTERED_LIMIT) : runs;
  const bare = call.query('exclude_pull_requests') === 'true';
  return {
    body: {
      total_count: total,
      workflow_runs: call.page(reachable).map(run => {
        const body = workflowRun(call.ctx, run);
        return bare ? { ...body, pull_requests: [] } : body;
      }),
    },
  };
}

function changed(
  call: Call,
  action: () => Promise<void> | void,
): Promise<Reply> {
  return Promise.resolve(action()).then(() => {
    call.ctx.store.changed();
    return { status: 201, body: {} };
  });
}

/** Runs, attempts, artifacts; re-run and cancel. */
export function addRunRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/actions/runs';

  api.get(base, call => listRuns(call, call.repo('actions')));

  api.get(`${base}/{run_id}`, call => ({
    body: workflowRun(call.ctx, call.run()),
  }));

  api.get(`${base}/{run_id}/attempts/{attempt_number}`, call => {
    const run = call.run();
    const attempt = attemptOf(run, call.id('attempt_number'));
    if (!attempt) throw new GitHubError(404, 'Not Found');
    return { body: workflowRun(call.ctx, run, attempt) };
  });

  api.get(`${base}/{run_id}/jobs`, call => {
    const run = call.run();
    const filter = call.query('filter') ?? 'latest';
    if (filter !== 'latest' && filter !== 'all') {
      throw new GitHubError(422, 'Invalid filter');
    }
    const all = allJobs(call.ctx, run);
    const jobs = filter === 'all' ? all : latestJobs(run, all);
    return {
      body: {
        total_count: jobs.length,
        jobs: call.page(jobs).map(record => job(call.ctx, run, record)),
      },
    };
  });

  api.get(`${base}/{run_id}/attempts/{attempt_number}/jobs`, call => {
    const run = call.run();
    const number = call.id('attempt_number');
    if (!attemptOf(run, number)) throw new GitHubError(404, 'Not Found');
    const jobs = allJobs(call.ctx, run).filter(j => j.attempt === number);
    return {
      body: {
        total_count: jobs.length,
        jobs: call.page(jobs).map(record => job(call.ctx, run, record)),
      },
    };
  });

  api.get(`${base}/{run_id}/artifacts`, call => {
    const run = call.run();
    const name = call.query('name');
    const found = run.artifacts.filter(a => !name || a.name === name);
    return {
      body: {
        total_count: found.length,
        artifacts: call.page(found).map(a => artifact(call.ctx, run, a)),
      },
    };
  });

  api.post(`${base}/{run_id}/rerun`, call => {
    const run = call.run('write');
    return changed(call, () =>
      call.ctx.engine.rerun(run, {
        failedOnly: false,
        actor: call.login(),
      }),
    );
  });

  api.post(`${base}/{run_id}/rerun-failed-jobs`, call => {
    const run = call.run('write');
    return changed(call, () =>
      call.ctx.engine.rerun(run, { failedOnly: true, actor: call.login() }),
    );
  });

  api.post(`${base}/{run_id}/cancel`, async call => {
    const run = call.run('write');
    if (lastAttempt(run).status === 'completed') {
      throw new GitHubError(
        409,
        'Cannot cancel a workflow run that is completed.',
      );
    }
    call.ctx.engine.cancel(run, call.login());
    return { status: 202, body: {} };
  });
}
