import { gzipSync } from 'node:zlib';
import { createHmac } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import request from 'supertest';
import { workflowRun } from '../__testUtils__/githubPayloads';
import {
  OLD_SECRET,
  SECRET,
  service,
  startDelivery,
} from '../__testUtils__/startDelivery';
import { webhooksFromEvents } from './webhooksFromEvents';

describe('POST /webhooks/github', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;
  let count = 0;
  const payload = () => {
    count += 1;
    return workflowRun('acme/api', { id: 5000 + count });
  };
  const rows = async (): Promise<number> => {
    const counts = await delivery.store.inboxCounts();
    return Object.values(counts).reduce((sum, n) => sum + n, 0);
  };

  beforeAll(async () => {
    delivery = await startDelivery({
      entities: [service('api', 'acme/api')],
    });
  });
  afterAll(() => delivery.stop());

  it.each([
    ['the secret', SECRET],
    ['the secret before, while it is rotated', OLD_SECRET],
  ])('takes what is signed by %s', async (_, secret) => {
    const before = await rows();
    const { body } = await delivery
      .deliver('workflow_run', payload(), { secret })
      .expect(202);
    expect(body).toEqual({ outcome: 'added' });
    expect(await rows()).toBe(before + 1);
  });

  it.each<[string, Parameters<typeof delivery.deliver>[2]]>([
    ['another secret', { secret: 'guessed' }],
    ['no signature', { headers: { 'x-hub-signature-256': '' } }],
    ['a short one', { headers: { 'x-hub-signature-256': 'sha256=ab' } }],
    [
      'the old SHA-1 kind',
      { headers: { 'x-hub-signature-256': `sha1=${'a'.repeat(40)}` } },
    ],
  ])('answers 401 to %s and writes nothing', async (_, overrides) => {
    const before = await rows();
    const { body } = await delivery
      .deliver('workflow_run', payload(), overrides)
      .expect(401);
    expect(body.error.name).toBe('AuthenticationError');
    expect(body.error.message).toMatch(/X-Hub-Signature-256/);
    expect(await rows()).toBe(before);
  });

  it('answers 400 to signed text that is no JSON object', async () => {
    const before = await rows();
    for (const text of ['{"half":', '[', '"text"', 'null', '']) {
      const { body } = await delivery.deliver('push', text).expect(400);
      expect(body.error.name).toBe('InputError');
    }
    expect(await rows()).toBe(before);
  });

  it('answers 400 to headers that GitHub never sends', async () => {
    const wrong: Record<string, string>[] = [
      { 'x-github-event': 'run; drop' },
      { 'x-github-delivery': 'a b' },
    ];
    for (const headers of wrong) {
      await delivery
        .deliver('workflow_run', payload(), { headers })
        .expect(400);
    }
  });

  it('answers 413 above 25 MB, in a sentence', async () => {
    const { body } = await delivery
      .deliver('push', `{"x":"${'y'.repeat(25 * 1024 * 1024)}"}`)
      .expect(413);
    expect(body.error).toMatchObject({
      name: 'PayloadTooLargeError',
      message: 'The delivery is larger than 25 MB, the most that GitHub sends.',
    });
  });

  it('answers 415 to a compressed body instead of unpacking it', async () => {
    const zipped = gzipSync(JSON.stringify(payload()));
    const hmac = createHmac('sha256', SECRET).update(zipped).digest('hex');
    const call = request(delivery.server)
      .post('/api/delivery/webhooks/github')
      .set({
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'x-github-event': 'push',
        'x-github-delivery': 'zipped',
        'x-hub-signature-256': `sha256=${hmac}`,
      })
      .serialize(value => value as never);
    const { body } = await call.send(zipped).expect(415);
    expect(body.error.message).toMatch(/must not be compressed/);
  });

  it('knows a delivery again by its id and by its content', async () => {
    const one = payload();
    const id = 'the-same-id';
    const outcomes = [];
    outcomes.push(await delivery.deliver('workflow_run', one, { id }));
    outcomes.push(await delivery.deliver('workflow_run', one, { id }));
    outcomes.push(await delivery.deliver('workflow_run', one));
    expect(outcomes.map(({ status, body }) => [status, body.outcome])).toEqual([
      [202, 'added'],
      [202, 'duplicate'],
      [202, 'duplicate'],
    ]);
  });

  it('takes an event it does not know and counts it', async () => {
    await delivery.settled();
    const { ignored } = await delivery.store.inboxCounts();
    await delivery.deliver('gollum', { pages: [] }).expect(202);
    await delivery.settled();
    expect((await delivery.store.inboxCounts()).ignored).toBe(ignored + 1);
  });

  it('keeps the events of a repository of no service, and shows them once there is one', async () => {
    await delivery
      .deliver('workflow_run', workflowRun('acme/later', { id: 9000 }, 9))
      .expect(202);
    await delivery.settled();
    expect((await delivery.store.inboxCounts()).parked).toBe(1);
    await delivery.store.replaceBindings(
      [
        {
          entityRef: 'component:default/later',
          host: 'github.com',
          slug: 'acme/later',
          workflows: [],
          paths: [],
        },
      ],
      false,
    );
    await delivery.settled();
    const runs = await delivery.store.listRuns({
      entityRef: 'component:default/later',
      scope: 'service',
      filter: {},
      limit: 10,
    });
    expect(runs.map(run => run.runNumber)).toEqual([12]);
  });

  it('tells GitHub when a delivery cannot be written down', async () => {
    await delivery.knex.schema.renameTable('inbox', 'inbox_away');
    try {
      await delivery.deliver('workflow_run', payload()).expect(500);
    } finally {
      await delivery.knex.schema.renameTable('inbox_away', 'inbox');
    }
  });
});

describe('with a GitHub App', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;
  beforeAll(async () => {
    delivery = await startDelivery({
      entities: [],
      integration: {
        token: undefined,
        apps: [
          {
            appId: 4242,
            clientId: 'id',
            clientSecret: 'secret',
            privateKey: 'key',
            webhookSecret: SECRET,
          },
        ],
      },
      config: { providers: { github: {} } },
    });
  });
  afterAll(() => delivery.stop());

  it.each([
    ['its own', '4242', {}, 'added'],
    ['another', '7', {}, 'dropped'],
    ['another by the body', '4242', { installation: { app_id: 7 } }, 'dropped'],
  ])('sees deliveries of %s App', async (_, target, more, outcome) => {
    const { body } = await delivery
      .deliver(
        'workflow_run',
        { ...workflowRun('acme/api'), ...more },
        {
          headers: {
            'x-github-hook-installation-target-type': 'integration',
            'x-github-hook-installation-target-id': target,
          },
        },
      )
      .expect(202);
    expect(body).toEqual({ outcome });
  });
});

describe('other ways in', () => {
  it('has no webhook route without a GitHub App', async () => {
    const delivery = await startDelivery({
      entities: [],
      config: { providers: { github: {} } },
    });
    try {
      // Not open at all: the platform asks who is there before there is anything to be found.
      await delivery.deliver('workflow_run', {}).expect(401);
    } finally {
      await delivery.stop();
    }
  });

  it('takes events of the portal, with their id', async () => {
    const accept = jest.fn(async () => 'added' as const);
    const events = mockServices.events();
    await webhooksFromEvents({ events, inbox: { accept }, now: () => 42 });
    await events.publish({
      topic: 'github.workflow_run',
      eventPayload: { action: 'completed' },
      metadata: { 'x-github-delivery': 'abc' },
    });
    await events.publish({ topic: 'github.star', eventPayload: {} });
    expect(accept.mock.calls).toEqual([
      [
        {
          provider: 'github',
          deliveryId: 'abc',
          event: 'workflow_run',
          body: '{"action":"completed"}',
          receivedAt: 42,
        },
      ],
    ]);
  });
});
