import * as ecs from '@aws-sdk/client-ecs';
import {
  ACCOUNT,
  REGION,
  START,
  startTestAws,
  TestAws,
} from './__testUtils__/testAws';
import { sessionsOf } from './sessions';

const SERVICE = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/main/api`;
const CLEO = { RoleSessionName: 'cleo', SourceIdentity: 'cleo' };

describe('acting in the name of a person', () => {
  let aws: TestAws;

  beforeEach(async () => {
    aws = await startTestAws();
  });
  afterEach(() => aws.stop());

  const asCleo = (policy?: unknown) =>
    aws.assume('delivery-act', {
      ...CLEO,
      ...(policy === undefined ? {} : { Policy: JSON.stringify(policy) }),
    });
  const allow = (more: object = {}) => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 'ecs:UpdateService',
      Resource: SERVICE,
      ...more,
    },
  });
  const update = (service = 'api') =>
    new ecs.UpdateServiceCommand({
      cluster: 'main',
      service,
      forceNewDeployment: true,
    });
  const describe_ = (...services: string[]) =>
    new ecs.DescribeServicesCommand({ cluster: 'main', services });

  it('is refused without a source identity', async () => {
    await expect(
      aws.assume('delivery-act', { RoleSessionName: 'cleo' }),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('sts:AssumeRole on resource'),
    });
    expect(aws.cloud.records.sessions).toEqual([]);
    await aws.assume('delivery-read');
  });

  it('goes no further than three acts and what they have to read', async () => {
    const { ecs: client } = await asCleo();
    await client.send(update());
    await client.send(describe_('api', 'shop'));
    await client.send(
      new ecs.DescribeTaskDefinitionCommand({ taskDefinition: 'api' }),
    );
    const refused = [
      new ecs.RegisterTaskDefinitionCommand({
        family: 'api',
        containerDefinitions: [{ name: 'api', image: 'api' }],
      }),
      new ecs.RunTaskCommand({ cluster: 'main', taskDefinition: 'api' }),
    ];
    for (const command of refused) {
      await expect(
        client.send(command as ecs.RunTaskCommand),
      ).rejects.toBeInstanceOf(ecs.AccessDeniedException);
    }
    await expect(
      client.send(new ecs.ListClustersCommand({})),
    ).rejects.toBeInstanceOf(ecs.AccessDeniedException);
    const [{ currentDeployment }] = aws.cloud.records.services;
    await client.send(
      new ecs.StopServiceDeploymentCommand({
        serviceDeploymentArn: currentDeployment ?? '',
      }),
    );
  });

  it('goes no further than the policy of the session', async () => {
    const { ecs: client } = await asCleo(allow());
    await client.send(update());
    await expect(client.send(update('shop'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/delivery-act/cleo is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:${REGION}:${ACCOUNT}:service/main/shop because no session policy allows the ecs:UpdateService action`,
    });
    await expect(client.send(describe_('api'))).rejects.toBeInstanceOf(
      ecs.AccessDeniedException,
    );
    const shop = aws.cloud.records.deployments.filter(
      ({ service }) => service === 'shop',
    );
    expect(shop.map(({ requestedBy }) => requestedBy)).toEqual([
      expect.stringContaining('cicd/seed'),
    ]);
  });

  it('understands patterns, lists, conditions and Deny', async () => {
    const cluster = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/main`;
    const { ecs: client } = await asCleo({
      Statement: [
        {
          Effect: 'Allow',
          Action: ['ECS:Update*', 'ecs:DescribeServices'],
          Resource: [`arn:aws:ecs:*:${ACCOUNT}:service/main/*`],
          Condition: { ArnEquals: { 'ecs:cluster': cluster } },
        },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*/sho?',
        },
      ],
    });
    await client.send(update());
    await client.send(describe_('api', 'worker'));
    // one of them is enough to be refused
    await expect(client.send(describe_('api', 'shop'))).rejects.toBeInstanceOf(
      ecs.AccessDeniedException,
    );
    await expect(client.send(update('shop'))).rejects.toBeInstanceOf(
      ecs.AccessDeniedException,
    );
    const elsewhere = await asCleo(
      allow({ Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } }),
    );
    await expect(elsewhere.ecs.send(update())).rejects.toBeInstanceOf(
      ecs.AccessDeniedException,
    );
  });

  it('gives the role no rights it does not have', async () => {
    const { ecs: client } = await asCleo(
      allow({ Action: 'ecs:*', Resource: '*' }),
    );
    await expect(
      client.send(
        new ecs.RunTaskCommand({ cluster: 'main', taskDefinition: 'api' }),
      ),
    ).rejects.toMatchObject({
      message: expect.stringContaining('no identity-based policy'),
    });
  });

  it.each([
    ['no JSON', '{', 'MalformedPolicyDocument'],
    ['no statement', '{}', 'MalformedPolicyDocument'],
    ['an unknown effect', '{"Statement":{"Effect":"Maybe"}}', /Malformed/],
    [
      'a condition nobody knows',
      JSON.stringify(allow({ Condition: { Moon: { phase: 'full' } } })),
      /Malformed/,
    ],
    ['too much', ' '.repeat(3000), 'PackedPolicyTooLarge'],
  ])('refuses a policy with %s', async (_what, Policy, name) => {
    await expect(
      aws.assume('delivery-act', { ...CLEO, Policy }),
    ).rejects.toMatchObject({ name: expect.stringMatching(name) });
  });

  it('leaves a trace of who did what to what and when', async () => {
    const { ecs: client } = await asCleo(allow());
    aws.clock.advance(5_000);
    await client.send(update());
    await client.send(update('shop')).catch(() => {});
    const reader = await aws.assume('delivery-read');
    await reader.ecs.send(describe_('api'));
    const [read, act] = sessionsOf(aws.cloud.records);
    expect(read).toMatchObject({ role: 'delivery-read', acts: [] });
    expect(act).toEqual({
      accountId: ACCOUNT,
      role: 'delivery-act',
      sessionName: 'cleo',
      sourceIdentity: 'cleo',
      tags: {},
      policy: allow(),
      assumedAt: START,
      expiresAt: START + 3_600_000,
      acts: [
        {
          operation: 'ecs:UpdateService',
          resource: SERVICE,
          at: START + 5_000,
          outcome: 'ok',
        },
        {
          operation: 'ecs:UpdateService',
          resource: SERVICE.replace('/api', '/shop'),
          at: START + 5_000,
          outcome: 'AccessDeniedException',
        },
      ],
    });
    expect(JSON.stringify(act)).not.toMatch(/secret|token|ASIA/i);
    expect(sessionsOf(aws.cloud.records, 'delivery-act')).toEqual([act]);
  });
});
