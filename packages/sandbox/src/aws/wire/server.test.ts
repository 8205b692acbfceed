import {
  DescribeAlarmsCommand,
  CloudWatchClient,
} from '@aws-sdk/client-cloudwatch';

import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { startSmallSandbox } from '../../github/__testUtils__/startSmallSandbox';
import type { Sandbox } from '../../server';

const clientOptions = ({ aws }: Sandbox) => ({
  endpoint: aws.url,
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: {
    accessKeyId: 'AKIASANDBOXPORTAL',
    secretAccessKey: 'sandbox-portal-secret',
  },
});

describe('AWS beside GitHub', () => {
  it('keeps sessions over a restart and forgets everything at a reset', async () => {
    const first = await startSmallSandbox();
    first.aws.cloud.records.accounts.push({
      id: '222222222222',
      name: 'dev',
      roles: ['delivery-read'],
    });
    const { Credentials } = await new STSClient(clientOptions(first)).send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::222222222222:role/delivery-read',
        RoleSessionName: 'backstage',
      }),
    );
    const session = (sandbox: Sandbox) =>
      new STSClient({
        ...clientOptions(sandbox),
        credentials: {
          accessKeyId: Credentials?.AccessKeyId ?? '',
          secretAccessKey: Credentials?.SecretAccessKey ?? '',
          sessionToken: Credentials?.SessionToken,
        },
      }).send(new GetCallerIdentityCommand({}));
    await first.close();

    const second = await startSmallSandbox({ dataDir: first.dataDir });
    expect((await session(second)).Arn).toBe(
      'arn:aws:sts::222222222222:assumed-role/delivery-read/backstage',
    );
    expect(second.aws.counters.total()).toBe(1);
    const { cloud } = second.aws;

    const reset = await fetch(`${second.url}/_sandbox/reset`, {
      method: 'POST',
    });
    expect(reset.status).toBe(200);
    await expect(session(second)).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    expect(second.aws.cloud).not.toBe(cloud);
    expect(second.aws.cloud.records.sessions).toEqual([]);
    const { MetricAlarms } = await new CloudWatchClient(
      clientOptions(second),
    ).send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toEqual([]);
    expect(second.aws.counters.snapshot()).toMatchObject([
      { operation: 'cloudwatch.DescribeAlarms', calls: 1 },
    ]);
    await second.stop();
  });
});
