import type { Knex } from 'knex';
import type { RunCursor, RunFilter } from '../DeliveryStore';
import type { DurationStat, RunRow } from '../rows';
import { int, text, type Raw } from './columns';
import { selectRuns, toRunRow } from './runRows';

/** How many successes a median is made of at most; newer ones say more about the next run than old ones. */
const COMPARED = 30;

/** Gaps that one sweep closes at most; the next one goes on. */
const MAX_GAPS = 20;

/** Keys of the repositories a service is made in. */
async function repositoriesOf(db: Knex, entityRef: string): Promise<string[]> {
  const rows = (await db('service')
    .join('service_binding as b', 'b.service_id', 'service.id')
    .join('repository_alias as a', join =>
      join.on('a.host', 'b.host').andOn('a.slug', 'b.slug'),
    )
    .where('service.entity_ref', entityRef)
    .distinct('a.repo_key')) as Raw[];
  return rows.map(row => text(row.repo_key));
}

function addFilter(query: Knex.QueryBuilder, filter: RunFilter): void {
  const equal = {
    'run.pipeline_key': filter.pipelineKey,
    'run.branch': filter.branch,
    'run.status': filter.status,
    'run.conclusion': filter.conclusion,
  };
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) query.where(column, value);
  }
  if (filter.actor !== undefined) {
    const actor = filter.actor.toLowerCase();
    query.where(where =>
      where
        .whereRaw('lower(run.actor) = ?', [actor])
        .orWhereRaw('lower(run.triggering_actor) = ?', [actor]),
    );
  }
  if (filter.text !== undefined && filter.text !== '') {
    const literal = filter.text.toLowerCase().replace(/[\\%_]/g, '\\$&');
    query.where(where =>
      where
        .whereRaw(`lower(run.title) like ? escape '\\'`, [`%${literal}%`])
        .orWhereRaw(`lower(run.branch) like ? escape '\\'`, [`%${literal}%`])
        .orWhereRaw(`run.sha like ? escape '\\'`, [`${literal}%`]),
    );
  }
}

/** See DeliveryStore.listRuns. */
export async function listRuns(
  db: Knex,
  query: {
    entityRef: string;
    scope: 'service' | 'all';
    filter: RunFilter;
    after?: RunCursor;
    limit: number;
  },
): Promise<RunRow[]> {
  const select = selectRuns(db);
  let at: string;
  if (query.scope === 'service') {
    // The list lies ready in the order of the index; the run itself is one look-up by its key.
    at = 'run_service';
    select
      .join('run_service', 'run_service.run_key', 'run.run_key')
      .where(
        'run_service.service_id',
        db('service').where('entity_ref', query.entityRef).select('id'),
      );
  } else {
    at = 'run';
    const repoKeys = await repositoriesOf(db, query.entityRef);
    select.whereIn('run.repo_key', repoKeys);
  }
  addFilter(select, query.filter);
  if (query.after) {
    select.whereRaw(`(${at}.created_at, ${at}.run_key) < (?, ?)`, [
      query.after.createdAt,
      query.after.runKey,
    ]);
  }
  const rows = (await select
    .orderBy(`${at}.created_at`, 'desc')
    .orderBy(`${at}.run_key`, 'desc')
    .limit(query.limit)) as Raw[];
  return rows.map(toRunRow);
}

/** Branches of the newest runs of a service's repositories, the latest first. */
export async function branches(
  db: Knex,
  entityRef: string,
  limit: number,
): Promise<string[]> {
  const newest = db('run_service')
    .join('run', 'run.run_key', 'run_service.run_key')
    .where(
      'run_service.service_id',
      db('service').where('entity_ref', entityRef).select('id'),
    )
    .orderBy('run_service.created_at', 'desc')
    .orderBy('run_service.run_key', 'desc')
    .limit(200)
    .select('run.branch', 'run.created_at')
    .as('newest');
  const rows = (await db(newest)
    .whereNotNull('branch')
    .groupBy('branch')
    .select('branch')
    .max({ latest: 'created_at' })
    .orderBy('latest', 'desc')
    .limit(limit)) as Raw[];
  return rows.map(row => text(row.branch));
}

/** Runs that are not completed, oldest confirmation first. */
export async function openRuns(
  db: Knex,
  repoKey: string | undefined,
): Promise<RunRow[]> {
  const query = selectRuns(db)
    // Written out, not bound: only then do both databases use the small index of open runs.
    .whereRaw(`run.status <> 'completed'`)
    .orderByRaw('coalesce(run.confirmed_at, 0), run.run_key');
  if (repoKey !== undefined) query.where('run.repo_key', repoKey);
  return ((await query) as Raw[]).map(toRunRow);
}

/** See DeliveryStore.gaps. */
export async function gaps(
  db: Knex,
  repoKey: string,
  since: number,
): Promise<{ runKey: string; attempt: number }[]> {
  const recent = () =>
    db('run').where({ repo_key: repoKey }).where('created_at', '>=', since);
  const jobs = (await recent()
    .where('status', 'completed')
    .whereExists(
      db('job')
        .whereRaw('job.run_key = run.run_key and job.attempt = run.attempt')
        .whereRaw(`job.status <> 'completed'`)
        .select('job_key'),
    )
    .select('run_key', 'attempt')) as Raw[];
  const runs = (await recent()
    .where('attempt', '>', 1)
    .select('run_key', 'attempt')) as Raw[];
  const closed = (await db('attempt')
    .whereIn(
      'run_key',
      runs.map(run => text(run.run_key)),
    )
    .where('status', 'completed')
    .select('run_key', 'attempt')) as Raw[];
  const known = new Set(closed.map(row => `${row.run_key} ${row.attempt}`));
  const found = jobs.map(toGap);
  for (const { runKey, attempt: current } of runs.map(toGap)) {
    for (let attempt = current - 1; attempt >= 1; attempt--) {
      if (!known.has(`${runKey} ${attempt}`)) found.push({ runKey, attempt });
      // A forged number of attempts must not make a list without end; the next read of the run corrects it.
      if (current - attempt >= MAX_GAPS) break;
    }
  }
  return found.slice(0, MAX_GAPS);
}

function toGap(row: Raw): { runKey: string; attempt: number } {
  return { runKey: text(row.run_key), attempt: int(row.attempt) };
}

/** See DeliveryStore.durationStats. First attempts only: a partial re-run is shorter for no merit of its own. */
export async function durationStats(
  db: Knex,
  pipelineKey: string,
  runClass: string,
): Promise<DurationStat[]> {
  const query = db('run')
    .where({ pipeline_key: pipelineKey, conclusion: 'success', attempt: 1 })
    // Only of these is it known how long they really worked: the whole span holds the time a gate was closed.
    .whereNotNull('work_ms')
    .orderBy('created_at', 'desc')
    .limit(COMPARED)
    .select('run_key', 'work_ms');
  await addClass(db, query, pipelineKey, runClass);
  const runs = (await query) as Raw[];
  const jobs = (await db('job')
    .whereIn(
      'run_key',
      runs.map(run => text(run.run_key)),
    )
    .where({ attempt: 1, conclusion: 'success' })
    .whereNotNull('started_at')
    .whereNotNull('completed_at')
    .orderBy('job_key')
    .select('run_key', 'name', 'started_at', 'completed_at')) as Raw[];
  const durations = new Map<string, DurationStat['jobs']>();
  for (const job of jobs) {
    const list = durations.get(text(job.run_key)) ?? [];
    list.push({ name: text(job.name), durationMs: durationOf(job) });
    durations.set(text(job.run_key), list);
  }
  return runs.map(run => ({
    runKey: text(run.run_key),
    durationMs: int(run.work_ms),
    jobs: durations.get(text(run.run_key)) ?? [],
  }));
}

function durationOf(row: Raw): number {
  return Math.max(0, int(row.completed_at) - int(row.started_at));
}

/** The condition that `runClass` of the domain stands for. */
async function addClass(
  db: Knex,
  query: Knex.QueryBuilder,
  pipelineKey: string,
  runClass: string,
): Promise<void> {
  const push = /^(default-branch|branch) push$/.exec(runClass);
  if (!push) {
    query.where('event', runClass);
    return;
  }
  const repository = await db('pipeline')
    .join('repository', 'repository.repo_key', 'pipeline.repo_key')
    .where('pipeline_key', pipelineKey)
    .first('repository.default_branch');
  const known: unknown = repository?.default_branch;
  const defaults = known ? [String(known)] : ['main', 'master'];
  query.where('event', 'push');
  if (push[1] === 'default-branch') query.whereIn('branch', defaults);
  else query.whereNotIn('branch', defaults);
}
