import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { databaseSettings } from './database.js';
import { log } from './log.js';

const folder = fileURLToPath(new URL('../migrations', import.meta.url));

/**
 * Brings the schema to the newest state and ends. The migrator holds an advisory lock: a second one at the same time
 * fails at once instead of racing, and its exit code says so.
 */
try {
  const done = await runner({
    databaseUrl: {
      ...databaseSettings(process.env),
      // A migration that waits for a table's lock stops all who come after it: better to fail soon.
      options: '-c lock_timeout=10000',
    },
    dir: folder,
    direction: 'up',
    migrationsTable: 'schema_migration',
    checkOrder: true,
    singleTransaction: true,
    log: text => log('info', text),
  });
  log('info', 'The schema is up to date.', { applied: done.map(({ name }) => name) });
} catch (error) {
  log('error', 'The migration failed; the schema is as it was.', { error: error.message });
  process.exitCode = 1;
}
