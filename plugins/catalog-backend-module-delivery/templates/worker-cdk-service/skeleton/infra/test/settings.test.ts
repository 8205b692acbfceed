import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageParameterOf, loadSettings, settingsOf } from '../lib/settings.ts';

const all = {
  service: 'orders',
  entity: 'component:default/orders',
  registry: { account: '111111111111', region: 'eu-west-1' },
  environments: {
    dev: { account: '222222222222', region: 'eu-west-1', cluster: 'dev', production: false },
  },
};

test('an environment is chosen by name', () => {
  const settings = settingsOf(all, 'dev');
  assert.equal(settings.account, '222222222222');
  assert.equal(settings.environment, 'dev');
  assert.equal(imageParameterOf(settings), '/orders/dev/image');
});

test('an unknown environment is answered with those there are', () => {
  for (const wrong of [undefined, 'prod', 'constructor']) {
    assert.throws(() => settingsOf(all, wrong), /-c env=<name>; there are dev\./);
  }
});

test('environments.json holds accounts that can be', () => {
  const { environments, registry } = loadSettings();
  for (const { account } of [registry, ...Object.values(environments)]) {
    assert.match(account, /^\d{12}$/);
  }
  assert.ok(Object.keys(environments).length > 0);
});
