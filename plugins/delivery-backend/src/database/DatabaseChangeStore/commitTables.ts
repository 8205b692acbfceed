import type { CommitInfo } from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import type { SpanRow } from '../ChangeStore';
import {
  bool,
  chunks,
  json,
  optionalInt,
  optionalJson,
  optionalText,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';

/** A commit never changes: the first word stays. */
export async function saveCommits(
  tx: Knex,
  repoKey: string,
  told: CommitInfo[],
): Promise<void> {
  const bySha = new Map(told.map(commit => [commit.sha, commit]));
  // One order for all, so that two replicas cannot wait for each other.
  const sorted = [...bySha.values()].sort((a, b) => (a.sha < b.sha ? -1 : 1));
  await upsert(
    tx,
    'change_commit',
    ['repo_key', 'sha'],
    sorted.map(
      ({ sha, parents, authoredAt, committedAt, author, message }) => ({
        ...{ repo_key: repoKey, sha, author, message },
        parents_json: JSON.stringify(parents),
        authored_at: authoredAt,
        committed_at: committedAt,
      }),
    ),
    { keep: true },
  );
}

export async function saveCommitFiles(
  tx: Knex,
  repoKey: string,
  sha: string,
  files: string[] | null,
): Promise<void> {
  await upsert(
    tx,
    'commit_files',
    ['repo_key', 'sha'],
    [{ repo_key: repoKey, sha, files_json: files && JSON.stringify(files) }],
  );
}

/** See ChangeStore.commits. `files` is there once it was asked for. */
export async function commits(
  db: Knex,
  repoKey: string,
  shas: string[],
): Promise<Map<string, CommitInfo & { files?: string[] | null }>> {
  const found = new Map<string, CommitInfo & { files?: string[] | null }>();
  for (const part of chunks([...new Set(shas)])) {
    const rows: Raw[] = await db('change_commit as c')
      .leftJoin('commit_files as f', join =>
        join.on('f.repo_key', 'c.repo_key').andOn('f.sha', 'c.sha'),
      )
      .where('c.repo_key', repoKey)
      .whereIn('c.sha', part)
      .select('c.*', 'f.sha as files_sha', 'f.files_json');
    for (const row of rows) {
      found.set(text(row.sha), {
        sha: text(row.sha),
        parents: json(row.parents_json),
        authoredAt: optionalInt(row.authored_at),
        committedAt: optionalInt(row.committed_at),
        author: optionalText(row.author),
        message: text(row.message),
        ...(row.files_sha !== null && {
          files: optionalJson<string[]>(row.files_json) ?? null,
        }),
      });
    }
  }
  return found;
}

export async function saveSpan(tx: Knex, span: SpanRow): Promise<void> {
  await upsert(
    tx,
    'commit_span',
    ['repo_key', 'head_sha', 'base_sha'],
    [
      {
        repo_key: span.repoKey,
        head_sha: span.head,
        base_sha: span.base,
        status: span.status,
        shas_json: JSON.stringify(span.shas),
        complete: span.complete,
        retry_at: span.retryAt,
      },
    ],
  );
}

/** See ChangeStore.spans; in the order of `pairs`. */
export async function spans(
  db: Knex,
  repoKey: string,
  pairs: { base: string; head: string }[],
): Promise<SpanRow[]> {
  const keyOf = (pair: { base: string; head: string }) =>
    `${pair.base}...${pair.head}`;
  const found = new Map<string, SpanRow>();
  for (const part of chunks([...new Set(pairs.map(({ head }) => head))])) {
    const rows: Raw[] = await db('commit_span')
      .where('repo_key', repoKey)
      .whereIn('head_sha', part);
    for (const row of rows) {
      const span = toSpan(row);
      found.set(keyOf(span), span);
    }
  }
  return [...new Set(pairs.map(keyOf))].flatMap(key => found.get(key) ?? []);
}

function toSpan(row: Raw): SpanRow {
  const retryAt = optionalInt(row.retry_at);
  return {
    repoKey: text(row.repo_key),
    base: text(row.base_sha),
    head: text(row.head_sha),
    status: row.status as SpanRow['status'],
    shas: json(row.shas_json),
    complete: bool(row.complete),
    ...(retryAt !== undefined && { retryAt }),
  };
}
