import { createHmac, randomBytes, timingSafeEqual } from 'crypto';
import { Router } from 'express';
import { GitHubError, JobRecord, RunRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { job } from '../bodies/runBodies';
import { GitHubContext } from '../gitHubContext';
import { latestJobs, allJobs } from './runFilters';
import { zipOf } from './zipFile';

/** A log address works this long and needs no token. */
const LOG_URL_MS = 60_000;
/** Logs are kept this long, then answered with 410. */
const LOG_RETENTION_MS = 90 * 24 * 3600_000;

function findJob(
  call: Call,
  need: 'read' | 'write' = 'read',
): {
  run: RunRecord;
  record: JobRecord;
} {
  const repo = call.repo('actions', need);
  const id = call.id('job_id');
  for (const jobs of call.ctx.store.jobsOfRun.values()) {
    const record = jobs.find(candidate => candidate.id === id);
    const run = record && call.ctx.store.runs.get(record.runId);
    if (record && run?.repoId === repo.id) return { run, record };
  }
  throw new GitHubError(404, 'Not Found');
}

/** Signs and serves short-lived log addresses. */
export class LogLinks {
  private readonly secret = randomBytes(32);

  constructor(private readonly ctx: GitHubContext) {}

  private sign(path: string, until: number): string {
    return createHmac('sha256', this.secret)
      .update(`${path} ${until}`)
      .digest('hex');
  }

  /** @param path - `jobs/<id>` or `runs/<id>/<attempt>` */
  link(path: string): string {
    const until = this.ctx.store.clock.now() + LOG_URL_MS;
    return `${this.ctx.baseUrl}/_logs/${path}?until=${until}&sig=${this.sign(
      path,
      until,
    )}`;
  }

  private valid(path: string, until: string, signature: string): boolean {
    const want = Buffer.from(this.sign(path, Number(until)));
    const got = Buffer.from(signature);
    return (
      want.length === got.length &&
      timingSafeEqual(want, got) &&
      Number(until) > this.ctx.store.clock.now()
    );
  }

  router(): Router {
    const router = Router();
    router.get('/jobs/:id', (req, res) => {
      const path = `jobs/${req.params.id}`;
      if (!this.valid(path, String(req.query.until), String(req.query.sig))) {
        res.status(403).type('text/plain').send('This address has expired.');
        return;
      }
      const found = [...this.ctx.store.jobsOfRun.values()]
        .flat()
        .find(candidate => String(candidate.id) === req.params.id);
      if (!found) {
        res.status(404).end();
        return;
      }
      res.type('text/plain; charset=utf-8').send(this.ctx.engine.log(found));
    });
    router.get('/runs/:id/:attempt', (req, res) => {
      const path = `runs/${req.params.id}/${req.params.attempt}`;
      if (!this.valid(path, String(req.query.until), String(req.query.sig))) {
        res.status(403).type('text/plain').send('This address has expired.');
        return;
      }
      const run = this.ctx.store.runs.get(Number(req.params.id));
      if (!run) {
        res.status(404).end();
        return;
      }
      const jobs = allJobs(this.ctx, run);
      const wanted =
        req.params.attempt === 'latest'
          ? latestJobs(run, jobs)
          : jobs.filter(j => String(j.attempt) === req.params.attempt);
      res.type('application/zip').send(
        zipOf(
          wanted
            .filter(record => record.status === 'completed')
            .map((record, index) => ({
              name: `${index}_${record.name.replace(/[/\\]/g, '_')}.txt`,
              content: Buffer.from(this.ctx.engine.log(record)),
            })),
        ),
      );
    });
    return router;
  }
}

/** Jobs and logs. */
export function addJobRoutes(api: ApiRoutes, links: LogLinks): void {
  const base = '/repos/{owner}/{repo}/actions';
  const redirect = (Location: string) => ({
    status: 302,
    raw: '',
    headers: { Location },
  });

  api.get(`${base}/jobs/{job_id}`, call => {
    const { run, record } = findJob(call);
    return { body: job(call.ctx, run, record) };
  });

  api.get(`${base}/jobs/{job_id}/logs`, call => {
    const { record } = findJob(call);
    // GitHub has the log of a job only when the job has ended
    if (record.status !== 'completed' || record.startedAt === null) {
      throw new GitHubError(404, 'Not Found');
    }
    const age = call.ctx.store.clock.now() - (record.completedAt ?? 0);
    if (age > LOG_RETENTION_MS) {
      throw new GitHubError(410, 'Server Error');
    }
    return redirect(links.link(`jobs/${record.id}`));
  });

  api.get(`${base}/runs/{run_id}/logs`, call => {
    const run = call.run();
    if (!allJobs(call.ctx, run).some(j => j.status === 'completed')) {
      throw new GitHubError(404, 'Not Found');
    }
    return redirect(links.link(`runs/${run.id}/latest`));
  });

  api.get(`${base}/runs/{run_id}/attempts/{attempt_number}/logs`, call => {
    const run = call.run();
    const attempt = call.id('attempt_number');
    const jobs = allJobs(call.ctx, run).filter(j => j.attempt === attempt);
    if (!jobs.some(j => j.status === 'completed')) {
      throw new GitHubError(404, 'Not Found');
    }
    return redirect(links.link(`runs/${run.id}/${attempt}`));
  });

  api.post(`${base}/jobs/{job_id}/rerun`, async call => {
    const { run, record } = findJob(call, 'write');
    await call.ctx.engine.rerun(run, {
      failedOnly: false,
      actor: call.login(),
      jobId: record.id,
    });
    return { status: 201, body: {} };
  });
}
