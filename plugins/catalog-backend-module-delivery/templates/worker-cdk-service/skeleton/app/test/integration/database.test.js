import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { handlers } from '../../src/handlers.js';
import { createProcessor } from '../../src/processor.js';
import { postgresStore } from '../../src/store.js';

// A real PostgreSQL, named by PGHOST, PGUSER …; the tests make their own database in it and drop it again.
const database = `worker_test_${randomUUID().replaceAll('-', '')}`;
const migrator = fileURLToPath(new URL('../../src/migrate.js', import.meta.url));
const run = promisify(execFile);
const migrate = () =>
  run(process.execPath, [migrator], { env: { ...process.env, PGDATABASE: database } });
const admin = new pg.Client({ database: 'postgres' });
let pool;

before(async () => {
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  pool = new pg.Pool({ database, max: 4 });
});

after(async () => {
  await pool?.end();
  await admin.query(`DROP DATABASE IF EXISTS ${database}`);
  await admin.end();
});

const countOf = async item =>
  Number((await pool.query('SELECT amount FROM tally WHERE item = $1', [item])).rows[0]?.amount ?? 0);
const counted = (id, item, amount) =>
  JSON.stringify({ id, kind: 'item.counted', payload: { item, amount } });

test('while one migration holds the lock, another fails and says so by its exit code', async () => {
  const holder = await pool.connect();
  try {
    // The key of node-pg-migrate's own advisory lock.
    await holder.query('SELECT pg_advisory_lock(7241865325823964)');
    await assert.rejects(migrate(), error => error.code === 1 && /migration/i.test(error.stderr));
    const { rows } = await pool.query("SELECT to_regclass('processed_message') AS found");
    assert.equal(rows[0].found, null);
  } finally {
    await holder.query('SELECT pg_advisory_unlock_all()');
    holder.release();
  }
});

test('the schema is migrated, and a second time changes nothing', async () => {
  await migrate();
  const applied = async () => (await pool.query('SELECT name FROM schema_migration')).rows;
  const first = await applied();
  assert.ok(first.length > 0);
  await migrate();
  assert.deepEqual(await applied(), first);
});

test('the same message delivered at the same time counts once', async () => {
  const process = createProcessor({ store: postgresStore(pool), handlers });
  const results = await Promise.all(
    Array.from({ length: 4 }, () => process(counted('twin', 'pear', 5))),
  );
  assert.deepEqual(results.map(({ result }) => result).sort(), ['done', 'repeated', 'repeated', 'repeated']);
  assert.equal(await countOf('pear'), 5);
});

test('a handler that fails half-way leaves neither its work nor the record', async () => {
  const halfWay = async (payload, tx) => {
    await handlers['item.counted'](payload, tx);
    throw new Error('half-way');
  };
  const failing = createProcessor({
    store: postgresStore(pool),
    handlers: { 'item.counted': halfWay },
  });
  await assert.rejects(failing(counted('later', 'plum', 3)), /half-way/);
  assert.equal(await countOf('plum'), 0);
  const process = createProcessor({ store: postgresStore(pool), handlers });
  assert.equal((await process(counted('later', 'plum', 3))).result, 'done');
  assert.equal(await countOf('plum'), 3);
});
