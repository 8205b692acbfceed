import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import pg from 'pg';
import { readConfig } from './config.js';
import { databaseSettings } from './database.js';
import { handlers } from './handlers.js';
import { Health, serveHealth } from './health.js';
import { log } from './log.js';
import { createProcessor } from './processor.js';
import { sqsQueue } from './queue.js';
import { postgresStore } from './store.js';
import { Worker } from './worker.js';

const config = readConfig(process.env);
const stop = new AbortController();
// ECS sends SIGTERM and kills after stopTimeout: until then the message in hand is finished.
for (const name of ['SIGTERM', 'SIGINT']) {
  process.once(name, () => {
    log('info', 'Stopping after the message in hand.', { signal: name });
    stop.abort();
  });
}

const pool = new pg.Pool({ ...databaseSettings(process.env), max: 2 });
pool.on('error', error => log('error', 'A database connection broke.', { error: error.message }));
const health = new Health({ staleMilliseconds: config.staleMilliseconds });
const server = await serveHealth(health, config.healthPort);
const client = new SQSClient({});

const worker = new Worker({
  queue: sqsQueue({ client, ...config }),
  process: createProcessor({ store: postgresStore(pool), handlers }),
  health,
  log,
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
});

log('info', 'The worker takes messages.');
await worker.run(stop.signal);
server.close();
client.destroy();
await pool.end();
log('info', 'The worker has ended.');
