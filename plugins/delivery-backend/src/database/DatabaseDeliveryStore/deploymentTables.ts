import type {
  Change,
  DeploymentFact,
  Observation,
} from 'backstage-plugin-delivery-common';
import type { Knex } from 'knex';
import { saveKnownCommits } from '../DatabaseEnvironmentStore/commits';
import type { DeploymentRow } from '../rows';
import {
  int,
  optionalText,
  rowsByKey,
  stateColumns,
  text,
  upsert,
  type Raw,
} from './columns';

/** API before webhook, then the later one; equal ones by content, so that the order of arrival plays no part. */
function beats(
  a: { observed: Observation; row: Raw },
  b: { observed: Observation; row: Raw },
): boolean {
  if (a.observed.source !== b.observed.source) {
    return a.observed.source === 'api';
  }
  if (a.observed.at !== b.observed.at) return a.observed.at > b.observed.at;
  return JSON.stringify(a.row) > JSON.stringify(b.row);
}

/** Chooses per key between what is stored and what is told; gives the rows to write. */
async function choose(
  db: Knex,
  table: string,
  key: string,
  told: { observed: Observation; row: Raw }[],
): Promise<Raw[]> {
  if (told.length === 0) return [];
  const stored = await rowsByKey(db, table, key, [
    ...new Set(told.map(t => text(t.row[key]))),
  ]);
  const chosen = new Map<string, Raw>();
  const best = new Map(
    stored.map(row => [
      text(row[key]),
      {
        row,
        observed: {
          source: row.source === 'api' ? 'api' : 'webhook',
          at: int(row.observed_at),
        } as Observation,
      },
    ]),
  );
  for (const item of told) {
    const id = text(item.row[key]);
    const before = best.get(id);
    if (before && !beats(item, before)) continue;
    best.set(id, item);
    chosen.set(id, {
      ...item.row,
      source: item.observed.source,
      observed_at: item.observed.at,
    });
  }
  return [...chosen.values()];
}

/** Stores deployments and their statuses; gives the keys of runs whose page shows them. */
export async function applyDeployments(
  db: Knex,
  changes: Change[],
): Promise<string[]> {
  const told: { observed: Observation; row: Raw }[] = [];
  const statuses: Raw[] = [];
  const linked = new Map<string, string>();
  for (const { fact, observed } of changes) {
    if (fact.kind === 'deployment') {
      told.push({ observed, row: deploymentColumns(fact) });
      if (fact.runKey) linked.set(fact.deploymentKey, fact.runKey);
    } else if (fact.kind === 'deploymentStatus') {
      statuses.push({
        status_key: fact.statusKey,
        deployment_key: fact.deploymentKey,
        repo_key: fact.repoKey,
        state: fact.state,
        created_at: fact.createdAt,
        creator: fact.creator,
        url: fact.url,
      });
    }
  }
  const rows = await choose(db, 'deployment', 'deployment_key', told);
  // Which run a deployment is of is told only by some deliveries, and never again: it is not lost to a newer one without.
  const before = new Map(
    (
      await rowsByKey(
        db,
        'deployment',
        'deployment_key',
        told.map(t => text(t.row.deployment_key)),
      )
    ).map(row => [text(row.deployment_key), optionalText(row.run_key)]),
  );
  await upsert(
    db,
    'deployment',
    ['deployment_key'],
    rows.map(row => {
      const key = text(row.deployment_key);
      return {
        ...row,
        // A run never changes hands: links in later statuses are anybody's with write access, the first word stays.
        run_key: before.get(key) ?? row.run_key ?? linked.get(key),
      };
    }),
  );
  for (const [key, runKey] of linked) {
    if (!before.has(key) || before.get(key)) continue;
    await db('deployment')
      .where('deployment_key', key)
      .whereNull('run_key')
      .update({ run_key: runKey });
  }
  const unique = new Map(statuses.map(row => [text(row.status_key), row]));
  await upsert(db, 'deployment_status', ['status_key'], [...unique.values()], {
    keep: true,
  });
  const touched = [
    ...told.map(t => text(t.row.deployment_key)),
    ...statuses.map(row => text(row.deployment_key)),
  ];
  if (touched.length === 0) return [];
  const runs = await rowsByKey(db, 'deployment', 'deployment_key', [
    ...new Set(touched),
  ]);
  return runs.flatMap(row => optionalText(row.run_key) ?? []);
}

function deploymentColumns(fact: DeploymentFact): Raw {
  return {
    deployment_key: fact.deploymentKey,
    repo_key: fact.repoKey,
    run_key: fact.runKey,
    sha: fact.sha,
    ref: fact.ref,
    environment: fact.environment,
    creator: fact.creator,
    created_at: fact.createdAt,
  };
}

/** Stores checks of commits. */
export async function applyChecks(db: Knex, changes: Change[]): Promise<void> {
  const told = changes.flatMap(({ fact, observed }) =>
    fact.kind === 'check'
      ? [
          {
            observed,
            row: {
              check_key: fact.checkKey,
              repo_key: fact.repoKey,
              sha: fact.sha,
              name: fact.name,
              app: fact.app,
              ...stateColumns(fact.state),
              started_at: fact.startedAt,
              completed_at: fact.completedAt,
              url: fact.url,
            } as Raw,
          },
        ]
      : [],
  );
  await upsert(
    db,
    'check_run',
    ['check_key'],
    await choose(db, 'check_run', 'check_key', told),
  );
}

/** Stores pushes; gives the (repository, commit) pairs told. */
export async function applyPushes(
  db: Knex,
  changes: Change[],
): Promise<{ repoKey: string; sha: string }[]> {
  const rows = new Map<string, Raw>();
  const commits: Parameters<typeof saveKnownCommits>[1] = [];
  for (const { fact, observed } of changes) {
    if (fact.kind !== 'push') continue;
    for (const commit of fact.commits ?? []) {
      const { repoKey } = fact;
      commits.push({ ...commit, repoKey, observedAt: observed.at });
    }
    rows.set(`${fact.repoKey} ${fact.after} ${fact.branch}`, {
      repo_key: fact.repoKey,
      after_sha: fact.after,
      branch: fact.branch,
      before_sha: fact.before,
      files_json: fact.files && JSON.stringify(fact.files),
      commits_json:
        fact.commits && JSON.stringify(fact.commits.map(({ sha }) => sha)),
      observed_at: observed.at,
    });
  }
  await upsert(
    db,
    'push',
    ['repo_key', 'after_sha', 'branch'],
    [...rows.values()],
    // The same branch can come to the same commit twice; what the first push touched started the runs.
    { keep: true },
  );
  await saveKnownCommits(db, commits, 'push');
  return [...rows.values()].map(row => ({
    repoKey: text(row.repo_key),
    sha: text(row.after_sha),
  }));
}

/** Deployments of a run, oldest first, with the newest word said about each. */
export async function deploymentsOfRun(
  db: Knex,
  runKey: string,
): Promise<DeploymentRow[]> {
  const rows = await db('deployment')
    .where('run_key', runKey)
    // Vendors number runs across repositories, and a repository may name any run as the one it deployed from.
    .whereNotExists(
      db('run')
        .where('run.run_key', runKey)
        .whereRaw('run.repo_key <> deployment.repo_key')
        .select('run.run_key'),
    )
    .orderBy(['created_at', 'deployment_key']);
  const statuses = (await db('deployment_status')
    .whereIn(
      'deployment_key',
      rows.map(row => row.deployment_key),
    )
    .orderBy(['created_at', 'status_key'])) as Raw[];
  const newest = new Map(
    statuses.map(row => [text(row.deployment_key), text(row.state)]),
  );
  return rows.map((row: Raw) => ({
    deploymentKey: text(row.deployment_key),
    runKey: optionalText(row.run_key),
    environment: text(row.environment),
    sha: text(row.sha),
    state: newest.get(text(row.deployment_key)) ?? 'created',
    creator: optionalText(row.creator),
    createdAt: int(row.created_at),
  }));
}
