import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { ClientConfig } from 'pg';

const DIRECTORY = fileURLToPath(new URL('../migrations', import.meta.url));

/**
 * Brings the schema to the newest version, forward only. A lock in Postgres keeps a second one waiting out.
 *
 * @returns names of the migrations that were applied now, none when the schema was up to date.
 * @throws what Postgres says; a failed migration leaves nothing behind, each run is one transaction.
 */
export async function migrate(
  database: ClientConfig,
  log: (message: string) => void,
): Promise<readonly string[]> {
  const applied = await runner({
    databaseUrl: database,
    dir: DIRECTORY,
    direction: 'up',
    migrationsTable: 'migrations',
    checkOrder: true,
    singleTransaction: true,
    log,
  });
  return applied.map(({ name }) => name);
}
