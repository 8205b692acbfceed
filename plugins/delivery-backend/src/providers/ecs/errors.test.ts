import { createServer } from 'http';
import type { AddressInfo } from 'net';
import { Refusal } from './__testUtils__/fakeAws';
import {
  ACCOUNT,
  CLUSTER,
  everyService,
  never,
  REGION,
  useAws,
} from './__testUtils__/setup';

const setup = useAws();
const place = `account ${ACCOUNT}, ${REGION}`;
const names = (count: number) =>
  Array.from({ length: count }, (_, i) => `service-${i}`);

/** What every one of 25 services is told when AWS answers so. */
async function problemWhen(
  answer: () => unknown,
  options: Parameters<typeof setup.provider>[0] = {},
) {
  setup.aws.answers.DescribeServices = answer;
  const reads = await setup
    .provider(options)
    .readServices(CLUSTER, names(25), never);
  expect(reads).toHaveLength(25);
  const problems = reads.map(read => 'problem' in read && read.problem);
  expect(new Set(problems.map(one => JSON.stringify(one))).size).toBe(1);
  return problems[0] as { code: string; message: string };
}

describe('a failing account', () => {
  it.each([
    ['ClusterNotFoundException', 'cluster_not_found', 'no cluster production'],
    ['AccessDeniedException', 'not_allowed', 'ecs:DescribeServices'],
    ['ExpiredTokenException', 'credentials_expired', 'have expired'],
    ['UnrecognizedClientException', 'credentials_missing', 'does not know'],
  ])('%s is told for every service by one call', async (type, code, words) => {
    const problem = await problemWhen(() => new Refusal(type, 'canary'));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(words);
    expect(problem.message).toContain(ACCOUNT);
    expect(problem.message).not.toContain('canary');
    expect(setup.aws.heard).toHaveLength(1);
  });

  it('names the action AWS names', async () => {
    const problem = await problemWhen(
      () =>
        new Refusal(
          'AccessDeniedException',
          `User: arn:aws:sts::${ACCOUNT}:assumed-role/delivery-read/backstage is not authorized to perform: ecs:ListTagsForResource on resource: *`,
        ),
    );
    expect(problem.message).toBe(
      `The portal's role in account ${ACCOUNT} may not call ecs:ListTagsForResource: allow it in the policy of the role.`,
    );
  });

  it('that throttles for ever is asked maxAttempts times and no more', async () => {
    const problem = await problemWhen(
      () => new Refusal('ThrottlingException', 'Rate exceeded'),
      { maxAttempts: 3 },
    );
    expect(problem.code).toBe('throttled');
    expect(problem.message).toContain('ecs:DescribeServices');
    expect(setup.aws.heard).toHaveLength(3);
    expect(setup.calls).toHaveLength(3);
  });

  it('that throttles once is read all the same', async () => {
    let asked = 0;
    setup.aws.answers.DescribeServices = input => {
      asked++;
      return asked === 1
        ? new Refusal('ThrottlingException', 'Rate exceeded')
        : everyService(input);
    };
    const [read] = await setup
      .provider()
      .readServices(CLUSTER, ['vaultex'], never);
    expect(read).toHaveProperty('fact');
    expect(asked).toBe(2);
  });

  it('in another region is told so', async () => {
    const problem = await problemWhen(
      () =>
        new Refusal(
          'InvalidParameterException',
          'Identifier is for us-east-1. Your accessing eu-west-1',
        ),
    );
    expect(problem.code).toBe('wrong_region');
    expect(problem.message).toContain('correct the region');
  });

  it('of a region or cluster that cannot be is never asked', async () => {
    const provider = setup.provider();
    const read = async (more: object) => {
      const scope = { ...CLUSTER, ...more };
      const [one] = await provider.readServices(scope, ['a'], never);
      return 'problem' in one ? one.problem.code : '';
    };
    expect(await read({ region: 'evil.example/#' })).toBe('wrong_region');
    expect(await read({ accountId: '12' })).toBe('credentials_missing');
    expect(await read({ cluster: 'arn:aws:ecs' })).toBe('cluster_not_found');
    expect(setup.aws.heard).toEqual([]);
  });

  it('that is not there is unreachable', async () => {
    const server = createServer();
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    await new Promise(done => {
      server.close(done);
    });
    const [read] = await setup
      .provider({ endpoint: `http://127.0.0.1:${port}`, maxAttempts: 2 })
      .readServices(CLUSTER, ['a'], never);
    expect(read).toMatchObject({ problem: { code: 'unreachable' } });
  });
});

describe('a failing batch', () => {
  it('does not hide the others', async () => {
    setup.aws.answers.DescribeServices = input =>
      (input.services as string[]).includes('service-10')
        ? new Refusal('ServerException', 'canary', 500)
        : everyService(input);
    const reads = await setup
      .provider({ maxAttempts: 2 })
      .readServices(CLUSTER, names(30), never);
    const failed = reads.filter(read => 'problem' in read);
    expect(failed.map(({ service }) => service)).toEqual(names(20).slice(10));
    expect(failed[0]).toMatchObject({ problem: { code: 'unreachable' } });
  });

  it('is not made of a name that ECS does not allow', async () => {
    setup.aws.answers.DescribeServices = everyService;
    const reads = await setup
      .provider()
      .readServices(CLUSTER, ['good', 'b@d <script>'], never);
    expect(reads).toMatchObject([
      { service: 'good', fact: {} },
      { service: 'b@d <script>', problem: { code: 'service_not_found' } },
    ]);
    expect(setup.aws.heard.map(({ input }) => input.services)).toEqual([
      ['good'],
    ]);
  });

  it('of which one is left out tells that one', async () => {
    setup.aws.answers.DescribeServices = ({ cluster }) => ({
      ...everyService({ services: ['a'] }),
      failures: [{ arn: `x:service/${cluster}/b`, reason: 'MAINTENANCE' }],
    });
    const reads = await setup
      .provider()
      .readServices(CLUSTER, ['a', 'b'], never);
    expect(reads[1]).toMatchObject({
      problem: {
        code: 'read_failed',
        message: expect.stringContaining('(MAINTENANCE)'),
      },
    });
  });
});

describe('when told to stop', () => {
  const reason = new Error('enough');

  it('the line to AWS is hung up', async () => {
    const aborting = new AbortController();
    setup.aws.answers.ListTasks = () => {
      aborting.abort(reason);
      return undefined;
    };
    const hungUp = new Promise<void>(resolve => {
      setup.aws.onHangUp = resolve;
    });
    await expect(
      setup.provider().readTasks(CLUSTER, aborting.signal),
    ).rejects.toBe(reason);
    await hungUp;
  });

  it('nothing waits for credentials that do not come', async () => {
    const aborting = new AbortController();
    const reading = setup
      .provider({
        credentials: () => {
          setImmediate(() => aborting.abort(reason));
          return new Promise(() => {});
        },
      })
      .readTasks(CLUSTER, aborting.signal);
    await expect(reading).rejects.toBe(reason);
  });
});

describe('single things', () => {
  it('a task definition that is gone is not found', async () => {
    setup.aws.answers.DescribeTaskDefinition = () =>
      new Refusal('ClientException', 'Unable to describe task definition.');
    await expect(
      setup.provider().readTaskDefinition(CLUSTER, 'vaultex:1', never),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'task_definition_not_found',
    });
  });

  it('a deployment AWS does not know any more spoils no other', async () => {
    const key = (i: number) =>
      `arn:aws:ecs:${REGION}:${ACCOUNT}:service-deployment/production/a/${i}`;
    setup.aws.answers.DescribeServiceDeployments = input => {
      const arns = input.serviceDeploymentArns as string[];
      if (arns.includes(key(2))) {
        return new Refusal('ServiceDeploymentNotFoundException', 'gone');
      }
      return {
        serviceDeployments: arns.map(serviceDeploymentArn => ({
          serviceDeploymentArn,
          serviceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/production/a`,
          createdAt: 1795170000,
        })),
      };
    };
    const facts = await setup
      .provider()
      .readDeployments(CLUSTER, [key(1), key(2), key(3)], never);
    expect(facts.map(fact => fact.deploymentKey)).toEqual([key(1), key(3)]);
    expect(facts[0].status).toBe('unknown');
  });

  it('a service that is gone has no deployments to list', async () => {
    setup.aws.answers.ListServiceDeployments = () =>
      new Refusal('ServiceNotFoundException', 'Service not found.');
    await expect(
      setup
        .provider()
        .listDeployments(
          { ...CLUSTER, provider: 'ecs', service: 'vaultex' },
          0,
          never,
        ),
    ).rejects.toMatchObject({
      code: 'service_not_found',
      message: expect.stringContaining(
        `no service vaultex in cluster production (${place})`,
      ),
    });
  });

  it('a list that never ends is given up', async () => {
    setup.aws.answers.ListServices = () => ({
      serviceArns: [],
      nextToken: 'again',
    });
    await expect(
      setup.provider().listServices(CLUSTER, never),
    ).rejects.toMatchObject({ code: 'read_failed' });
    expect(setup.aws.heard).toHaveLength(2);
  });
});
