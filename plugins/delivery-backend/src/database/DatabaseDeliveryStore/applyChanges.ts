import type { Change } from 'backstage-plugin-delivery-common';
import { mergeRun } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type { ApplyResult } from '../DeliveryStore';
import type { PipelineRow } from '../rows';
import { attachRuns, rebuildNames } from './runServices';
import { chunks, text, type Raw } from './columns';
import { lock } from './connect';
import { applyChecks, applyDeployments, applyPushes } from './deploymentTables';
import { applyPipelines, applyRepositories } from './repositoryTables';
import { loadRunStates, saveRunStates, type RunDifference } from './runTables';

/** Merges facts into the tables; `tx` is a transaction. */
export async function applyChanges(
  tx: Knex,
  changes: Change[],
): Promise<ApplyResult> {
  // Two workers may hold facts of one run. The second one must merge into what the first one made of it.
  await lock(
    tx,
    [...new Set(changes.map(change => change.fact.repoKey))].sort(),
  );
  const repositories = await applyRepositories(tx, changes);
  const { pipelines, moved } = await applyPipelines(tx, changes);
  const runs = await applyRuns(tx, changes, pipelines);
  const deployed = await applyDeployments(tx, changes);
  await applyChecks(tx, changes);
  const pushes = await applyPushes(tx, changes);

  if (repositories.moved.length > 0) await rebuildNames(tx, repositories.moved);
  await attachRuns(tx, { runKeys: runs.created });
  await attachRuns(tx, {
    runKeys: [
      ...(await runsOfPipelines(tx, moved)),
      ...(await runsOfPushes(tx, pushes)),
    ],
    refresh: true,
  });
  const changed = new Set([...runs.changed, ...deployed]);
  const repoKeys = new Set(repositories.changed);
  for (const { fact } of changes) {
    const of = 'runKey' in fact ? fact.runKey : undefined;
    if (of !== undefined && changed.has(of)) repoKeys.add(fact.repoKey);
  }
  return {
    repoKeys: [...repoKeys],
    runKeys: [...changed],
    needsConfirm: runs.needsConfirm,
  };
}

async function applyRuns(
  tx: Knex,
  changes: Change[],
  pipelines: Map<string, PipelineRow>,
): Promise<{ created: string[]; changed: string[]; needsConfirm: string[] }> {
  const byRun = new Map<string, Change[]>();
  for (const change of changes) {
    const { fact } = change;
    if (fact.kind !== 'run' && fact.kind !== 'job') continue;
    const told = byRun.get(fact.runKey);
    if (told) told.push(change);
    else byRun.set(fact.runKey, [change]);
  }
  const stored = await loadRunStates(tx, [...byRun.keys()]);
  const differences: RunDifference[] = [];
  const created: string[] = [];
  const changed: string[] = [];
  const needsConfirm: string[] = [];
  for (const [runKey, told] of byRun) {
    const before = stored.get(runKey);
    const merged = mergeRun(
      before,
      told.map(change => withPipeline(change, pipelines)),
    );
    const after = merged.state;
    if (!after) continue;
    // Jobs of a run nobody told of yet cannot be shown: the vendor knows the run.
    if (after.needsConfirm || !after.run) needsConfirm.push(runKey);
    if (!merged.touched) continue;
    differences.push({ before, after });
    if (after.run && !before?.run) created.push(runKey);
    if (merged.changed) changed.push(runKey);
  }
  await saveRunStates(tx, differences);
  for (const part of chunks(changed)) {
    // A run that went on may have more artifacts than when they were listed.
    await tx('artifact_list').whereIn('run_key', part).delete();
  }
  return { created, changed, needsConfirm };
}

/** Name and file of a pipeline are kept once; a delivery that leaves them out is no other fact. */
function withPipeline(
  change: Change,
  pipelines: Map<string, PipelineRow>,
): Change {
  const { fact } = change;
  if (fact.kind !== 'run') return change;
  const pipeline = pipelines.get(fact.pipelineKey);
  if (!pipeline) return change;
  return {
    ...change,
    fact: { ...fact, pipelineName: pipeline.name, pipelinePath: pipeline.path },
  };
}

async function runsOfPipelines(
  tx: Knex,
  pipelineKeys: string[],
): Promise<string[]> {
  if (pipelineKeys.length === 0) return [];
  const rows = (await tx('run')
    .whereIn('pipeline_key', pipelineKeys)
    .select('run_key')) as Raw[];
  return rows.map(row => text(row.run_key));
}

async function runsOfPushes(
  tx: Knex,
  pushes: { repoKey: string; sha: string }[],
): Promise<string[]> {
  const found: string[] = [];
  for (const part of chunks(pushes, 200)) {
    const rows = (await tx('run')
      .whereIn(
        ['repo_key', 'sha'],
        part.map(push => [push.repoKey, push.sha]),
      )
      .select('run_key')) as Raw[];
    found.push(...rows.map(row => text(row.run_key)));
  }
  return found;
}
