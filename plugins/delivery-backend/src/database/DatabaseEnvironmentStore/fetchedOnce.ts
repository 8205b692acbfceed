import type {
  CommitRange,
  RecordedApproval,
} from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import {
  json,
  optionalText,
  rowsByKey,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { saveKnownCommits } from './commits';

export async function shortShas(
  db: Knex,
  repoKey: string,
): Promise<Map<string, string | null>> {
  const rows: Raw[] = await db('short_sha').where('repo_key', repoKey);
  return new Map(
    rows.map(row => [text(row.short), optionalText(row.sha) ?? null]),
  );
}

export async function saveShortSha(
  db: Knex,
  repoKey: string,
  short: string,
  sha: string | null,
): Promise<void> {
  const row = { repo_key: repoKey, short, sha };
  await upsert(db, 'short_sha', ['repo_key', 'short'], [row]);
}

export async function comparison(
  db: Knex,
  repoKey: string,
  base: string,
  head: string,
): Promise<CommitRange | undefined> {
  const row = await db('comparison')
    .where({ repo_key: repoKey, base, head })
    .first('range_json');
  return row && json<CommitRange>(row.range_json);
}

/** What lies between two commits never changes; its commits are known from then on. */
export async function saveComparison(
  tx: Knex,
  of: { repoKey: string; base: string; head: string },
  range: CommitRange,
): Promise<void> {
  const { repoKey, base, head } = of;
  const key = ['repo_key', 'base', 'head'];
  await upsert(tx, 'comparison', key, [
    { repo_key: repoKey, base, head, range_json: JSON.stringify(range) },
  ]);
  await saveKnownCommits(
    tx,
    range.commits.map(commit => ({ ...commit, repoKey })),
    'comparison',
  );
}

export async function saveApprovals(
  db: Knex,
  runKey: string,
  attempt: number,
  approvals: RecordedApproval[],
): Promise<void> {
  await upsert(
    db,
    'run_approval',
    ['run_key', 'attempt'],
    [{ run_key: runKey, attempt, approvals_json: JSON.stringify(approvals) }],
  );
}

/** By `<runKey> <attempt>`, of those that were asked. */
export async function approvalsOfRuns(
  db: Knex,
  runKeys: string[],
): Promise<Map<string, RecordedApproval[]>> {
  const rows = await rowsByKey(db, 'run_approval', 'run_key', runKeys);
  return new Map(
    rows.map(row => [
      `${row.run_key} ${row.attempt}`,
      json<RecordedApproval[]>(row.approvals_json),
    ]),
  );
}
