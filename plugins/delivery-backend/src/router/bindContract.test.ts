import { mockErrorHandler } from '@backstage/backend-test-utils';
import {
  deliveryContract,
  type RunList,
} from 'backstage-plugin-delivery-common';
import express from 'express';
import PromiseRouter from 'express-promise-router';
import request from 'supertest';
import { PreparedJson } from '../services/PreparedJson';
import { bindContract, type Handlers } from './bindContract';

const RUNS = '/v1/entities/component/default/api/runs';
const list: RunList = { items: [], asOf: 1 };

function serve(handlers: Partial<Handlers>) {
  const unused = async () => {
    throw new Error('must not be called');
  };
  const router = PromiseRouter();
  const others = Object.fromEntries(
    Object.keys(deliveryContract).map(name => [name, unused]),
  );
  const all = { ...others, ...handlers } as Handlers;
  bindContract(router, all, { checkResponses: true });
  return express().use(router).use(mockErrorHandler());
}

describe('bindContract', () => {
  it('hands parsed parameters to the handler and sends what it gives', async () => {
    const runs = jest.fn(async () => list);
    const { body } = await request(serve({ runs }))
      .get(`${RUNS}?limit=5&branch=main&scope=all`)
      .expect(200)
      .expect('content-type', 'application/json; charset=utf-8');
    expect(body).toEqual(list);
    expect(runs).toHaveBeenCalledWith(
      expect.objectContaining({
        params: { kind: 'component', namespace: 'default', name: 'api' },
        query: { limit: 5, branch: 'main', scope: 'all' },
      }),
    );
  });

  it.each([
    [
      `${RUNS}?limit=5&offset=3&x=1`,
      'Unknown query parameter "offset", "x" (known: cursor, limit, pipeline, branch, status, conclusion, actor, text, scope).',
    ],
    [
      `${RUNS}?limit=101`,
      'Query parameter "limit": Too big: expected number to be <=100.',
    ],
    [
      `${RUNS}?limit=two`,
      'Query parameter "limit": Invalid input: expected number, received NaN.',
    ],
    [
      `${RUNS}?branch=a&branch=b`,
      'Query parameter "branch": Invalid input: expected string, received array.',
    ],
    ['/v1/runs/abc', 'Path parameter "id": is not the id of a run.'],
    [
      '/v1/runs/gh.1?attempt=0&deep[er]=1',
      'Query parameter "attempt": Too small: expected number to be >=1; unknown query parameter "deep" (known: attempt).',
    ],
  ])('refuses %s in one sentence', async (path, message) => {
    const { body } = await request(serve({})).get(path).expect(400);
    expect(body.error).toMatchObject({ name: 'InputError', message });
  });

  it('reads the name of an environment as it is, whatever characters it has', async () => {
    const history = jest.fn(async () => ({ items: [], asOf: 1 }));
    const name = encodeURIComponent('pröd/eu west');
    await request(serve({ history }))
      .get(
        `/v1/entities/component/default/api/environments/${name}/history?limit=3`,
      )
      .expect(200);
    expect(history).toHaveBeenCalledWith(
      expect.objectContaining({
        params: expect.objectContaining({ environment: 'pröd/eu west' }),
        query: { limit: 3 },
      }),
    );
  });

  it('sends prepared JSON as it is, and nothing when the client has it', async () => {
    const prepared = PreparedJson.of(list);
    const app = serve({ runs: async () => prepared });
    const first = await request(app).get(RUNS).expect(200);
    expect(first.text).toBe(prepared.body.toString());
    expect(first.headers).toMatchObject({
      etag: prepared.etag,
      'cache-control': 'private, no-cache',
    });
    await request(app)
      .get(RUNS)
      .set('If-None-Match', prepared.etag)
      .expect(304);
  });

  it('does not let an answer out that breaks the contract', async () => {
    const wrong = { items: [{ id: 'gh.1' }], asOf: 1 } as unknown as RunList;
    for (const answer of [wrong, PreparedJson.of(wrong)]) {
      await request(serve({ runs: async () => answer }))
        .get(RUNS)
        .expect(500);
    }
  });

  it('streams text, and breaks the connection when the text breaks', async () => {
    async function* text(end: boolean) {
      yield 'one\n';
      if (!end) throw new Error('the vendor is gone');
    }
    const path = '/v1/runs/gh.1/jobs/gh.2/log';
    const { text: whole } = await request(
      serve({ log: async () => text(true) }),
    )
      .get(path)
      .expect(200)
      .expect('content-type', 'text/plain; charset=utf-8');
    expect(whole).toBe('one\n');
    await expect(
      request(serve({ log: async () => text(false) })).get(path),
    ).rejects.toThrow();
  });

  it('tells the handler when the client goes away', async () => {
    let aborted = false;
    let started = () => {};
    const reading = new Promise<void>(resolve => {
      started = resolve;
    });
    let closed = () => {};
    const ended = new Promise<void>(resolve => {
      closed = resolve;
    });
    const app = serve({
      log: async ({ signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          closed();
        });
        return (async function* forever() {
          yield 'one\n';
          started();
          await ended;
        })();
      },
    });
    const call = request(app).get('/v1/runs/gh.1/jobs/gh.2/log');
    const gone = call.then(
      () => undefined,
      error => error,
    );
    await reading;
    call.abort();
    await ended;
    expect(aborted).toBe(true);
    call.timeout(100);
    await Promise.race([gone, ended]);
  });
});
