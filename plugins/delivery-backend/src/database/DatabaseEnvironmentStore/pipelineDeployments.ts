import type { PipelineDeployment } from 'backstage-plugin-delivery-common/domain';
import type { RecordedApproval } from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import {
  chunks,
  int,
  json,
  optionalText,
  rowsByKey,
  text,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import {
  selectRuns,
  toJobRow,
  toRunRow,
} from '../DatabaseDeliveryStore/runRows';
import type { JobRow, RunRow } from '../rows';
import { approvalsOfRuns } from './fetchedOnce';

/** Names of environments that are looked through; previews of pull requests can make thousands. */
const MAX_NAMES = 500;
/** Steps whose name says that the job put something back. */
const ROLLBACK = /roll(?:ed|ing)?[\s_-]*back/i;

/** What of its repositories a service has. */
interface Owned {
  serviceId: number;
  repoKeys: string[];
  /** Repositories of which it has everything. */
  whole: string[];
}

async function ownedBy(
  db: Knex,
  entityRef: string,
): Promise<Owned | undefined> {
  const rows: Raw[] = await db('service')
    .join('service_binding as b', 'b.service_id', 'service.id')
    .join('repository_alias as a', join =>
      join.on('a.host', 'b.host').andOn('a.slug', 'b.slug'),
    )
    .where('service.entity_ref', entityRef)
    .select('service.id', 'a.repo_key', 'b.workflows_json', 'b.paths_json');
  if (rows.length === 0) return undefined;
  const isWhole = (row: Raw) =>
    [row.workflows_json, row.paths_json].every(
      value => json<string[]>(value).length === 0,
    );
  return {
    serviceId: int(rows[0].id),
    repoKeys: [...new Set(rows.map(row => text(row.repo_key)))],
    whole: rows.filter(isWhole).map(row => text(row.repo_key)),
  };
}

/** Deployments of runs that are the service's. Vendors number runs across repositories, so the run must be of the same one. */
function selectOwned(db: Knex, owned: Owned): Knex.QueryBuilder {
  const run = () =>
    db('run')
      .whereRaw('run.run_key = d.run_key and run.repo_key = d.repo_key')
      .select('run.run_key');
  return db('deployment as d')
    .whereIn('d.repo_key', owned.repoKeys)
    .where(either =>
      either
        .whereExists(
          run().join('run_service as s', join =>
            join
              .on('s.run_key', 'run.run_key')
              .andOnVal('s.service_id', owned.serviceId),
          ),
        )
        .orWhere(unknown =>
          unknown.whereIn('d.repo_key', owned.whole).whereNotExists(run()),
        ),
    );
}

async function namesOf(deployments: Knex.QueryBuilder): Promise<string[]> {
  const rows: Raw[] = await deployments
    .groupBy('d.environment')
    .select('d.environment')
    .max({ latest: 'd.created_at' })
    .orderBy([{ column: 'latest', order: 'desc' }, { column: 'd.environment' }])
    .limit(MAX_NAMES);
  return rows.map(row => text(row.environment));
}

/** See EnvironmentStore.seenEnvironments. */
export async function seenEnvironments(
  db: Knex,
  entityRef: string,
): Promise<string[]> {
  const owned = await ownedBy(db, entityRef);
  return owned ? namesOf(selectOwned(db, owned)) : [];
}

/** See EnvironmentStore.pipelineDeployments. */
export async function pipelineDeployments(
  db: Knex,
  entityRef: string,
  matches: (environment: string) => boolean,
  limit: number,
): Promise<PipelineDeployment[]> {
  const owned = await ownedBy(db, entityRef);
  if (!owned) return [];
  // Of the whole repository: the index alone answers that.
  const all = db('deployment as d').whereIn('d.repo_key', owned.repoKeys);
  const names = (await namesOf(all)).filter(matches);
  if (names.length === 0) return [];
  const rows: Raw[] = await selectOwned(db, owned)
    .whereIn('d.environment', names)
    .orderBy([
      { column: 'd.created_at', order: 'desc' },
      { column: 'd.deployment_key', order: 'desc' },
    ])
    .limit(limit)
    .select('d.*');
  const statuses = await statusesOf(db, rows);
  const runs = await runsOf(db, rows);
  const jobs = await jobsOf(db, [...runs.keys()], names, statuses);
  const approvals = await approvalsOfRuns(db, [...runs.keys()]);
  return rows.map(row => {
    const key = text(row.deployment_key);
    const own = statuses.get(key) ?? [];
    const run = runs.get(text(row.run_key));
    const environment = text(row.environment);
    return {
      deploymentKey: key,
      sha: text(row.sha),
      ref: text(row.ref),
      creator: optionalText(row.creator),
      createdAt: int(row.created_at),
      statuses: own,
      run: run && runPart(run),
      jobs: (run ? jobs.get(run.runKey) ?? [] : [])
        .filter(job => isOf(job, environment, jobKeysOf(key, own)))
        .map(jobPart),
      approvedBy: approversOf(
        run && approvals.get(`${run.runKey} ${run.attempt}`),
        environment,
      ),
    };
  });
}

type Statuses = PipelineDeployment['statuses'];

async function statusesOf(
  db: Knex,
  deployments: Raw[],
): Promise<Map<string, Statuses>> {
  const found = new Map<string, Statuses>();
  const keys = deployments.map(row => text(row.deployment_key));
  for (const part of chunks(keys)) {
    const rows: Raw[] = await db('deployment_status')
      .whereIn('deployment_key', part)
      .orderBy(['created_at', 'status_key']);
    for (const row of rows) {
      const key = text(row.deployment_key);
      const list = found.get(key) ?? [];
      list.push({
        statusKey: text(row.status_key),
        state: text(row.state),
        createdAt: int(row.created_at),
        creator: optionalText(row.creator),
        url: optionalText(row.url),
      });
      found.set(key, list);
    }
  }
  return found;
}

async function runsOf(
  db: Knex,
  deployments: Raw[],
): Promise<Map<string, RunRow>> {
  const repoOf = new Map<string, Set<string>>();
  for (const row of deployments) {
    const key = optionalText(row.run_key);
    if (key === undefined) continue;
    repoOf.set(key, (repoOf.get(key) ?? new Set()).add(text(row.repo_key)));
  }
  const found = new Map<string, RunRow>();
  for (const part of chunks([...repoOf.keys()])) {
    const rows: Raw[] = await selectRuns(db).whereIn('run.run_key', part);
    for (const row of rows.map(toRunRow)) {
      if (repoOf.get(row.runKey)?.has(row.repoKey)) found.set(row.runKey, row);
    }
  }
  return found;
}

/** Jobs that statuses of a deployment link; both numbers are of one host, whose name begins their keys. */
function jobKeysOf(deploymentKey: string, statuses: Statuses): string[] {
  const host = deploymentKey.slice(0, deploymentKey.lastIndexOf('.') + 1);
  return statuses.flatMap(({ url }) => {
    const id = /\/jobs?\/(\d{1,16})(?:[/?#]|$)/.exec(url ?? '')?.[1];
    return id === undefined ? [] : [`${host}${id}`];
  });
}

/** Jobs of runs, as far as they name one of the environments or a status links them. */
async function jobsOf(
  db: Knex,
  runKeys: string[],
  environments: string[],
  statuses: Map<string, Statuses>,
): Promise<Map<string, JobRow[]>> {
  const linked = [...statuses].flatMap(([key, own]) => jobKeysOf(key, own));
  const rows: Raw[] = [];
  for (const part of chunks(runKeys, 200)) {
    rows.push(
      ...(await db('job')
        .whereIn('run_key', part)
        .whereRaw(
          `lower(environment) in (${environments.map(() => '?').join(', ')})`,
          environments.map(name => name.toLowerCase()),
        )),
    );
  }
  rows.push(...(await rowsByKey(db, 'job', 'job_key', [...new Set(linked)])));
  const found = new Map<string, Map<string, JobRow>>();
  for (const row of rows.map(toJobRow)) {
    const list = found.get(row.runKey) ?? new Map();
    found.set(row.runKey, list.set(row.jobKey, row));
  }
  return new Map(
    [...found].map(([runKey, list]) => [
      runKey,
      [...list.values()].sort(
        (a, b) => a.attempt - b.attempt || (a.jobKey < b.jobKey ? -1 : 1),
      ),
    ]),
  );
}

/** A job says its environment itself; where only the vendor's API told of it, the link of a status says it. */
function isOf(job: JobRow, environment: string, linked: string[]): boolean {
  return job.environment === undefined
    ? linked.includes(job.jobKey)
    : job.environment.toLowerCase() === environment.toLowerCase();
}

function runPart(run: RunRow): PipelineDeployment['run'] {
  const { runKey, runNumber, title, url, actor, attempt, state } = run;
  const { triggeringActor, waitingFor } = run;
  return {
    ...{ runKey, runNumber, title, url, actor, attempt, state },
    ...{ triggeringActor, waitingFor },
  };
}

function jobPart(job: JobRow): PipelineDeployment['jobs'][number] {
  const { jobKey, name, attempt, state, startedAt, completedAt, url } = job;
  return {
    ...{ jobKey, name, attempt, state, startedAt, completedAt, url },
    steps: job.steps
      .filter(step => ROLLBACK.test(step.name))
      .map(step => ({ name: step.name, state: step.state })),
  };
}

function approversOf(
  approvals: RecordedApproval[] | undefined,
  environment: string,
): string[] | undefined {
  const wanted = environment.toLowerCase();
  const users = approvals?.flatMap(({ state, environments, user }) =>
    state === 'approved' &&
    environments.some(name => name.toLowerCase() === wanted)
      ? [user]
      : [],
  );
  return users && [...new Set(users)];
}
