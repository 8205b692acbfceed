import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';

const require = createRequire(join(ROOT, 'packages/backend/package.json'));

const STAGES = JSON.stringify(
  [
    'Quality gate',
    'Build and scan',
    'Unit tests +2',
    'Deploy to staging',
    'Deploy to production',
  ].map(name => ({
    name,
    status: 'completed',
    conclusion: 'success',
    rawStatus: 'completed',
    rawConclusion: 'success',
  })),
);

/** Rows of `services` repositories with `perService` runs each; `n` counts all runs, `s` is the service of a run. */
function statements({
  services,
  perService,
  host,
  now,
  numbers,
  mod,
  div,
  cast,
}) {
  const step = Math.floor((90 * 86_400_000) / perService);
  const service = mod('n', services);
  const created = `${now} - (${div('n', services)} + 1) * ${step}`;
  const list = count => numbers(count);
  return [
    `insert into repository (repo_key, host, slug, url, default_branch, deleted, observed_at)
       select 'bench/' || n, '${host}', 'bench/service-' || n, 'http://${host}/bench/service-' || n, 'main', ${cast(
      false,
    )}, ${now} from ${list(services)}`,
    `insert into repository_alias (host, slug, repo_key, observed_at)
       select '${host}', 'bench/service-' || n, 'bench/' || n, ${now} from ${list(
      services,
    )}`,
    `insert into pipeline (pipeline_key, repo_key, name, path, observed_at)
       select 'bench/' || n || '/1', 'bench/' || n, 'Pipeline', '.github/workflows/pipeline.yml', ${now} from ${list(
      services,
    )}`,
    `insert into run (run_key, repo_key, pipeline_key, run_number, title, event, branch, sha, actor, triggering_actor, url, created_at,
         referenced_json, attempt, status, conclusion, raw_status, raw_conclusion, started_at, completed_at, updated_at, stages_json, waiting_json, needs_confirm, confirmed_at)
       select 'bench.' || n, 'bench/' || ${service}, 'bench/' || ${service} || '/1', ${perService} - ${div(
      'n',
      services,
    )}, 'Change number ' || n, 'push', 'main',
         '9f31c07a0b1c2d3e4f5061728394a5b6c7d8e9f0', 'dana', 'dana', 'http://${host}/bench/service-' || ${service} || '/actions/runs/' || n,
         ${created}, '[]', 1, 'completed', case when ${mod(
      'n',
      9,
    )} = 0 then 'failure' else 'success' end, 'completed', case when ${mod(
      'n',
      9,
    )} = 0 then 'failure' else 'success' end,
         ${created} + 2000, ${created} + 600000, ${created} + 600000, '${STAGES}', '[]', ${cast(
      false,
    )}, ${now}
       from ${list(services * perService)}`,
    `insert into run_service (service_id, created_at, run_key)
       select s.id, r.created_at, r.run_key from run r
       join repository p on p.repo_key = r.repo_key
       join service_binding b on b.host = p.host and b.slug = p.slug
       join service s on s.id = b.service_id`,
    // Runs and deployments are read: nothing is left to ask a vendor for.
    ...['repo', 'deployments'].map(
      kind => `insert into sync_state (scope, backfill, runs, data_since, confirmed_at)
       select '${kind}:${host}/bench/service-' || n, 'done', ${perService}, ${now} - 7776000000, ${now} from ${list(
        services,
      )}
       on conflict (scope) do update set backfill = 'done', runs = ${perService}, confirmed_at = ${now}`,
    ),
  ];
}

async function seedSqlite(portal, sizes) {
  const Database = require('better-sqlite3');
  const db = new Database(portal.sqliteFile);
  db.pragma('synchronous = OFF');
  const all = statements({
    ...sizes,
    numbers: count =>
      `(with recursive c(n) as (select 0 union all select n + 1 from c where n + 1 < ${count}) select n from c) as numbers where true`,
    mod: (a, b) => `(${a} % ${b})`,
    div: (a, b) => `(${a} / ${b})`,
    cast: value => (value ? 1 : 0),
  });
  db.exec('begin');
  db.exec('delete from sync_state');
  for (const sql of all) db.exec(sql);
  db.exec('commit');
  db.exec('analyze');
  const rows = db.prepare('select count(*) as n from run_service').get().n;
  db.close();
  return rows;
}

async function seedPostgres(portal, sizes) {
  const { Client } = require('pg');
  const client = new Client({
    connectionString: portal.postgres.url.replace(
      /\/postgres$/,
      '/backstage_plugin_delivery',
    ),
  });
  await client.connect();
  const all = statements({
    ...sizes,
    numbers: count => `generate_series(0, ${count - 1}) as numbers(n)`,
    mod: (a, b) => `mod(${a}::bigint, ${b})`,
    div: (a, b) => `(${a}::bigint / ${b})`,
    cast: value => String(value),
  });
  await client.query('delete from sync_state');
  for (const sql of all) await client.query(sql);
  await client.query('vacuum analyze');
  const { rows } = await client.query(
    'select count(*)::int as n from run_service',
  );
  await client.end();
  return rows[0].n;
}

/** Runs one read-only statement in the portal's own database. */
async function query(portal, sql) {
  if (portal.postgres) {
    const { Client } = require('pg');
    const client = new Client({
      connectionString: portal.postgres.url.replace(
        /\/postgres$/,
        '/backstage_plugin_delivery',
      ),
    });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  }
  const Database = require('better-sqlite3');
  const db = new Database(portal.sqliteFile, { readonly: true });
  const rows = db.prepare(sql).all();
  db.close();
  return rows;
}

/** How many services the portal has bound to a repository so far. */
export async function boundServices(portal) {
  const [{ n }] = await query(
    portal,
    'select count(*) as n from service_binding',
  );
  return Number(n);
}

/** Deliveries by state, and how many runs are stored. */
export async function inboxCounts(portal) {
  const counts = { open: 0 };
  for (const { state, n } of await query(
    portal,
    'select state, count(*) as n from inbox group by state',
  )) {
    counts[state] = Number(n);
  }
  const [{ n }] = await query(portal, 'select count(*) as n from run');
  return { ...counts, runs: Number(n) };
}

/** Fills the stopped portal's database with runs; returns how many a service list can reach. */
export function seedRuns(portal, sizes) {
  return portal.postgres
    ? seedPostgres(portal, sizes)
    : seedSqlite(portal, sizes);
}
