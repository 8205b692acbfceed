import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askHealth, Health, serveHealth } from '../src/health.js';

const clock = () => {
  let time = 0;
  return { now: () => time, pass: milliseconds => (time += milliseconds) };
};

test('it is healthy as long as the loop comes round in time', () => {
  const { now, pass } = clock();
  const health = new Health({ now, staleMilliseconds: 100 });
  pass(100);
  assert.equal(health.read().healthy, true);
  pass(1);
  assert.deepEqual(health.read(), { healthy: false, silentMilliseconds: 101 });
  health.beat();
  assert.equal(health.read().healthy, true);
});

test('the container health check sees what the worker says', async t => {
  const { now, pass } = clock();
  const health = new Health({ now, staleMilliseconds: 100 });
  const server = await serveHealth(health, 0);
  t.after(() => server.close());
  const { address, port } = server.address();
  assert.equal(address, '127.0.0.1');
  assert.equal(await askHealth({ port }), true);
  pass(101);
  assert.equal(await askHealth({ port }), false);
});

test('no answer is unhealthy', async () => {
  const server = await serveHealth(new Health({ staleMilliseconds: 100 }), 0);
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  assert.equal(await askHealth({ port }), false);
});
