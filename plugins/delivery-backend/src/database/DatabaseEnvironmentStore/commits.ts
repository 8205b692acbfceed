import type { KnownCommit } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  chunks,
  int,
  optionalInt,
  optionalJson,
  optionalText,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';

/** Pushes one walk follows at most. */
const MAX_PUSHES = 100;
/** A push that names this many commits may have had more. */
const MAX_COMMITS = 250;
/** Events whose run is about the commit itself; a schedule or a button says nothing of it. */
const OF_COMMIT = [
  'push',
  'pull_request',
  'pull_request_target',
  'merge_group',
];

/** Remembers what pushes or comparisons tell of commits. A commit never changes: the first word stays. */
export async function saveKnownCommits(
  tx: Knex,
  list: (KnownCommit & { repoKey: string; observedAt?: number })[],
  toldBy: 'push' | 'comparison',
): Promise<void> {
  await upsert(
    tx,
    'known_commit',
    ['repo_key', 'sha', 'told_by'],
    list.map(({ repoKey, sha, title, author, at, observedAt }) => ({
      ...{ repo_key: repoKey, sha, told_by: toldBy },
      ...{ title, author, at, observed_at: observedAt },
    })),
    { keep: true },
  );
}

/** See EnvironmentStore.commits. The most exact word wins: a push, then a comparison, then a run. */
export async function commits(
  db: Knex,
  repoKey: string,
  shas: string[],
): Promise<Map<string, KnownCommit>> {
  const repository = await db('repository')
    .where('repo_key', repoKey)
    .first('url');
  const link = (sha: string) =>
    repository && `${text(repository.url)}/commit/${sha}`;
  const found = new Map<string, KnownCommit>();
  const tell = (sha: string, commit: Omit<KnownCommit, 'sha'>) => {
    const before = found.get(sha);
    found.set(sha, {
      sha,
      title: before?.title ?? commit.title,
      author: before?.author ?? commit.author,
      at: before?.at ?? commit.at,
      url: link(sha),
    });
  };
  for (const part of chunks([...new Set(shas)])) {
    const known: Raw[] = await db('known_commit')
      .where('repo_key', repoKey)
      .whereIn('sha', part)
      // `push` comes before `comparison`.
      .orderBy('told_by', 'desc');
    for (const row of known) {
      tell(text(row.sha), {
        title: optionalText(row.title),
        author: optionalText(row.author),
        at: optionalInt(row.at),
      });
    }
    const runs: Raw[] = await db('run')
      .where('repo_key', repoKey)
      .whereIn('sha', part)
      .whereIn('event', OF_COMMIT)
      .orderByRaw(`case when event = 'push' then 0 else 1 end`)
      .orderBy(['created_at', 'run_key'])
      .select('sha', 'title', 'actor', 'created_at');
    for (const row of runs) {
      tell(text(row.sha), {
        title: text(row.title),
        author: optionalText(row.actor),
        at: int(row.created_at),
      });
    }
  }
  return found;
}

interface Push {
  before: string;
  /** Oldest first; undefined: not all of them are known. */
  shas?: string[];
}

async function pushesTo(
  db: Knex,
  repoKey: string,
  sha: string,
): Promise<Map<string, Push>> {
  const rows: Raw[] = await db('push')
    .where({ repo_key: repoKey, after_sha: sha })
    .orderBy('branch');
  return new Map(
    rows.map(row => {
      const shas = optionalJson<string[]>(row.commits_json);
      // Without its files it was forced, or began a branch: then its commits are not all that lies between.
      const complete =
        row.files_json !== null && shas && shas.length < MAX_COMMITS;
      return [
        text(row.branch),
        { before: text(row.before_sha), shas: complete ? shas : undefined },
      ];
    }),
  );
}

/** See EnvironmentStore.pushedBetween. A commit may have come to several branches: the first one without a hole is told. */
export async function pushedBetween(
  db: Knex,
  repoKey: string,
  base: string,
  head: string,
): Promise<KnownCommit[] | undefined> {
  if (base === head) return [];
  const begin = await pushesTo(db, repoKey, head);
  for (const [branch, push] of begin) {
    const shas = await walk(db, { repoKey, branch, base }, push);
    if (!shas) continue;
    const known = await commits(db, repoKey, shas);
    return shas.map(sha => known.get(sha) ?? { sha });
  }
  return undefined;
}

async function walk(
  db: Knex,
  of: { repoKey: string; branch: string; base: string },
  begin: Push,
): Promise<string[] | undefined> {
  const found: string[] = [];
  let push: Push | undefined = begin;
  for (let steps = 0; push?.shas && steps < MAX_PUSHES; steps++) {
    const newest: string[] = [...push.shas].reverse();
    const at = newest.indexOf(of.base);
    // In the middle of a push the order says nothing: what was merged in lies between its commits by chance.
    if (at >= 0) return undefined;
    found.push(...newest);
    if (push.before === of.base) return found;
    push = (await pushesTo(db, of.repoKey, push.before)).get(of.branch);
  }
  return undefined;
}
