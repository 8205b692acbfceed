import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { migrate } from '../../src/migrations.ts';
import { isLockedOut, PgItemStore } from '../../src/PgItemStore.ts';

const connectionString = process.env.DATABASE_URL;
if (!connectionString)
  throw new Error(
    'Set DATABASE_URL to an empty Postgres database: these tests need a real one',
  );

describe('items in Postgres', () => {
  const database = { connectionString };
  const pool = new pg.Pool(database);
  const store = new PgItemStore(pool);
  let applied: readonly string[];

  before(async () => {
    await pool.query('DROP TABLE IF EXISTS items, migrations');
    applied = await migrate(database, () => {});
  });
  beforeEach(() => pool.query('TRUNCATE items RESTART IDENTITY'));
  after(() => pool.end());

  it('were made by migrations that have nothing left to do', async () => {
    assert.deepEqual(applied, ['1764000000000_create-items']);
    assert.deepEqual(await migrate(database, () => {}), []);
  });

  it('come back newest first', async () => {
    await store.add('first');
    const second = await store.add('it\'s "second"; DROP TABLE items');
    const listed = await store.list();
    assert.deepEqual(
      listed.map(({ id, title }) => [id, title]),
      [
        ['2', 'it\'s "second"; DROP TABLE items'],
        ['1', 'first'],
      ],
    );
    assert.equal(listed[0]?.createdAt, second.createdAt);
    assert.match(second.createdAt, /^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('keep the limits of the table even past the API', async () => {
    await assert.rejects(store.add(''), /items_title_check/);
  });

  it('are reachable', async () => {
    await store.ping();
  });

  it('tell a refused password from other refusals', async () => {
    const refused = new pg.DatabaseError(
      'password authentication failed',
      0,
      'error',
    );
    refused.code = '28P01';
    assert.equal(isLockedOut(refused), true);
    const [other] = await Promise.allSettled([pool.query('SELECT nothing')]);
    assert.ok(other?.status === 'rejected');
    assert.equal(isLockedOut(other.reason), false);
  });
});
