import type { Knex } from 'knex';
import {
  chunks,
  int,
  json,
  optionalJson,
  rowsByKey,
  text,
  upsert,
  type Raw,
} from './columns';
import { belongsToService } from './serviceOfRun';

interface Binding {
  serviceId: number;
  repoKey: string;
  workflows: string[];
  paths: string[];
}

interface RunOfRepo {
  runKey: string;
  repoKey: string;
  createdAt: number;
  sha: string;
  event: string;
  pipelinePath: string;
}

/** Rebuilds which runs belong to the services bound to these repository names. */
export async function rebuildNames(
  tx: Knex,
  names: { host: string; slug: string }[],
): Promise<void> {
  const ids = new Set<number>();
  for (const part of chunks(names, 200)) {
    const rows = await tx('service_binding')
      .whereIn(
        ['host', 'slug'],
        part.map(name => [name.host, name.slug]),
      )
      .select('service_id');
    rows.forEach(row => ids.add(int(row.service_id)));
  }
  if (ids.size === 0) return;
  for (const part of chunks([...ids])) {
    await tx('run_service').whereIn('service_id', part).delete();
  }
  await attachRuns(tx, { serviceIds: [...ids] });
}

/**
 * Writes which services runs belong to: all runs of some services, or some runs of all services. Only adds; where the rule can
 * take a run away from a service (`refresh`), its rows are removed first.
 */
export async function attachRuns(
  tx: Knex,
  which: { serviceIds: number[] } | { runKeys: string[]; refresh?: boolean },
): Promise<void> {
  if ('serviceIds' in which) {
    for (const part of chunks(which.serviceIds, 50)) {
      const bindings = await bindingsWhere(tx, 'service_id', part);
      for (const binding of bindings) {
        if (binding.workflows.length > 0 || binding.paths.length === 0) {
          await attachByPipeline(tx, binding);
        } else {
          const runs = await runsWhere(tx, 'run.repo_key', [binding.repoKey]);
          await attach(tx, runs, [binding]);
        }
      }
    }
    return;
  }
  const runs = await runsWhere(tx, 'run.run_key', which.runKeys);
  if (runs.length === 0) return;
  if (which.refresh) {
    for (const part of chunks(runs)) {
      await tx('run_service')
        .whereIn(
          'run_key',
          part.map(run => run.runKey),
        )
        .delete();
    }
  }
  const repoKeys = [...new Set(runs.map(run => run.repoKey))];
  await attach(tx, runs, await bindingsWhere(tx, 'repo_key', repoKeys));
}

/** Where only the pipeline decides, the database does it by itself: a service can have a hundred thousand runs. */
async function attachByPipeline(tx: Knex, binding: Binding): Promise<void> {
  const { serviceId, repoKey, workflows } = binding;
  const rows = (await tx('pipeline')
    .where('repo_key', repoKey)
    .select('pipeline_key', 'path')) as Raw[];
  const mine = rows.filter(row =>
    belongsToService({ pipelinePath: text(row.path) }, binding),
  );
  const runs = tx('run')
    .where('repo_key', repoKey)
    .select(tx.raw('cast(? as integer)', [serviceId]), 'created_at', 'run_key');
  if (workflows.length > 0) {
    runs.whereIn(
      'pipeline_key',
      mine.map(row => text(row.pipeline_key)),
    );
  }
  const { sql, bindings } = runs.toSQL();
  await tx.raw(
    `insert into run_service (service_id, created_at, run_key) ${sql} on conflict do nothing`,
    bindings as Knex.RawBinding[],
  );
}

async function attach(
  tx: Knex,
  runs: RunOfRepo[],
  bindings: Binding[],
): Promise<void> {
  const files = bindings.some(b => b.paths.length > 0)
    ? await filesOfPushes(tx, runs)
    : new Map<string, string[]>();
  const rows = new Map<string, Raw>();
  for (const run of runs) {
    for (const binding of bindings) {
      if (binding.repoKey !== run.repoKey) continue;
      const origin = {
        pipelinePath: run.pipelinePath,
        // The last push of a pull request is only a part of what its runs are about.
        files:
          run.event === 'push'
            ? files.get(`${run.repoKey} ${run.sha}`)
            : undefined,
      };
      if (!belongsToService(origin, binding)) continue;
      rows.set(`${binding.serviceId} ${run.runKey}`, {
        service_id: binding.serviceId,
        created_at: run.createdAt,
        run_key: run.runKey,
      });
    }
  }
  await upsert(
    tx,
    'run_service',
    ['service_id', 'created_at', 'run_key'],
    [...rows.values()],
  );
}

async function bindingsWhere(
  tx: Knex,
  column: 'service_id' | 'repo_key',
  keys: (string | number)[],
): Promise<Binding[]> {
  const found: Binding[] = [];
  for (const part of chunks(keys)) {
    const rows = (await tx('service_binding as b')
      .join('repository_alias as a', join =>
        join.on('a.host', 'b.host').andOn('a.slug', 'b.slug'),
      )
      .whereIn(column === 'service_id' ? 'b.service_id' : 'a.repo_key', part)
      .select(
        'b.service_id',
        'a.repo_key',
        'b.workflows_json',
        'b.paths_json',
      )) as Raw[];
    found.push(
      ...rows.map(row => ({
        serviceId: int(row.service_id),
        repoKey: text(row.repo_key),
        workflows: json<string[]>(row.workflows_json),
        paths: json<string[]>(row.paths_json),
      })),
    );
  }
  return found;
}

async function runsWhere(
  tx: Knex,
  column: 'run.run_key' | 'run.repo_key',
  keys: string[],
): Promise<RunOfRepo[]> {
  const found: RunOfRepo[] = [];
  for (const part of chunks(keys)) {
    const rows = (await tx('run')
      .leftJoin('pipeline', 'pipeline.pipeline_key', 'run.pipeline_key')
      .whereIn(column, part)
      .select(
        'run.run_key',
        'run.repo_key',
        'run.created_at',
        'run.sha',
        'run.event',
        'pipeline.path',
      )) as Raw[];
    found.push(
      ...rows.map(row => ({
        runKey: text(row.run_key),
        repoKey: text(row.repo_key),
        createdAt: int(row.created_at),
        sha: text(row.sha),
        event: text(row.event),
        pipelinePath: text(row.path ?? ''),
      })),
    );
  }
  return found;
}

/** Files each commit's push touched; a commit that came by two pushes with unlike lists counts as unknown. */
async function filesOfPushes(
  tx: Knex,
  runs: RunOfRepo[],
): Promise<Map<string, string[]>> {
  const shas = [...new Set(runs.map(run => run.sha))];
  const found = new Map<string, string[]>();
  const unknown = new Set<string>();
  for (const row of await rowsByKey(tx, 'push', 'after_sha', shas)) {
    const key = `${row.repo_key} ${row.after_sha}`;
    const files = optionalJson<string[]>(row.files_json);
    const other = found.get(key);
    if (!files || (other && other.join('\0') !== files.join('\0'))) {
      unknown.add(key);
    } else {
      found.set(key, files);
    }
  }
  unknown.forEach(key => found.delete(key));
  return found;
}
