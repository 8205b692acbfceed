import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { MemoryStore, post, startApp } from './support.ts';

describe('the API', () => {
  let store: MemoryStore;
  let app: Awaited<ReturnType<typeof startApp>>;

  beforeEach(async () => {
    store = new MemoryStore();
    app = await startApp(store);
  });

  afterEach(() => app.stop());

  it('keeps an item and lists it', async () => {
    const created = await post(`${app.url}/api/items`, '{"title":"  first  "}');
    assert.equal(created.status, 201);
    const listed = await fetch(`${app.url}/api/items?page=1`);
    assert.deepEqual(await listed.json(), {
      items: [
        { id: '1', title: 'first', createdAt: '2026-01-01T00:00:00.000Z' },
      ],
    });
    assert.equal(listed.headers.get('cache-control'), 'no-store');
  });

  it('refuses what is no item and says why', async () => {
    const refused = await post(`${app.url}/api/items`, '{"title":" "}');
    assert.equal(refused.status, 422);
    assert.deepEqual(await refused.json(), {
      error: 'title must not be empty',
    });
  });

  it('refuses other content, broken JSON and bodies that are too large', async () => {
    const url = `${app.url}/api/items`;
    assert.equal((await post(url, 'title=x', 'text/plain')).status, 415);
    assert.equal((await post(url, '{')).status, 400);
    assert.equal(
      (await post(url, JSON.stringify({ title: 'x'.repeat(20_000) }))).status,
      413,
    );
    assert.deepEqual(app.errors, []);
  });

  it('is alive while the database is away, and says that it is away', async () => {
    store.broken = true;
    assert.equal((await fetch(`${app.url}/health`)).status, 200);
    assert.equal((await fetch(`${app.url}/api/health`)).status, 503);
  });

  it('keeps the cause of an error to itself', async () => {
    store.broken = true;
    const failed = await fetch(`${app.url}/api/items`);
    assert.equal(failed.status, 500);
    assert.deepEqual(await failed.json(), { error: 'internal error' });
    assert.match(String(app.errors[0]), /secret host unreachable/);
  });

  it('knows no other paths or methods', async () => {
    assert.equal((await fetch(`${app.url}/api`)).status, 404);
    assert.equal(
      (await fetch(`${app.url}/api/items`, { method: 'DELETE' })).status,
      404,
    );
  });
});
