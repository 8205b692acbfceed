import { createDeliveryClient } from './client';

const runs = { items: [], asOf: 5 };
const entityParams = { kind: 'component', namespace: 'default', name: 'pay' };

function clientOf(response: Response) {
  const fetchMock = jest.fn(async () => response);
  const client = createDeliveryClient({
    baseUrl: async () => 'http://127.0.0.1:7007/api/delivery',
    fetch: fetchMock as typeof fetch,
  });
  return { client, fetchMock };
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}

const summary = {
  id: 'gh.1',
  runNumber: 1,
  title: 'Charge cards once',
  pipeline: { id: 'gh/1/7', name: 'Deploy' },
  status: 'completed',
  conclusion: 'success',
  rawStatus: 'completed',
  rawConclusion: 'success',
  event: 'push',
  sha: 'abc',
  attempt: 1,
  createdAt: 1,
  updatedAt: 2,
  stages: [],
  waitingFor: [],
  url: 'https://github.com/acme/pay/actions/runs/1',
};

describe('createDeliveryClient', () => {
  it('fills the path and the query, escaped, without absent values', async () => {
    const { client, fetchMock } = clientOf(json(runs));
    const { signal } = new AbortController();
    await client.runs({
      params: { ...entityParams, name: 'a/b?c' },
      query: { branch: 'fix/a&b', limit: 10, actor: undefined },
      signal,
    });
    expect(fetchMock).toHaveBeenCalledWith(
      'http://127.0.0.1:7007/api/delivery/v1/entities/component/default/a%2Fb%3Fc/runs?branch=fix%2Fa%26b&limit=10',
      { method: 'GET', signal },
    );
  });

  it('reads words of a newer backend as unknown and drops fields it does not know', async () => {
    const { client } = clientOf(
      json({
        items: [
          {
            ...summary,
            status: 'hibernating',
            conclusion: 'splendid',
            mood: 'good',
            stages: [{ name: 'test', status: 'asleep', rawStatus: 'asleep' }],
          },
        ],
        asOf: 5,
        weather: 'fine',
      }),
    );
    const { items, ...rest } = await client.runs({ params: entityParams });
    expect(rest).toEqual({ asOf: 5 });
    expect(items).toEqual([
      {
        ...summary,
        status: 'unknown',
        conclusion: 'unknown',
        stages: [{ name: 'test', status: 'unknown', rawStatus: 'asleep' }],
      },
    ]);
  });

  it('throws what the backend said', async () => {
    const { client } = clientOf(
      json(
        {
          error: { name: 'NotFoundError', message: 'There is no such run.' },
          response: { statusCode: 404 },
        },
        404,
      ),
    );
    await expect(client.run({ params: { id: 'gh.1' } })).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 404,
      cause: { name: 'NotFoundError', message: 'There is no such run.' },
    });
  });

  it('refuses an answer that is not what was asked for', async () => {
    const { client } = clientOf(json({ items: 'none' }));
    await expect(client.runs({ params: entityParams })).rejects.toMatchObject({
      name: 'ZodError',
    });
  });

  it('hands over a text stream as it is', async () => {
    const response = new Response('line 1\nline 2\n');
    const { client, fetchMock } = clientOf(response);
    const answer = await client.log({ params: { id: 'gh.1', job: 'gh.2' } });
    expect(answer).toBe(response);
    expect(fetchMock).toHaveBeenCalledWith(
      'http://127.0.0.1:7007/api/delivery/v1/runs/gh.1/jobs/gh.2/log',
      expect.anything(),
    );
  });
});
