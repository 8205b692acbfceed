import { ConfigReader } from '@backstage/config';
import { Refusal } from './__testUtils__/fakeAws';
import {
  ACCOUNT,
  AT,
  CLUSTER,
  everyService,
  never,
  REGION,
  useAws,
} from './__testUtils__/setup';
import { ecsCredentials } from './credentials';

const setup = useAws();
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

describe('credentials', () => {
  const environment = { ...process.env };
  const role = `arn:aws:iam::${ACCOUNT}:role/delivery-read`;
  const config = (more: object = {}) =>
    new ConfigReader({
      aws: {
        mainAccount: { accessKeyId: 'AKIDMAIN', secretAccessKey: 'main' },
        accountDefaults: { roleName: 'delivery-read' },
        ...more,
      },
      delivery: {
        environmentSets: {
          default: {
            environments: [{ name: 'p', aws: { accountId: ACCOUNT } }],
          },
        },
      },
    });
  const session = (now: number) => ({
    AccessKeyId: 'AKIDSESSION',
    SecretAccessKey: 'session',
    SessionToken: 'token',
    Expiration: new Date(now + 3_600_000).toISOString(),
  });
  beforeEach(() => {
    process.env.AWS_ENDPOINT_URL = setup.aws.endpoint;
    setup.aws.answers.DescribeServices = everyService;
  });
  afterEach(() => {
    process.env = { ...environment };
  });

  it('are those of the role, asked for once for all clients', async () => {
    let now = AT;
    setup.aws.answers.AssumeRole = () => ({ Credentials: session(now) });
    setup.aws.answers.DescribeAlarms = () => ({});
    const provider = setup.provider({
      // As in production: where AWS is, the environment says.
      endpoint: undefined,
      credentials: ecsCredentials(config()),
      clock: () => now,
    });
    await Promise.all([
      provider.readServices(CLUSTER, names(50), never),
      provider.readAlarms(CLUSTER, ['a'], never),
      provider.readAlarms({ ...CLUSTER, region: 'us-east-1' }, ['a'], never),
    ]);
    const assumed = () =>
      setup.aws.heard.filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed()).toHaveLength(1);
    expect(assumed()[0]).toMatchObject({
      input: { RoleArn: role },
      accessKeyId: 'AKIDMAIN',
    });
    expect(
      setup.aws.heard.find(
        ({ operation, region }) =>
          operation === 'DescribeAlarms' && region === 'us-east-1',
      )?.accessKeyId,
    ).toBe('AKIDSESSION');
    expect(
      setup.calls.filter(({ operation }) => operation === 'sts.AssumeRole'),
    ).toHaveLength(1);
    now = AT + 56 * 60_000;
    await provider.readServices(CLUSTER, ['a'], never);
    expect(assumed()).toHaveLength(2);
  });

  it('of a role that may not be assumed: which one, and who has to be trusted', async () => {
    setup.aws.answers.AssumeRole = () =>
      new Refusal(
        'AccessDenied',
        `User: arn:aws:iam::111111111111:user/portal is not authorized to perform: sts:AssumeRole on resource: ${role}`,
        403,
      );
    const problem = await problemWhen(() => ({}), {
      credentials: ecsCredentials(config()),
    });
    expect(problem).toEqual({
      code: 'role_not_assumable',
      message: `The portal may not assume the role delivery-read of account ${ACCOUNT}: let the trust policy of the role name arn:aws:iam::111111111111:user/portal, or correct the role of this account under "aws" in app-config.`,
    });
    expect(setup.operations()).toEqual(['AssumeRole']);
  });

  it('that AWS refuses are asked for anew, so that mending them is enough', async () => {
    const keys = ['AKIDOLD', 'AKIDNEW'];
    setup.aws.answers.DescribeServices = (input, { accessKeyId }) =>
      accessKeyId === 'AKIDNEW'
        ? everyService(input)
        : new Refusal('UnrecognizedClientException', 'no');
    const provider = setup.provider({
      credentials: async () => async () => ({
        accessKeyId: keys.shift() ?? '',
        secretAccessKey: 's',
      }),
    });
    const read = () => provider.readServices(CLUSTER, ['a'], never);
    expect(await read()).toMatchObject([
      { problem: { code: 'credentials_missing' } },
    ]);
    expect(await read()).toMatchObject([{ fact: { status: 'active' } }]);
    expect(await read()).toMatchObject([{ fact: { status: 'active' } }]);
  });

  it('of an account nobody named are not even tried', async () => {
    const image = (accountId: string) => ({
      repository: `${accountId}.dkr.ecr.${REGION}.amazonaws.com/app`,
      digest: `sha256:${'a'.repeat(64)}`,
    });
    const provider = setup.provider({
      credentials: ecsCredentials(config()),
    });
    await expect(
      provider.readImages([image('666666666666')], never),
    ).rejects.toMatchObject({ code: 'credentials_missing' });
    expect(setup.aws.heard).toEqual([]);
  });

  it('that the configuration lacks are told', async () => {
    setup.aws.answers.GetCallerIdentity = () => ({ Account: '111111111111' });
    const problem = await problemWhen(() => ({}), {
      credentials: ecsCredentials(config({ accountDefaults: {} })),
    });
    expect(problem.code).toBe('credentials_missing');
    expect(problem.message).toContain('aws.accounts');
  });
});
