import pg from 'pg';
import { readConfig } from './config.ts';
import { isLockedOut, PgItemStore } from './PgItemStore.ts';
import { createApp } from './server.ts';

const log = (level: string, message: string) =>
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`,
  );

const config = readConfig(process.env);
const pool = new pg.Pool(config.database);
const server = createApp({ store: new PgItemStore(pool), onError });

/** Requests under way are answered first; ECS waits `stopTimeout` for that. */
function stop(): void {
  if (!server.listening) return;
  log('info', 'stopping');
  server.close(() => {
    pool.end().then(() => log('info', 'stopped'), onError);
  });
  server.closeIdleConnections();
}

function onError(error: unknown): void {
  log(
    'error',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  if (isLockedOut(error)) {
    // Tasks get the password when they start: the next one has the new one.
    process.exitCode = 1;
    stop();
  }
}

// A connection that breaks while it is idle would otherwise end the process.
pool.on('error', onError);
process.once('SIGTERM', stop);
server.listen(config.port, () =>
  log('info', `listening on port ${config.port}`),
);
