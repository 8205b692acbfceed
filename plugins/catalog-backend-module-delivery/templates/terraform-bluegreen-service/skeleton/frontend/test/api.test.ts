import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Api } from '../src/api.ts';

/** An API whose backend gives one answer; `calls` holds what it was asked. */
function apiWith(answer: Response) {
  const calls: { path: string; init?: RequestInit }[] = [];
  const api = new Api(async (path, init) => {
    calls.push({ path, init });
    return answer;
  });
  return { api, calls };
}

describe('the calls to the backend', () => {
  it('read the list', async () => {
    const items = [
      { id: '1', title: 'first', createdAt: '2026-01-01T00:00:00.000Z' },
    ];
    const { api, calls } = apiWith(Response.json({ items }));
    assert.deepEqual(await api.list(), items);
    assert.deepEqual(calls, [{ path: '/api/items', init: undefined }]);
  });

  it('send a new title as JSON', async () => {
    const { api, calls } = apiWith(Response.json({}, { status: 201 }));
    await api.add('new');
    assert.equal(calls[0]?.init?.method, 'POST');
    assert.equal(calls[0]?.init?.body, '{"title":"new"}');
  });

  it('fail with the sentence of the backend', async () => {
    const { api } = apiWith(
      Response.json({ error: 'title must not be empty' }, { status: 422 }),
    );
    await assert.rejects(api.add(''), /title must not be empty/);
  });

  it('fail when something else answers', async () => {
    await assert.rejects(
      apiWith(new Response('<html>', { status: 502 })).api.list(),
      /the server answered 502/,
    );
    await assert.rejects(
      apiWith(Response.json({ items: [{ id: 1 }] })).api.list(),
      /no list/,
    );
  });
});
