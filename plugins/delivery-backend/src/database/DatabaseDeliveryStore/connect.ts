import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** Where the migrations of this plugin are. */
export function migrationsDirectory(): string {
  return resolvePackagePath('backstage-plugin-delivery-backend', 'migrations');
}

/** Gives a database with the newest tables. */
export async function connect(database: DatabaseService | Knex): Promise<Knex> {
  const isService = 'getClient' in database;
  const db = isService ? await database.getClient() : database;
  if (isSqlite(db)) {
    // Every commit with the default settings waits for the disk twice and blocks the whole process meanwhile.
    await db.raw('PRAGMA journal_mode = WAL');
    await db.raw('PRAGMA synchronous = NORMAL');
  }
  if (!isService || !database.migrations?.skip) {
    await db.migrate.latest({ directory: migrationsDirectory() });
  }
  return db;
}

export function isSqlite(db: Knex): boolean {
  return db.client.config.client === 'better-sqlite3';
}

/**
 * Holds named locks until the transaction ends, in one order so that two transactions cannot wait for each other. SQLite has one
 * writer at a time and needs none.
 */
export async function lock(
  tx: Knex,
  names: string[],
  mode: 'exclusive' | 'shared' = 'exclusive',
): Promise<void> {
  if (isSqlite(tx) || names.length === 0) return;
  const call =
    mode === 'shared'
      ? 'pg_advisory_xact_lock_shared'
      : 'pg_advisory_xact_lock';
  await tx.raw(
    `select ${call}(k) from (select distinct hashtextextended(n, 0) as k from unnest(?::text[]) as n order by k) as keys`,
    [names.map(name => `delivery:${name}`)] as never,
  );
}
