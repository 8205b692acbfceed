import { mockCredentials } from '@backstage/backend-test-utils';
import type { Environment } from 'backstage-plugin-delivery-common';
import { FakeRuntime, refusal } from './__testUtils__/FakeRuntime';
import { deploymentStatus, workflowRun } from './__testUtils__/githubPayloads';
import { service, startDelivery, until } from './__testUtils__/startDelivery';

jest.setTimeout(60_000);

const reader = mockCredentials.user.token('user:default/reader');
const PATH = '/v1/entities/component/default/api';
const STAGING = '111122223333';
const PRODUCTION = '444455556666';
const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);
const STRAY = 'c'.repeat(40);
const WHEN = Date.parse('2026-11-01T10:01:00Z');
const config = {
  environmentSets: {
    default: {
      environments: [
        ['staging', STAGING],
        ['production', PRODUCTION],
      ].map(([name, accountId]) => ({
        name,
        aws: {
          ...{ accountId, region: 'eu-west-1' },
          ...{ cluster: 'main', service: '{name}' },
        },
      })),
    },
  },
  providers: {
    github: { webhookSecrets: ['the webhook secret'] },
    // Every round reads everything, so that the test says when.
    ecs: {
      schedule: { steady: { milliseconds: 1 }, moving: { seconds: 10 } },
    },
  },
};

describe('environments of a service', () => {
  const runtime = new FakeRuntime();
  const staging = FakeRuntime.ref('api', { accountId: STAGING });
  const production = FakeRuntime.ref('api', { accountId: PRODUCTION });
  let delivery: Awaited<ReturnType<typeof startDelivery>>;

  beforeAll(async () => {
    delivery = await startDelivery({
      entities: [service('api', 'acme/api')],
      ...{ config, runtime },
    });
    runtime.deploy(staging, OLD, { at: WHEN });
    runtime.deploy(production, OLD, { at: WHEN });
    await delivery.readCatalog();
    await delivery.deliver(
      'workflow_run',
      workflowRun('acme/api', { status: 'completed', conclusion: 'success' }),
    );
    for (const [id, environment] of [
      [1, 'staging'],
      [2, 'production'],
    ] as const) {
      await delivery.deliver(
        'deployment_status',
        deploymentStatus('acme/api', { id, environment, state: 'success' }),
      );
    }
    await delivery.settled();
    await delivery.readRuntime();
  });
  afterAll(() => delivery.stop());

  const list = async (): Promise<Environment[]> => {
    const { body } = await delivery
      .get(`${PATH}/environments`, reader)
      .expect(200);
    return body.items;
  };
  const shows = (
    what: string,
    condition: (staging: Environment, production: Environment) => boolean,
  ) =>
    until(async () => {
      const [first, second] = await list();
      return first && second ? condition(first, second) : false;
    }, what);

  it('show the commit that the runtime runs and the deployment that brought it', async () => {
    await shows(
      'both commits',
      (first, second) =>
        first.commit?.sha === OLD &&
        second.commit?.sha === OLD &&
        second.deployment?.runNumber === 12,
    );
    const items = await list();
    expect(items.map(item => item.name)).toEqual(['staging', 'production']);
    expect(items[1]).toMatchObject({
      ...{ basis: 'observed', tier: 'production', drift: [] },
      tasks: { running: 2, desired: 2 },
      deployment: { status: 'succeeded', by: 'dana' },
      runtime: { service: 'api', url: 'https://console.example/api' },
    });
    expect(items[1].asOf).toBeGreaterThan(WHEN);
    const overview = await delivery.get(`${PATH}/overview`, reader).expect(200);
    expect(overview.body.environments).toEqual(items);
  });

  it('count up while a rollout moves, and tell open pages', async () => {
    delivery.publish.mockClear();
    for (const running of [0, 1]) {
      runtime.deploy(staging, NEW, {
        ...{ rollout: 'in_progress', at: WHEN + 60_000 },
        revisions: [],
        ...{ running, tasks: running },
      });
      await delivery.readRuntime();
      await shows(
        `${running} tasks of the new revision`,
        first =>
          first.rollout?.status === 'in_progress' &&
          first.rollout.new?.running === running,
      );
    }
    const channels = delivery.publish.mock.calls.map(
      (call: unknown[]) => (call[0] as { channel: string }).channel,
    );
    expect(channels).toContain('delivery:pages');
    runtime.deploy(staging, NEW, { at: WHEN + 60_000 });
    await delivery.readRuntime();
    await shows('the new commit', first => first.commit?.sha === NEW);
  });

  it('say when something else runs than the pipeline brought', async () => {
    runtime.deploy(production, STRAY, { at: WHEN + 120_000 });
    await delivery.readRuntime();
    await shows('the drift', (_, second) => second.drift.length > 0);
    const [, { drift, commit }] = await list();
    expect(commit?.sha).toBe(STRAY);
    expect(drift.map(item => item.kind)).toContain('out_of_band');
  });

  it('keep the last good state of an account that cannot be read, beside why, and hide no other', async () => {
    const before = (await list())[1];
    runtime.broken.set(
      PRODUCTION,
      refusal(
        'role_not_assumable',
        'The role delivery-read cannot be assumed.',
      ),
    );
    await delivery.readRuntime();
    await shows('the problem', (_, second) => Boolean(second.problem));
    const [first, second] = await list();
    expect(second).toMatchObject({
      ...{ commit: before.commit, asOf: before.asOf },
      problem: {
        code: 'role_not_assumable',
        message: 'The role delivery-read cannot be assumed.',
      },
    });
    expect(first.problem).toBeUndefined();
    expect(first.asOf).toBeGreaterThan(Number(before.asOf));

    const detail = await delivery
      .get(`${PATH}/environments/production`, reader)
      .expect(200);
    expect(detail.body.environment.commit.sha).toBe(STRAY);
    expect(detail.body.problems[0]).toMatchObject({
      code: 'role_not_assumable',
    });
  });

  it('open with their chain of health, their history and what lies between them', async () => {
    const detail = await delivery
      .get(`${PATH}/environments/staging`, reader)
      .expect(200);
    expect(detail.body).toMatchObject({
      ...{ problems: [], environment: { name: 'staging' } },
      taskDefinition: { status: 'active' },
      images: [{ container: 'app' }],
    });
    expect(detail.body.chains).not.toEqual([]);
    const history = await delivery
      .get(`${PATH}/environments/production/history`, reader)
      .expect(200);
    const rows: { kind: string; current: boolean }[] = history.body.items;
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(row => row.current)).toHaveLength(1);
    const compare = await delivery
      .get(`${PATH}/compare?from=production&to=staging`, reader)
      .expect(200);
    // The vendor of this test knows no commits.
    expect(compare.body).toMatchObject({
      ...{ status: 'unknown', source: 'none', commits: [] },
      from: { commit: { sha: STRAY } },
    });
    expect(compare.body.problem.message).not.toBe('');
  });

  it('are named when another one is asked for', async () => {
    for (const path of [
      'environments/live',
      'environments/live/history',
      'compare?from=live&to=staging',
    ]) {
      const { body } = await delivery
        .get(`${PATH}/${path}`, reader)
        .expect(404);
      expect(body.error).toMatchObject({
        code: 'environment_not_found',
        message:
          'component:default/api has no environment "live"; it has staging, production.',
      });
    }
  });

  it('are in the matrix', async () => {
    const { body } = await delivery.get('/v1/matrix', reader).expect(200);
    expect(
      body.environments.map((item: { name: string }) => item.name),
    ).toEqual(['staging', 'production']);
    expect(body.services).toMatchObject([
      {
        entityRef: 'component:default/api',
        cells: { production: { sha: STRAY }, staging: { sha: NEW } },
      },
    ]);
    expect(body.services[0].cells.production.flags).toContain('problem');
  });
});

describe('environments without a runtime', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;

  beforeAll(async () => {
    delivery = await startDelivery({
      entities: [service('api', 'acme/api')],
    });
  });
  afterAll(() => delivery.stop());

  it('are told how to get before there are any, and then as declared', async () => {
    const path = `${PATH}/environments`;
    const before = await delivery.get(path, reader).expect(200);
    expect(before.body).toMatchObject({ items: [], notes: [{}] });
    expect(before.body.notes[0].message).toContain('delivery.environmentSets');

    await delivery.deliver('workflow_run', workflowRun('acme/api'));
    await delivery.deliver(
      'deployment_status',
      deploymentStatus('acme/api', {
        ...{ id: 3, environment: 'production', state: 'success' },
      }),
    );
    await delivery.settled();
    await until(async () => {
      const { body } = await delivery.get(path, reader);
      return body.items.length > 0;
    }, 'the environment');
    const { body } = await delivery.get(path, reader).expect(200);
    expect(body.items).toMatchObject([
      {
        ...{ name: 'production', basis: 'declared' },
        commit: { sha: OLD, source: 'declared', confidence: 'low' },
      },
    ]);
    expect(body.notes).toEqual([]);
    const detail = await delivery.get(`${path}/production`, reader).expect(200);
    expect(detail.body).toMatchObject({ chains: [], problems: [] });
  });
});
