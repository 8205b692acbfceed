import type { Change, RepositoryFact } from 'backstage-plugin-delivery-common';
import type { Knex } from 'knex';
import type { PipelineRow, RepositoryRow } from '../rows';
import {
  bool,
  int,
  optionalText,
  rowsByKey,
  text,
  upsert,
  type Raw,
} from './columns';

export function toRepositoryRow(row: Raw): RepositoryRow {
  return {
    repoKey: text(row.repo_key),
    host: text(row.host),
    slug: text(row.slug),
    url: text(row.url),
    defaultBranch: optionalText(row.default_branch),
    deleted: bool(row.deleted),
  };
}

export function toPipelineRow(row: Raw): PipelineRow {
  return {
    pipelineKey: text(row.pipeline_key),
    repoKey: text(row.repo_key),
    name: text(row.name),
    path: text(row.path),
    url: optionalText(row.url),
  };
}

/** Host with port of a repository's page. */
export function hostOf(fact: RepositoryFact): string {
  return new URL(fact.url).host;
}

type Observed<T> = { fact: T; at: number };

/** Newest observation of each key; of equally old ones the greater text, so that the order of arrival plays no part. */
function newest<T>(
  items: Observed<T>[],
  key: (fact: T) => string,
): Map<string, Observed<T>> {
  const found = new Map<string, Observed<T>>();
  for (const item of items) {
    const other = found.get(key(item.fact));
    if (
      !other ||
      item.at > other.at ||
      (item.at === other.at &&
        JSON.stringify(item.fact) > JSON.stringify(other.fact))
    ) {
      found.set(key(item.fact), item);
    }
  }
  return found;
}

/** What became different about repositories. */
export interface RepositoryOutcome {
  changed: string[];
  /** Names that now mean another repository than before (or one for the first time). */
  moved: { host: string; slug: string }[];
}

/** Stores what repositories are called now, and remembers every name they had. */
export async function applyRepositories(
  db: Knex,
  changes: Change[],
): Promise<RepositoryOutcome> {
  const all = changes.flatMap(({ fact, observed }) =>
    fact.kind === 'repository' ? [{ fact, at: observed.at }] : [],
  );
  const told = newest(all, fact => fact.repoKey);
  if (told.size === 0) return { changed: [], moved: [] };
  const stored = new Map(
    (await rowsByKey(db, 'repository', 'repo_key', [...told.keys()])).map(
      row => [text(row.repo_key), row],
    ),
  );
  const rows: Raw[] = [];
  const changed: string[] = [];
  for (const [repoKey, { fact, at }] of told) {
    const before = stored.get(repoKey);
    if (before && int(before.observed_at) > at) continue;
    const row = {
      repo_key: repoKey,
      host: hostOf(fact),
      slug: fact.slug,
      url: fact.url,
      default_branch:
        fact.defaultBranch ?? optionalText(before?.default_branch),
      deleted: fact.deleted ?? false,
      observed_at: at,
    };
    const same =
      before !== undefined &&
      JSON.stringify(toRepositoryRow(before)) ===
        JSON.stringify(toRepositoryRow(row));
    if (!same) changed.push(repoKey);
    // Also when only the time is newer: without it an older, different fact that arrives late would win.
    rows.push(row);
  }
  await upsert(db, 'repository', ['repo_key'], rows);
  const moved = await applyNames(db, all);
  return { changed, moved };
}

async function applyNames(
  db: Knex,
  told: Observed<RepositoryFact>[],
): Promise<{ host: string; slug: string }[]> {
  const names = newest(
    told.filter(({ fact }) => !fact.deleted),
    fact => `${hostOf(fact)}/${fact.slug.toLowerCase()}`,
  );
  const stored = new Map(
    (
      await rowsByKey(db, 'repository_alias', 'slug', [
        ...new Set([...names.values()].map(n => n.fact.slug.toLowerCase())),
      ])
    ).map(row => [`${row.host}/${row.slug}`, row]),
  );
  const rows: Raw[] = [];
  const moved: { host: string; slug: string }[] = [];
  for (const [name, { fact, at }] of names) {
    const before = stored.get(name);
    if (before && int(before.observed_at) > at) continue;
    const slug = fact.slug.toLowerCase();
    const host = hostOf(fact);
    rows.push({ host, slug, repo_key: fact.repoKey, observed_at: at });
    if (before?.repo_key !== fact.repoKey) moved.push({ host, slug });
  }
  await upsert(db, 'repository_alias', ['host', 'slug'], rows);
  return moved;
}

/** Stored pipelines, after a batch told of them, and those whose file is another than before. */
export interface PipelineOutcome {
  pipelines: Map<string, PipelineRow>;
  moved: string[];
}

/** Stores what run and pipeline facts say of pipelines. */
export async function applyPipelines(
  db: Knex,
  changes: Change[],
): Promise<PipelineOutcome> {
  const told = newest(
    changes.flatMap(({ fact, observed }) => {
      if (fact.kind === 'pipeline') {
        const { kind: _, ...row } = fact;
        return [{ fact: row as PipelineRow, at: observed.at }];
      }
      // Some deliveries leave the file out; then the run tells nothing about its pipeline but the name.
      if (fact.kind !== 'run') return [];
      return [
        {
          fact: {
            pipelineKey: fact.pipelineKey,
            repoKey: fact.repoKey,
            name: fact.pipelineName,
            path: fact.pipelinePath,
          },
          at: observed.at,
        },
      ];
    }),
    row => row.pipelineKey,
  );
  const stored = new Map(
    (await rowsByKey(db, 'pipeline', 'pipeline_key', [...told.keys()])).map(
      row => [text(row.pipeline_key), row],
    ),
  );
  const rows: Raw[] = [];
  const moved: string[] = [];
  const pipelines = new Map<string, PipelineRow>();
  for (const [pipelineKey, { fact, at }] of told) {
    const before = stored.get(pipelineKey);
    const old = before && toPipelineRow(before);
    const older = before !== undefined && int(before.observed_at) > at;
    const merged: PipelineRow = {
      pipelineKey,
      repoKey: fact.repoKey,
      name: (older ? old?.name || fact.name : fact.name || old?.name) ?? '',
      path: (older ? old?.path || fact.path : fact.path || old?.path) ?? '',
      url: (older ? old?.url ?? fact.url : fact.url ?? old?.url) ?? undefined,
    };
    pipelines.set(pipelineKey, merged);
    rows.push({
      pipeline_key: pipelineKey,
      repo_key: merged.repoKey,
      name: merged.name,
      path: merged.path,
      url: merged.url,
      observed_at: Math.max(at, before ? int(before.observed_at) : at),
    });
    if (old && old.path !== merged.path) moved.push(pipelineKey);
  }
  await upsert(db, 'pipeline', ['pipeline_key'], rows);
  return { pipelines, moved };
}
