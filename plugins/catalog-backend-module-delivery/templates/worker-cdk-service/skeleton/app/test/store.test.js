import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postgresStore } from '../src/store.js';

const poolWith = answer => {
  const texts = [];
  const released = [];
  const client = {
    query: async text => {
      const word = text.split(' ')[0];
      texts.push(word);
      return answer(word);
    },
    release: error => released.push(error),
  };
  return { pool: { connect: async () => client }, texts, released };
};

test('work and its record are one transaction', async () => {
  const { pool, texts, released } = poolWith(() => ({ rowCount: 1 }));
  const result = await postgresStore(pool).once({ id: 'a', kind: 'k' }, tx => tx.query('UPDATE x'));
  assert.equal(result, 'done');
  assert.deepEqual(texts, ['BEGIN', 'INSERT', 'UPDATE', 'COMMIT']);
  assert.deepEqual(released, [undefined]);
});

test('what was done before is not done again', async () => {
  const { pool, texts } = poolWith(() => ({ rowCount: 0 }));
  const result = await postgresStore(pool).once({ id: 'a', kind: 'k' }, tx => tx.query('UPDATE x'));
  assert.equal(result, 'repeated');
  assert.deepEqual(texts, ['BEGIN', 'INSERT', 'COMMIT']);
});

test('work that fails leaves nothing behind', async () => {
  const { pool, texts } = poolWith(() => ({ rowCount: 1 }));
  const work = async () => {
    throw new Error('no');
  };
  await assert.rejects(postgresStore(pool).once({ id: 'a', kind: 'k' }, work), /^Error: no$/);
  assert.deepEqual(texts, ['BEGIN', 'INSERT', 'ROLLBACK']);
});

test('a connection that cannot roll back leaves the pool', async () => {
  const gone = new Error('connection lost');
  const { pool, released } = poolWith(word => {
    if (word !== 'BEGIN') throw gone;
    return { rowCount: 0 };
  });
  await assert.rejects(postgresStore(pool).once({ id: 'a', kind: 'k' }, async () => {}), gone);
  assert.deepEqual(released, [gone]);
});
