import pg from 'pg';
import { readConfig } from './config.ts';
import { PgItemStore } from './PgItemStore.ts';
import { createApp } from './server.ts';

const log = (level: string, message: string) =>
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`,
  );
const onError = (error: unknown) =>
  log(
    'error',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );

const config = readConfig(process.env);
const pool = new pg.Pool(config.database);
// A connection that breaks while it is idle would otherwise end the process.
pool.on('error', onError);
const server = createApp({ store: new PgItemStore(pool), onError });
server.listen(config.port, () =>
  log('info', `listening on port ${config.port}`),
);

/** ECS sends SIGTERM and waits `stopTimeout`: requests under way are answered first. */
process.once('SIGTERM', () => {
  log('info', 'stopping');
  server.close(() => {
    pool.end().then(() => log('info', 'stopped'), onError);
  });
  server.closeIdleConnections();
});
