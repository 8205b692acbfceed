import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from '../../src/config.ts';

const PARTS = {
  DB_HOST: 'db.internal',
  DB_NAME: 'app',
  DB_USER: 'u',
  DB_PASSWORD: 'p',
};

describe('readConfig', () => {
  it('connects to RDS only over TLS with the authorities of RDS', () => {
    const { port, database } = readConfig(PARTS);
    assert.equal(port, 8080);
    assert.equal(database.host, 'db.internal');
    assert.equal(database.port, 5432);
    const ssl = database.ssl as { rejectUnauthorized: boolean; ca: string[] };
    assert.equal(ssl.rejectUnauthorized, true);
    assert.ok(ssl.ca.length > 0);
  });

  it('takes a whole address on a workstation', () => {
    const { database } = readConfig({
      ...PARTS,
      DATABASE_URL: 'postgresql://localhost/app',
    });
    assert.equal(database.connectionString, 'postgresql://localhost/app');
    assert.equal(database.host, undefined);
  });

  it('names the variable that is missing', () => {
    assert.throws(
      () => readConfig({ ...PARTS, DB_PASSWORD: '' }),
      /DB_PASSWORD is not set/,
    );
  });

  it('refuses what is no port', () => {
    assert.throws(
      () => readConfig({ ...PARTS, PORT: 'http' }),
      /PORT is no port number: http/,
    );
    assert.throws(() => readConfig({ ...PARTS, DB_PORT: '70000' }), /DB_PORT/);
  });
});
