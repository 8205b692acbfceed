import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baseUrl, createClient } from './client.mjs';

const get = createClient({ base: baseUrl(process.env), key: process.env.SMOKE_TEST_API_KEY });

describe('the whole service', () => {
  it('reaches its database', async () => {
    const response = await get('/api/health');
    assert.equal(response.status, 200);
    assert.equal((await response.json()).database, 'ok');
  });

  it('serves a page with its script', async () => {
    const page = await get('/');
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<script defer src="\/app\.js">/);
    assert.match((await get('/app.js')).headers.get('content-type') ?? '', /javascript/);
  });

  it('keeps an item that somebody adds', async () => {
    const title = `end-to-end ${crypto.randomUUID()}`;
    const added = await get('/api/items', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title }),
    });
    assert.equal(added.status, 201);
    const { items } = await (await get('/api/items')).json();
    assert.ok(items.some((item) => item.title === title));
  });

  it('refuses what is no item', async () => {
    const refused = await get('/api/items', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(refused.status, 422);
  });
});
