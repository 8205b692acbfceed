import { GitHubError, JobRecord, RunRecord } from '../../state';
import { GitHubContext } from '../gitHubContext';
import { lastAttempt } from '../bodies/runBodies';

/** Start and end (exclusive) of a day or an instant in GitHub's search syntax. */
function span(text: string): [number, number] {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = Date.parse(day ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at)) {
    throw new GitHubError(422, `Invalid value for parameter created: ${text}`);
  }
  return [at, at + (day ? 24 * 3600_000 : 1000)];
}

/**
 * GitHub's `created` filter: `2026-01-31`, `>=…`, `>…`, `<=…`, `<…`, `a..b` with `*` for open ends.
 * @throws GitHubError 422 when the text is no date
 */
export function inCreated(at: number, filter: string): boolean {
  const range = /^(.+)\.\.(.+)$/.exec(filter);
  if (range) {
    const [, from, to] = range;
    return (
      (from === '*' || at >= span(from)[0]) && (to === '*' || at < span(to)[1])
    );
  }
  const compared = /^(>=|<=|>|<)(.+)$/.exec(filter);
  if (!compared) {
    const [from, to] = span(filter);
    return at >= from && at < to;
  }
  const [from, to] = span(compared[2]);
  switch (compared[1]) {
    case '>=':
      return at >= from;
    case '>':
      return at >= to;
    case '<=':
      return at < to;
    default:
      return at < from;
  }
}

/** All jobs of all attempts, in order of creation. */
export function allJobs(ctx: GitHubContext, run: RunRecord): JobRecord[] {
  return ctx.store.jobsOfRun.get(run.id) ?? [];
}

/**
 * The jobs `filter=latest` lists: of each job its newest execution. A re-run of the failed jobs leaves the
 * others under their older attempt.
 */
export function latestJobs(run: RunRecord, jobs: JobRecord[]): JobRecord[] {
  const limit = lastAttempt(run).attempt;
  const newest = new Map<string, JobRecord>();
  for (const job of jobs) {
    const key = `${job.key}\0${job.name}`;
    const known = newest.get(key);
    if (job.attempt <= limit && (!known || job.attempt >= known.attempt)) {
      newest.set(key, job);
    }
  }
  return jobs.filter(job => newest.get(`${job.key}\0${job.name}`) === job);
}
