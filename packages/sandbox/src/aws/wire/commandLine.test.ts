import { execFile, spawnSync } from 'child_process';
import { promisify } from 'util';
import { Keys, REGION, startTestAws, TestAws } from './__testUtils__/testAws';

const run = promisify(execFile);
const hasAws = spawnSync('aws', ['--version']).status === 0;

if (!hasAws) {
  process.stderr.write(
    'The command line "aws" is not on PATH: what it reads of the sandbox is not tested.\n',
  );
}

(hasAws ? describe : describe.skip)('the aws command line', () => {
  let aws: TestAws;
  let keys: Keys;

  beforeAll(async () => {
    aws = await startTestAws();
    ({ keys } = await aws.assume('delivery-read'));
  });
  afterAll(() => aws.stop());

  const ask = async (...words: string[]) => {
    const { stdout } = await run(
      'aws',
      [...words, '--endpoint-url', aws.url, '--output', 'json'],
      {
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_SESSION_TOKEN: keys.sessionToken,
          AWS_DEFAULT_REGION: REGION,
          AWS_MAX_ATTEMPTS: '1',
          AWS_PAGER: '',
          AWS_EC2_METADATA_DISABLED: 'true',
        },
      },
    );
    return JSON.parse(stdout);
  };

  it('reads services, their deployments, targets, alarms and who it is', async () => {
    const { services } = await ask(
      ...['ecs', 'describe-services', '--cluster', 'main'],
      ...['--services', 'api'],
    );
    expect(services).toMatchObject([{ serviceName: 'api', runningCount: 2 }]);
    const { serviceDeployments } = await ask(
      ...['ecs', 'describe-service-deployments'],
      ...['--service-deployment-arns', services[0].currentServiceDeployment],
    );
    expect(serviceDeployments).toMatchObject([{ status: 'SUCCESSFUL' }]);
    const { TargetHealthDescriptions } = await ask(
      ...['elbv2', 'describe-target-health', '--target-group-arn'],
      services[0].loadBalancers[0].targetGroupArn,
    );
    expect(TargetHealthDescriptions).toHaveLength(2);
    const { MetricAlarms } = await ask(
      ...['cloudwatch', 'describe-alarms', '--alarm-names', 'api-5xx'],
    );
    expect(MetricAlarms).toMatchObject([{ StateValue: 'OK' }]);
    expect(await ask('sts', 'get-caller-identity')).toMatchObject({
      Account: '444444444444',
    });
  }, 60_000);

  it('says the error in words of AWS', async () => {
    await expect(
      ask('ecs', 'list-services', '--cluster', 'other'),
    ).rejects.toThrow('ClusterNotFoundException');
    await expect(
      ask('elbv2', 'describe-target-groups', '--names', 'none'),
    ).rejects.toThrow('TargetGroupNotFound');
  }, 60_000);
});
