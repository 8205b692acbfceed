import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handlers } from '../src/handlers.js';
import { createProcessor } from '../src/processor.js';

const memoryStore = () => {
  const seen = new Set();
  const queries = [];
  return {
    queries,
    once: async ({ id }, work) => {
      if (seen.has(id)) return 'repeated';
      await work({ query: async (text, values) => queries.push(values) });
      seen.add(id);
      return 'done';
    },
  };
};

const message = (id, kind, payload) => JSON.stringify({ id, kind, payload });

test('a message is done once, a second delivery changes nothing', async () => {
  const store = memoryStore();
  const process = createProcessor({ store, handlers });
  const body = message('a', 'item.counted', { item: 'pear', amount: 2 });
  assert.deepEqual(await process(body), { id: 'a', kind: 'item.counted', result: 'done' });
  assert.deepEqual(await process(body), { id: 'a', kind: 'item.counted', result: 'repeated' });
  assert.deepEqual(store.queries, [['pear', 2]]);
});

test('the synthetic message is recorded and changes nothing else', async () => {
  const store = memoryStore();
  const process = createProcessor({ store, handlers });
  assert.equal((await process(message('p', 'synthetic.ping'))).result, 'done');
  assert.deepEqual(store.queries, []);
});

test('what cannot be understood is refused with the reason', async () => {
  const process = createProcessor({ store: memoryStore(), handlers });
  await assert.rejects(process('no json'), /not JSON/);
  await assert.rejects(process('null'), /"id" and "kind"/);
  await assert.rejects(process(message('', 'item.counted')), /"id" and "kind"/);
  await assert.rejects(process(message('b', 'constructor')), /no handler .* "constructor"/);
  await assert.rejects(process(message('c', 'item.counted', { item: 'pear' })), /whole number/);
});

test('a message whose handler failed may come again', async () => {
  let attempts = 0;
  const flaky = async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('not now');
  };
  const process = createProcessor({ store: memoryStore(), handlers: { flaky } });
  await assert.rejects(process(message('d', 'flaky')), /not now/);
  assert.equal((await process(message('d', 'flaky'))).result, 'done');
});
