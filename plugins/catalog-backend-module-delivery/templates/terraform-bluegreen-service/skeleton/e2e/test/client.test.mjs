import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { baseUrl, createClient } from '../src/client.mjs';

describe('BASE_URL', () => {
  it('is taken without the slash at its end', () => {
    assert.equal(baseUrl({ BASE_URL: 'https://service.example/' }), 'https://service.example');
  });

  it('must be the address of a web server', () => {
    for (const BASE_URL of [undefined, '', 'service.example', 'file:///etc/passwd']) {
      assert.throws(() => baseUrl({ BASE_URL }), /Set BASE_URL/);
    }
  });
});

describe('the client', () => {
  let server;
  let base;

  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/slow') return;
      if (request.url === '/away') response.writeHead(302, { location: '/' });
      response.end(JSON.stringify({ url: request.url, key: request.headers['x-api-key'] ?? null }));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}`;
  });

  after(() => {
    server.close();
    server.closeAllConnections();
  });

  it('sends the key, and none when there is none', async () => {
    const withKey = await createClient({ base, key: 'k' })('/a');
    assert.deepEqual(await withKey.json(), { url: '/a', key: 'k' });
    const without = await createClient({ base })('/b');
    assert.deepEqual(await without.json(), { url: '/b', key: null });
  });

  it('follows no redirect', async () => {
    assert.equal((await createClient({ base, key: 'k' })('/away')).status, 302);
  });

  it('gives up on what does not answer', async () => {
    await assert.rejects(createClient({ base, timeoutMs: 20 })('/slow'), { name: 'TimeoutError' });
  });
});
