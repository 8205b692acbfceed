import { mockCredentials } from '@backstage/backend-test-utils';
import { service, startDelivery, until } from './__testUtils__/startDelivery';
import { workflowJob, workflowRun } from './__testUtils__/githubPayloads';

const reader = mockCredentials.user.token('user:default/reader');
const CI = `
jobs:
  test:
    runs-on: ubuntu-latest
  deploy:
    needs: test
    environment: production
`;
const file = {
  type: 'file',
  size: CI.length,
  sha: 'b'.repeat(40),
  encoding: 'base64',
  content: Buffer.from(CI).toString('base64'),
};

describe('the plugin', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;

  beforeAll(async () => {
    delivery = await startDelivery({
      entities: [service('api', 'acme/api')],
      vendor: {
        '/contents/.github/workflows/ci.yml': file,
        '/blob/repos/acme/api/actions/jobs/1000':
          'one\nAuthorization: Bearer abcdefghijklmnop\nthree',
      },
    });
  });
  afterAll(() => delivery.stop());

  it('turns a webhook into a run on the page and tells open pages', async () => {
    const overview = '/v1/entities/component/default/api/overview';
    const before = await delivery.get(overview, reader).expect(200);
    expect(before.body).toMatchObject({
      entityRef: 'component:default/api',
      runs: { items: [] },
      ingestion: { mode: 'webhook' },
      capabilities: { log: true },
    });
    delivery.publish.mockClear();

    await delivery.deliver('workflow_run', workflowRun('acme/api')).expect(202);
    await delivery.deliver('workflow_job', workflowJob('acme/api')).expect(202);
    await delivery.settled();

    const list = await delivery
      .get('/v1/entities/component/default/api/runs?status=in_progress', reader)
      .expect(200);
    expect(list.body.items).toMatchObject([
      {
        runNumber: 12,
        title: 'Add a thing',
        status: 'in_progress',
        rawStatus: 'in_progress',
        branch: 'main',
        actor: 'dana',
        pipeline: { name: 'CI' },
      },
    ]);
    const channel = `delivery:${before.body.signalKey}`;
    await until(
      () => delivery.publish.mock.calls.length > 0,
      'a signal on the channel of the service',
    );
    expect(delivery.publish.mock.calls[0]).toEqual([
      { recipients: { type: 'broadcast' }, channel, message: {} },
    ]);
    // The cached overview is not what is given after the news.
    const after = await delivery.get(overview, reader).expect(200);
    expect(after.body.runs.items).toHaveLength(1);
    expect(after.body.repository).toEqual({
      slug: 'acme/api',
      url: 'https://github.com/acme/api',
      deleted: false,
    });

    await until(async () => {
      const { body } = await delivery.get(overview, reader);
      return body.runs.items[0].stages.length === 2;
    }, 'the stage strip');
  });

  it('shows the run with its graph, from a file that is read once', async () => {
    const [{ id }] = (
      await delivery.get('/v1/entities/component/default/api/runs', reader)
    ).body.items;
    const { body } = await delivery.get(`/v1/runs/${id}`, reader).expect(200);
    expect(body.graph).toMatchObject({
      kind: 'placed',
      nodes: [
        { id: 'test', column: 0, jobs: [body.jobs[0].id] },
        { id: 'deploy', column: 1, jobs: [], environment: 'production' },
      ],
      edges: [{ from: 'test', to: 'deploy' }],
    });
    expect(body).toMatchObject({
      attempt: 1,
      services: ['component:default/api'],
      jobs: [{ name: 'test', status: 'in_progress' }],
    });
    await delivery.get(`/v1/runs/${id}`, reader).expect(200);
    expect(
      delivery.vendor.asked.filter(path => path.includes('/contents/')),
    ).toHaveLength(1);

    const missing = await delivery
      .get(`/v1/runs/${id}?attempt=2`, reader)
      .expect(404);
    expect(missing.body.error).toMatchObject({ code: 'attempt_not_found' });
  });

  it('says since when the deployments of a run are known, once it can', async () => {
    const [{ id }] = (
      await delivery.get('/v1/entities/component/default/api/runs', reader)
    ).body.items;
    const path = `/v1/runs/${id}`;
    const scope = 'deployments:github.com/acme/api';
    await delivery.store.saveSyncState({ scope, backfill: 'pending', runs: 0 });
    const before = await delivery.get(path, reader).expect(200);
    expect(before.body).not.toHaveProperty('deploymentsKnownSince');
    await delivery.store.saveSyncState({
      ...{ scope, backfill: 'running', runs: 25, dataSince: 4_711 },
    });
    const after = await delivery.get(path, reader).expect(200);
    expect(after.body).toMatchObject({ deploymentsKnownSince: 4_711 });
  });

  it('hands out the log redacted, as text, and audits the read', async () => {
    const run = (
      await delivery.get('/v1/entities/component/default/api/runs', reader)
    ).body.items[0].id;
    const { body } = await delivery.get(`/v1/runs/${run}`, reader);
    const job = body.jobs[0].id;
    const log = await delivery
      .get(`/v1/runs/${run}/jobs/${job}/log`, reader)
      .expect(200)
      .expect('content-type', 'text/plain; charset=utf-8')
      .expect('x-content-type-options', 'nosniff');
    expect(log.text).toBe('one\nAuthorization: ***\nthree\n');
    expect(delivery.auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'log-read',
        meta: { run, job, entityRef: 'component:default/api' },
      }),
    );
    expect(delivery.auditEvent.success).toHaveBeenCalled();

    const host = run.split('.')[0];
    const other = await delivery
      .get(`/v1/runs/${run}/jobs/${host}.4711/log`, reader)
      .expect(404);
    expect(other.body.error.code).toBe('job_not_found');
    expect(delivery.auditEvent.fail).toHaveBeenCalled();
  });

  it('answers an unchanged overview with 304', async () => {
    const path = '/v1/entities/component/default/api/overview';
    const first = await delivery.get(path, reader).expect(200);
    await delivery
      .get(path, reader)
      .set('If-None-Match', first.headers.etag)
      .expect(304);
  });

  it('answers a warm overview without asking the database or the vendor', async () => {
    const path = '/v1/entities/component/default/api/overview';
    await delivery.get(path, reader).expect(200);
    const asked = delivery.vendor.asked.length;
    const queriesMeanwhile = async () => {
      const queries: string[] = [];
      const listen = ({ sql }: { sql: string }) => queries.push(sql);
      delivery.knex.on('query', listen);
      try {
        for (let i = 0; i < 20; i++) {
          await delivery.get(path, reader).expect(200);
        }
      } finally {
        delivery.knex.off('query', listen);
      }
      // The inbox looks for work by itself, whoever reads.
      return queries.filter(sql => !sql.includes('inbox'));
    };
    // What was told before may still be derived from; a view that asks would never be without a question.
    await until(
      async () => (await queriesMeanwhile()).length === 0,
      'twenty views without a question',
    );
    expect(delivery.vendor.asked).toHaveLength(asked);
  });
});
