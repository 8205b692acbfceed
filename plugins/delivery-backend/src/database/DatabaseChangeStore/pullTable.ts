import type {
  MergedPullRequest,
  PullRequestParts,
} from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import type { ChangeStore, PullRequestRow } from '../ChangeStore';
import {
  bool,
  chunks,
  int,
  json,
  optionalJson,
  optionalText,
  text,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { saveNewer } from './newerRows';

/** Without what is read besides: that is saved, and stays, by itself. */
function toRow(item: MergedPullRequest): Raw {
  return {
    number: item.number,
    merge_sha: item.mergeSha,
    title: item.title,
    body: item.body ?? null,
    author: item.author ?? null,
    is_bot: item.isBot,
    url: item.url ?? null,
    base: item.base,
    branch: item.branch,
    labels_json: JSON.stringify(item.labels),
    opened_at: item.openedAt,
    merged_at: item.mergedAt,
    updated_at: item.updatedAt,
  };
}

function fromRow(row: Raw): MergedPullRequest {
  return {
    number: int(row.number),
    mergeSha: text(row.merge_sha),
    title: text(row.title),
    body: optionalText(row.body),
    author: optionalText(row.author),
    isBot: bool(row.is_bot),
    url: optionalText(row.url),
    base: text(row.base),
    branch: text(row.branch),
    labels: json(row.labels_json),
    openedAt: int(row.opened_at),
    mergedAt: int(row.merged_at),
    updatedAt: int(row.updated_at),
  };
}

/** See ChangeStore.savePullRequests; `tx` is a transaction. */
export function savePullRequests(
  tx: Knex,
  repoKey: string,
  items: MergedPullRequest[],
): Promise<number[]> {
  return saveNewer(
    tx,
    { name: 'pull_request', toRow, fromRow },
    repoKey,
    items,
  );
}

export async function savePullRequestParts(
  db: Knex,
  repoKey: string,
  number: number,
  parts: PullRequestParts,
): Promise<void> {
  await db('pull_request')
    .where({ repo_key: repoKey, number })
    .update({ parts_json: JSON.stringify(parts) });
}

/** See ChangeStore.pullRequests; by number. */
export async function pullRequests(
  db: Knex,
  repoKey: string,
  filter: Parameters<ChangeStore['pullRequests']>[1],
): Promise<PullRequestRow[]> {
  const [column, keys] =
    'numbers' in filter
      ? (['number', filter.numbers] as const)
      : (['merge_sha', filter.mergeShas] as const);
  const found: Raw[] = [];
  for (const part of chunks<string | number>([
    ...new Set<string | number>(keys),
  ])) {
    found.push(
      ...(await db('pull_request')
        .where('repo_key', repoKey)
        .whereIn(column, part)),
    );
  }
  return found
    .map(row => {
      const parts = optionalJson<PullRequestParts>(row.parts_json);
      return { repoKey, ...fromRow(row), ...(parts && { parts }) };
    })
    .sort((a, b) => a.number - b.number);
}
