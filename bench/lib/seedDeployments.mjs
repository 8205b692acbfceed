import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';

const require = createRequire(join(ROOT, 'packages/backend/package.json'));

export const ENVIRONMENTS = ['dev', 'qa', 'staging', 'production'];
const EACH = 5;

/** Five deployments of each service into each environment, every one a success, production always two commits behind. */
export function seedDeployments(portal, { services, host, now }) {
  const Database = require('better-sqlite3');
  const db = new Database(portal.sqliteFile);
  db.pragma('synchronous = OFF');
  const repository = db.prepare(
    `insert into repository (repo_key, host, slug, url, default_branch, deleted, observed_at) values (?, ?, ?, ?, 'main', 0, ?)`,
  );
  const alias = db.prepare(
    'insert into repository_alias (host, slug, repo_key, observed_at) values (?, ?, ?, ?)',
  );
  const deployment = db.prepare(
    `insert into deployment (deployment_key, repo_key, sha, ref, environment, creator, created_at, source, observed_at)
       values (?, ?, ?, 'main', ?, 'dana', ?, 'api', ?)`,
  );
  const status = db.prepare(
    `insert into deployment_status (status_key, deployment_key, repo_key, state, created_at, creator) values (?, ?, ?, ?, ?, 'dana')`,
  );
  const sync = db.prepare(
    `insert into sync_state (scope, backfill, runs, data_since, confirmed_at) values (?, 'done', 0, ?, ?)
       on conflict (scope) do update set backfill = 'done', confirmed_at = excluded.confirmed_at`,
  );
  const sha = (service, index) =>
    `${service.toString(16)}${index.toString(16)}`.padStart(40, 'a');
  let id = 0;
  let rows = 0;
  db.exec('begin');
  for (let service = 0; service < services; service += 1) {
    const repo = `bench/${service}`;
    const slug = `bench/service-${service}`;
    repository.run(repo, host, slug, `http://${host}/${slug}`, now);
    alias.run(host, slug, repo, now);
    for (const kind of ['repo', 'deployments']) {
      sync.run(`${kind}:${host}/${slug}`, now - 7_776_000_000, now);
    }
    ENVIRONMENTS.forEach((environment, place) => {
      for (let index = 0; index < EACH; index += 1) {
        id += 1;
        rows += 1;
        const at = now - (EACH - index) * 86_400_000 + place * 3_600_000;
        const commit = environment === 'production' ? index : index + 2;
        deployment.run(
          `bench.${id}`,
          repo,
          sha(service, commit),
          environment,
          at,
          now,
        );
        status.run(`bench.${id}.1`, `bench.${id}`, repo, 'in_progress', at);
        status.run(
          `bench.${id}.2`,
          `bench.${id}`,
          repo,
          'success',
          at + 180_000,
        );
      }
    });
  }
  db.exec('commit');
  db.exec('analyze');
  db.close();
  return rows;
}
