import * as ecs from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import {
  ACCOUNT,
  PORTAL,
  REGION,
  startTestAws,
  TestAws,
} from './__testUtils__/testAws';

describe('who may call, and how often', () => {
  let aws: TestAws;

  beforeEach(async () => {
    aws = await startTestAws();
  });
  afterEach(() => aws.stop());

  const list = () => new ecs.ListClustersCommand({});
  const describeApi = () =>
    new ecs.DescribeServicesCommand({ cluster: 'main', services: ['api'] });
  const identity = () => new GetCallerIdentityCommand({});

  it('refuses a wrong secret, in the words of each protocol', async () => {
    const as = aws.clients({ ...PORTAL, secretAccessKey: 'guessed' });
    await expect(as.ecs.send(list())).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    await expect(as.sts.send(identity())).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });

  it('refuses a body that is not the signed one', async () => {
    const { ecs: client } = aws.clients(PORTAL);
    client.middlewareStack.add(
      next => async args => {
        const { request } = args as { request: { body: string } };
        request.body = '[]';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(client.send(list())).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  it('refuses keys it does not know and requests without any', async () => {
    const as = aws.clients({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' });
    await expect(as.ecs.send(list())).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    await expect(as.sts.send(identity())).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    const { keys } = await aws.assume('delivery-read');
    const stolen = aws.clients({ ...keys, sessionToken: undefined });
    await expect(stolen.ecs.send(list())).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    const bare = await fetch(aws.url, { method: 'POST', body: 'Action=X' });
    expect(bare.status).toBe(403);
    expect(await bare.text()).toContain('MissingAuthenticationToken');
  });

  it('gives sessions of known roles that expire, and remembers whose they are', async () => {
    const saves = aws.saves();
    const as = await aws.assume('delivery-act', {
      RoleSessionName: 'jane.doe',
      SourceIdentity: 'jane.doe',
      Tags: [{ Key: 'backstageUser', Value: 'user:default/jane.doe' }],
      DurationSeconds: 900,
    });
    expect(aws.saves()).toBeGreaterThan(saves);
    expect(aws.cloud.records.sessions).toMatchObject([
      {
        accountId: ACCOUNT,
        roleName: 'delivery-act',
        sessionName: 'jane.doe',
        sourceIdentity: 'jane.doe',
        tags: { backstageUser: 'user:default/jane.doe' },
      },
    ]);
    aws.clock.advance(899_000);
    await as.ecs.send(describeApi());
    aws.clock.advance(1_000);
    await expect(as.ecs.send(describeApi())).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
    await expect(as.sts.send(identity())).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
  });

  it('refuses roles nobody made and names AWS would not take', async () => {
    await expect(aws.assume('admin')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::111111111111:user/portal is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${ACCOUNT}:role/admin`,
    });
    await expect(
      aws.assume('delivery-read', { RoleSessionName: 'user:default/jane' }),
    ).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('lets a read-only role read and nothing else', async () => {
    const as = await aws.assume('delivery-read');
    await as.ecs.send(describeApi());
    const refused = as.ecs.send(
      new ecs.UpdateServiceCommand({
        cluster: 'main',
        service: 'api',
        forceNewDeployment: true,
      }),
    );
    await expect(refused).rejects.toBeInstanceOf(ecs.AccessDeniedException);
    await expect(refused).rejects.toMatchObject({
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/delivery-read/backstage is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:${REGION}:${ACCOUNT}:service/main/api because no identity-based policy allows the ecs:UpdateService action`,
    });
  });

  it('keeps accounts and regions apart', async () => {
    const { clusterArns } = await aws.clients(PORTAL).ecs.send(list());
    expect(clusterArns).toEqual([]);
  });

  it('throttles each group of operations by a bucket of its own', async () => {
    const as = await aws.assume('delivery-read');
    const outcomes = async (count: number) => {
      const refused: unknown[] = [];
      for (let i = 0; i < count; i += 1) {
        await as.ecs.send(describeApi()).catch(error => refused.push(error));
      }
      return refused.map(error => String(error));
    };
    const TOO_FAST = 'ThrottlingException: Rate exceeded';
    expect(await outcomes(103)).toEqual([TOO_FAST, TOO_FAST, TOO_FAST]);
    // another bucket
    await as.ecs.send(list());
    aws.clock.advance(500);
    expect(await outcomes(12)).toEqual([TOO_FAST, TOO_FAST]);
    expect(aws.counters.snapshot()[0]).toEqual({
      accountId: ACCOUNT,
      region: REGION,
      operation: 'ecs.DescribeServices',
      calls: 115,
      throttled: 5,
      failed: 0,
    });
    aws.counters.reset();
    expect(aws.counters.snapshot()).toEqual([]);
  });

  it('makes one account misbehave when told to, for as long as told', async () => {
    const as = await aws.assume('delivery-read');
    const fault = (kind: 'throttle' | 'access-denied' | 'down') =>
      aws.cloud.records.faults.splice(0, 1, {
        accountId: ACCOUNT,
        kind,
        until: aws.clock.now() + 5000,
      });
    fault('throttle');
    await expect(as.ecs.send(describeApi())).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(
      as.elb.send(new DescribeTargetGroupsCommand({})),
    ).rejects.toMatchObject({ name: 'Throttling' });
    fault('access-denied');
    await expect(as.ecs.send(describeApi())).rejects.toBeInstanceOf(
      ecs.AccessDeniedException,
    );
    await expect(as.elb.send(new DescribeTargetGroupsCommand({})))
      .rejects // query has another word for it
      .toMatchObject({ name: 'AccessDenied' });
    await expect(aws.assume('delivery-read')).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    fault('down');
    await expect(
      as.cloudwatch.send(new DescribeAlarmsCommand({})),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await aws.clients(PORTAL).ecs.send(list());
    aws.clock.advance(5000);
    await as.ecs.send(describeApi());
  });

  it('knows what it does not have', async () => {
    const as = aws.clients(PORTAL);
    await expect(
      as.ecs.send(new ecs.ListAttributesCommand({ targetType: undefined })),
    ).rejects.toMatchObject({ name: 'UnknownOperationException' });
    await expect(
      as.ecs.send(
        new ecs.ListServicesCommand({ cluster: 'main', maxResults: 5000 }),
      ),
    ).rejects.toBeInstanceOf(ecs.ClusterNotFoundException);
  });
});
