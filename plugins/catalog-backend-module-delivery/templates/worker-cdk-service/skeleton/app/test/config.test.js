import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../src/config.js';

const QUEUE_URL = 'https://sqs.example/queue';

test('settings have defaults, and silence is longer than a poll and a message', () => {
  const config = readConfig({ QUEUE_URL });
  assert.equal(config.waitSeconds, 20);
  assert.equal(config.healthPort, 8080);
  assert.ok(config.staleMilliseconds > (config.waitSeconds + config.visibilitySeconds) * 1000);
});

test('settings are taken from the environment', () => {
  const config = readConfig({ QUEUE_URL, WAIT_SECONDS: '0', VISIBILITY_SECONDS: '30', HEALTH_PORT: '9000' });
  assert.deepEqual(config, {
    queueUrl: QUEUE_URL,
    waitSeconds: 0,
    visibilitySeconds: 30,
    healthPort: 9000,
    staleMilliseconds: 40_000,
  });
});

test('a missing queue and a value out of range are named', () => {
  assert.throws(() => readConfig({}), /QUEUE_URL/);
  assert.throws(() => readConfig({ QUEUE_URL, WAIT_SECONDS: '21' }), /WAIT_SECONDS is "21"/);
  assert.throws(() => readConfig({ QUEUE_URL, HEALTH_PORT: 'x' }), /HEALTH_PORT/);
});
