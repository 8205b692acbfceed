import type { Stage } from 'backstage-plugin-delivery-common';
import type { Work } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type {
  ArtifactRow,
  PushRow,
  SyncStateRow,
  WorkflowFileRow,
} from '../rows';
import {
  int,
  json,
  optionalInt,
  optionalJson,
  optionalText,
  text,
  upsert,
  type Raw,
} from './columns';

export async function workflowFile(
  db: Knex,
  repoKey: string,
  path: string,
  sha: string,
): Promise<WorkflowFileRow | undefined> {
  const row: Raw | undefined = await db('workflow_file as f')
    .leftJoin('workflow_blob as b', join =>
      join.on('b.repo_key', 'f.repo_key').andOn('b.blob_sha', 'f.blob_sha'),
    )
    .where({ 'f.repo_key': repoKey, 'f.path': path, 'f.sha': sha })
    .first('f.blob_sha', 'f.problem_json', 'b.body');
  if (!row) return undefined;
  return {
    repoKey,
    path,
    sha,
    blobSha: text(row.blob_sha),
    text: optionalText(row.body),
    problem: optionalJson(row.problem_json),
  };
}

/** The text is kept once a blob, however many commits have it. */
export async function saveWorkflowFile(
  tx: Knex,
  row: WorkflowFileRow,
): Promise<void> {
  if (row.text !== undefined) {
    await upsert(
      tx,
      'workflow_blob',
      ['repo_key', 'blob_sha'],
      [{ repo_key: row.repoKey, blob_sha: row.blobSha, body: row.text }],
      { keep: true },
    );
  }
  await upsert(
    tx,
    'workflow_file',
    ['repo_key', 'path', 'sha'],
    [
      {
        repo_key: row.repoKey,
        path: row.path,
        sha: row.sha,
        blob_sha: row.blobSha,
        problem_json: row.problem && JSON.stringify(row.problem),
      },
    ],
  );
}

export async function pushesTo(
  db: Knex,
  repoKey: string,
  sha: string,
): Promise<PushRow[]> {
  const rows = (await db('push')
    .where({ repo_key: repoKey, after_sha: sha })
    .orderBy('branch')) as Raw[];
  return rows.map(row => ({
    repoKey,
    branch: text(row.branch),
    before: text(row.before_sha),
    after: text(row.after_sha),
    files: optionalJson(row.files_json),
  }));
}

/** Gives false when both are as before. */
export async function saveStages(
  db: Knex,
  runKey: string,
  stages: Stage[],
  waitingFor: string[],
  work: Work | undefined,
): Promise<boolean> {
  const stagesJson = JSON.stringify(stages);
  const waitingJson = JSON.stringify(waitingFor);
  const columns = {
    stages_json: stagesJson,
    waiting_json: waitingJson,
    work_ms: work?.doneMs ?? null,
    work_since: work?.since ?? null,
  };
  const stored = await db('run')
    .where('run_key', runKey)
    .first('stages_json', 'waiting_json', 'work_ms', 'work_since');
  if (!stored) return false;
  const same =
    stored.stages_json === stagesJson &&
    stored.waiting_json === waitingJson &&
    optionalInt(stored.work_ms) === work?.doneMs &&
    optionalInt(stored.work_since) === work?.since;
  if (same) return false;
  await db('run').where('run_key', runKey).update(columns);
  return true;
}

export async function artifacts(
  db: Knex,
  runKey: string,
): Promise<ArtifactRow[] | undefined> {
  const row = await db('artifact_list').where('run_key', runKey).first();
  return row && json(row.items_json);
}

export async function saveArtifacts(
  db: Knex,
  runKey: string,
  items: ArtifactRow[],
): Promise<void> {
  const row = { run_key: runKey, items_json: JSON.stringify(items) };
  await upsert(db, 'artifact_list', ['run_key'], [row]);
}

function toSyncStateRow(row: Raw): SyncStateRow {
  return {
    scope: text(row.scope),
    backfill: row.backfill as SyncStateRow['backfill'],
    cursor: optionalText(row.cursor),
    runs: int(row.runs),
    dataSince: optionalInt(row.data_since),
    etag: optionalText(row.etag),
    confirmedAt: optionalInt(row.confirmed_at),
    lastEventAt: optionalInt(row.last_event_at),
    problem: optionalJson(row.problem_json),
  };
}

export async function syncStates(
  db: Knex,
  scope?: string,
): Promise<SyncStateRow[]> {
  const query = db('sync_state').orderBy('scope');
  if (scope !== undefined) query.where('scope', scope);
  return ((await query) as Raw[]).map(toSyncStateRow);
}

export async function saveSyncState(
  db: Knex,
  row: SyncStateRow,
): Promise<void> {
  await upsert(
    db,
    'sync_state',
    ['scope'],
    [
      {
        scope: row.scope,
        backfill: row.backfill,
        cursor: row.cursor,
        runs: row.runs,
        data_since: row.dataSince,
        etag: row.etag,
        confirmed_at: row.confirmedAt,
        last_event_at: row.lastEventAt,
        problem_json: row.problem && JSON.stringify(row.problem),
      },
    ],
    // Events go on while a read is under way; what it saves at its end must not set them back.
    { leave: ['last_event_at'] },
  );
}

export async function sawEvents(
  db: Knex,
  scopes: string[],
  at: number,
): Promise<void> {
  await upsert(
    db,
    'sync_state',
    ['scope'],
    scopes.map(scope => ({
      scope,
      backfill: 'pending',
      runs: 0,
      last_event_at: at,
    })),
    { leave: ['backfill', 'runs'] },
  );
}

export async function setting(
  db: Knex,
  name: string,
  make: () => string,
): Promise<string> {
  const stored = await db('setting').where('name', name).first();
  if (stored) return text(stored.value);
  await upsert(db, 'setting', ['name'], [{ name, value: make() }], {
    keep: true,
  });
  // Another replica may have been first; its value counts for both.
  return text((await db('setting').where('name', name).first()).value);
}
