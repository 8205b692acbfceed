import type { Knex } from 'knex';
import type { DeploymentGap } from '../DeliveryStore';
import {
  chunks,
  int,
  optionalInt,
  optionalText,
  rowsByKey,
  text,
  type Raw,
} from './columns';

const DAY_MS = 24 * 60 * 60_000;
/** A run that waits for somebody can take that long: the vendor gives up then. */
const LONGEST_RUN_MS = 35 * DAY_MS;
/** Newest runs that are looked at, for gaps and for what they usually do. */
const MAX_RUNS = 500;
const COMPARED_RUNS = 200;
/** After these words nothing more is told of a deployment, but that a newer one took its place. */
const ENDED = ['success', 'failure', 'error', 'inactive'];
/** A job that ended like this deployed nothing. */
const IDLE = ['skipped', 'cancelled'];

interface Run {
  runKey: string;
  pipelineKey: string;
  event: string;
  createdAt: number;
  endedAt: number;
}

interface Deployment {
  key: string;
  runKey?: string;
  environment: string;
  /** When the vendor was last asked about it; undefined: only events told of it. */
  readAt?: number;
  ended: boolean;
}

/** See DeliveryStore.deploymentGap. */
export async function deploymentGap(
  db: Knex,
  repoKey: string,
  window: { after: number; upTo: number; byHabit: boolean },
): Promise<DeploymentGap | undefined> {
  const runs = await endedRuns(db, repoKey, window);
  if (runs.length === 0) return undefined;
  const deployments = await deploymentsWhere(db, query =>
    query.where('repo_key', repoKey).whereIn(
      'run_key',
      runs.map(run => run.runKey),
    ),
  );
  const expected = await expectedEnvironments(db, repoKey, runs);
  const habits = window.byHabit ? await habitsOf(db, repoKey) : undefined;
  const gaps = runs.filter(run => {
    const own = deployments.filter(one => one.runKey === run.runKey);
    if (own.some(one => !isComplete(one, run.endedAt))) return true;
    if (own.length === 0 && habits?.has(habitOf(run))) return true;
    const known = new Set(own.map(one => one.environment.toLowerCase()));
    return (expected.get(run.runKey) ?? []).some(
      names => !names.some(name => known.has(name.toLowerCase())),
    );
  });
  if (gaps.length === 0) return undefined;
  const since = Math.min(...gaps.map(run => run.createdAt));
  const recent = await deploymentsWhere(db, query =>
    query.where('repo_key', repoKey).where('created_at', '>=', since),
  );
  const known = recent.filter(one => one.runKey !== undefined && one.ended);
  return { since, known: known.map(one => one.key) };
}

/** An answer given after the run was over is the last word, whatever it is. */
function isComplete(one: Deployment, runEndedAt: number): boolean {
  return one.ended || (one.readAt !== undefined && one.readAt > runEndedAt);
}

async function endedRuns(
  db: Knex,
  repoKey: string,
  { after, upTo }: { after: number; upTo: number },
): Promise<Run[]> {
  const ended = 'coalesce(completed_at, updated_at)';
  const rows: Raw[] = await db('run')
    .where({ repo_key: repoKey, status: 'completed' })
    .where('created_at', '>', after - LONGEST_RUN_MS)
    .whereRaw(`${ended} > ? and ${ended} <= ?`, [after, upTo])
    .orderBy('created_at', 'desc')
    .limit(MAX_RUNS)
    .select(
      ...['run_key', 'pipeline_key', 'event', 'created_at'],
      db.raw(`${ended} as ended_at`),
    );
  return rows.map(row => ({
    runKey: text(row.run_key),
    pipelineKey: text(row.pipeline_key),
    event: text(row.event),
    createdAt: int(row.created_at),
    endedAt: int(row.ended_at),
  }));
}

async function deploymentsWhere(
  db: Knex,
  which: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
): Promise<Deployment[]> {
  const rows: Raw[] = await which(db('deployment'));
  const keys = rows.map(row => text(row.deployment_key));
  const ended = new Set<string>();
  for (const part of chunks(keys)) {
    const statuses: Raw[] = await db('deployment_status')
      .whereIn('deployment_key', part)
      .whereIn('state', ENDED)
      .distinct('deployment_key');
    statuses.forEach(row => ended.add(text(row.deployment_key)));
  }
  return rows.map(row => ({
    key: text(row.deployment_key),
    runKey: optionalText(row.run_key),
    environment: text(row.environment),
    readAt: row.source === 'api' ? optionalInt(row.observed_at) : undefined,
    ended: ended.has(text(row.deployment_key)),
  }));
}

/**
 * For each job that ran: environments of which one must have a deployment. A job whose events were lost does not say its own, so
 * jobs of that name in other runs say it.
 */
async function expectedEnvironments(
  db: Knex,
  repoKey: string,
  runs: Run[],
): Promise<Map<string, string[][]>> {
  const jobs = (
    await rowsByKey(
      ...([db, 'job', 'run_key'] as const),
      runs.map(run => run.runKey),
    )
  ).filter(
    job =>
      job.status === 'completed' &&
      job.started_at !== null &&
      !IDLE.includes(text(job.conclusion)),
  );
  const usual = await usualEnvironments(db, repoKey, runs);
  const pipelines = new Map(runs.map(run => [run.runKey, run.pipelineKey]));
  const found = new Map<string, string[][]>();
  for (const job of jobs) {
    const runKey = text(job.run_key);
    const own = optionalText(job.environment);
    const names =
      own === undefined
        ? usual.get(`${pipelines.get(runKey)} ${job.name}`)
        : [own];
    if (names) found.set(runKey, [...(found.get(runKey) ?? []), names]);
  }
  return found;
}

/** Environments of jobs by pipeline and name, from the newest runs. */
async function usualEnvironments(
  db: Knex,
  repoKey: string,
  runs: Run[],
): Promise<Map<string, string[]>> {
  const newest: Raw[] = await db('run')
    .where('repo_key', repoKey)
    .whereIn('pipeline_key', [...new Set(runs.map(run => run.pipelineKey))])
    .orderBy('created_at', 'desc')
    .limit(COMPARED_RUNS)
    .select('run_key');
  const rows: Raw[] = await db('job')
    .join('run', 'run.run_key', 'job.run_key')
    .whereIn(
      'job.run_key',
      newest.map(row => text(row.run_key)),
    )
    .whereNotNull('job.environment')
    .distinct('run.pipeline_key', 'job.name', 'job.environment');
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const key = `${row.pipeline_key} ${row.name}`;
    found.set(key, [...(found.get(key) ?? []), text(row.environment)]);
  }
  return found;
}

function habitOf(run: Pick<Run, 'pipelineKey' | 'event'>): string {
  return `${run.pipelineKey} ${run.event}`;
}

/** Pipelines with the events by which they deployed. Without events of the vendor nothing says which jobs have an environment. */
async function habitsOf(db: Knex, repoKey: string): Promise<Set<string>> {
  const newest = db('deployment')
    .where('repo_key', repoKey)
    .orderBy('created_at', 'desc')
    .limit(COMPARED_RUNS)
    .select('run_key');
  const rows: Raw[] = await db('run')
    .where('repo_key', repoKey)
    .whereIn('run_key', db(newest.as('newest')).select('run_key'))
    .distinct('pipeline_key', 'event');
  return new Set(
    rows.map(row =>
      habitOf({ pipelineKey: text(row.pipeline_key), event: text(row.event) }),
    ),
  );
}
