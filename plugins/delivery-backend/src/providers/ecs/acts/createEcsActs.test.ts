import { ConfigReader } from '@backstage/config';
import type { RuntimeRef } from 'backstage-plugin-delivery-common';
import {
  VendorRefusal,
  VendorSilence,
  type RuntimeActs,
} from 'backstage-plugin-delivery-node';
import { type Input, Refusal } from '../__testUtils__/fakeAws';
import {
  ACCOUNT,
  CLUSTER,
  fixture,
  never,
  REGION,
  steadyService,
  useAws,
} from '../__testUtils__/setup';
import { ecsCredentials } from '../credentials';

const setup = useAws();
const SERVICE: RuntimeRef = { provider: 'ecs', ...CLUSTER, service: 'vaultex' };
const SERVICE_ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/production/vaultex`;
const DEPLOYMENT = `arn:aws:ecs:${REGION}:${ACCOUNT}:service-deployment/production/vaultex/abc_123`;
const EARLIER = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/vaultex:41`;
const jane = { userRef: 'user:default/jane.doe', operationId: 'op-1' };
const john = { userRef: 'user:default/john', operationId: 'op-2' };

const config = (more: object = {}) =>
  new ConfigReader({
    aws: {
      mainAccount: { accessKeyId: 'AKIDMAIN', secretAccessKey: 'main' },
      accounts: [{ accountId: ACCOUNT, roleName: 'delivery-read' }],
      ...more,
    },
  });

/** As whom the portal reads; who acts comes from the configuration. */
const reading = () => async () => ({
  accessKeyId: 'AKIDREADING',
  secretAccessKey: 'example',
});

function acts(from = config()): RuntimeActs {
  const provider = setup.provider({
    actRoleName: 'delivery-act',
    credentials: Object.assign(async () => reading(), {
      actSources: ecsCredentials(from).actSources,
    }),
  });
  return provider.acts!;
}

function session(input: Input) {
  return {
    Credentials: {
      AccessKeyId: `AKID-${input.RoleSessionName}`,
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Expiration: '2026-11-20T13:00:00Z',
    },
  };
}

const paused = (hooks: object[]) => ({
  serviceDeployments: [
    {
      ...fixture<{ serviceDeployments: Input[] }>('DescribeServiceDeployments')
        .serviceDeployments[0],
      serviceDeploymentArn: DEPLOYMENT,
      serviceArn: SERVICE_ARN,
      lifecycleHookDetails: hooks,
    },
  ],
});
const hook = {
  ...{ hookId: 'ecs-pause-1', targetType: 'PAUSE' },
  status: 'AWAITING_ACTION',
};

beforeEach(() => {
  Object.assign(setup.aws.answers, {
    AssumeRole: session,
    UpdateService: () => ({ service: steadyService('vaultex') }),
    StopServiceDeployment: () => ({ serviceDeploymentArn: DEPLOYMENT }),
    ContinueServiceDeployment: () => ({ serviceDeploymentArn: DEPLOYMENT }),
    DescribeServiceDeployments: () => paused([hook]),
  });
});

const heard = (operation: string) =>
  setup.aws.heard.filter(one => one.operation === operation);
const policyOf = (input: Input) => JSON.parse(String(input.Policy)).Statement;

const ACTS = [
  {
    action: 'UpdateService',
    resource: SERVICE_ARN,
    input: { cluster: 'production', service: 'vaultex' },
    act: (of: RuntimeActs, person = jane, signal = never) =>
      of.putTaskDefinition(SERVICE, EARLIER, person, signal),
  },
  {
    action: 'StopServiceDeployment',
    resource: DEPLOYMENT,
    input: { serviceDeploymentArn: DEPLOYMENT, stopType: 'ROLLBACK' },
    act: (of: RuntimeActs, person = jane, signal = never) =>
      of.stopWithRollback(SERVICE, DEPLOYMENT, person, signal),
  },
  {
    action: 'ContinueServiceDeployment',
    resource: DEPLOYMENT,
    input: { hookId: 'ecs-pause-1', action: 'ROLLBACK' },
    act: (of: RuntimeActs, person = jane, signal = never) =>
      of.continueWithRollback(SERVICE, DEPLOYMENT, person, signal),
  },
];

describe.each(ACTS)('$action', ({ action, resource, input, act }) => {
  it('is sent once, in the session of the person, for this one thing', async () => {
    await act(acts());
    expect(heard('AssumeRole')).toHaveLength(1);
    const [{ input: asked, accessKeyId }] = heard('AssumeRole');
    expect(accessKeyId).toBe('AKIDMAIN');
    expect(asked).toMatchObject({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/delivery-act`,
      RoleSessionName: 'jane.doe',
      SourceIdentity: 'jane.doe',
      DurationSeconds: '900',
    });
    expect(Object.keys(asked).filter(key => /Tag|External/.test(key))).toEqual(
      [],
    );
    expect(policyOf(asked)).toEqual([
      { Effect: 'Allow', Action: `ecs:${action}`, Resource: resource },
    ]);
    expect(heard(action)).toHaveLength(1);
    expect(heard(action)[0]).toMatchObject({
      accessKeyId: 'AKID-jane.doe',
      input,
    });
    expect(setup.calls.map(call => call.operation)).toEqual(
      expect.arrayContaining(['sts.AssumeRole', `ecs.${action}`]),
    );
  });

  it('has a new session every time, also of the same person', async () => {
    const one = acts();
    await act(one);
    await act(one);
    await act(one, john);
    expect(
      heard('AssumeRole').map(({ input: asked }) => asked.SourceIdentity),
    ).toEqual(['jane.doe', 'jane.doe', 'john']);
    expect(heard(action).map(({ accessKeyId }) => accessKeyId)).toEqual([
      'AKID-jane.doe',
      'AKID-jane.doe',
      'AKID-john',
    ]);
  });

  it.each([
    ['AccessDeniedException', 400, 'not_allowed'],
    ['ServiceNotFoundException', 400, 'not_found'],
    ['ServiceDeploymentNotFoundException', 400, 'not_found'],
    ['ConflictException', 400, 'conflict'],
    ['InvalidParameterException', 400, 'invalid'],
    ['ClientException', 400, 'invalid'],
    ['ThrottlingException', 400, 'rate_limit'],
    ['ExpiredTokenException', 400, 'not_allowed'],
    ['SomethingNewException', 400, 'invalid'],
  ])('refused with %s (%i) is %s, and not tried again', async (...row) => {
    const [type, status, code] = row;
    setup.aws.answers[action] = () =>
      new Refusal(type, 'arn:evil <b>text</b>', status);
    const error: VendorRefusal = await act(acts()).then(
      () => Promise.reject(new Error('must be refused')),
      told => told,
    );
    expect(error).toBeInstanceOf(VendorRefusal);
    expect(error.code).toBe(code);
    expect(error.message).toContain('othing was done');
    expect(JSON.stringify([error.message, error.params])).not.toContain('evil');
    expect(heard(action)).toHaveLength(1);
  });

  it('that may not be done names role and permission', async () => {
    setup.aws.answers[action] = () =>
      new Refusal('AccessDeniedException', 'no', 400);
    await expect(act(acts())).rejects.toMatchObject({
      message: expect.stringMatching(
        `The role delivery-act of account ${ACCOUNT} may not call ecs:${action} on vaultex`,
      ),
      params: { role: 'delivery-act', action: `ecs:${action}` },
    });
  });

  it.each([
    ['ServerException', 500],
    ['ServiceUnavailable', 503],
  ])(
    'answered with %s: nobody knows, and nothing is sent again',
    async (type, status) => {
      setup.aws.answers[action] = () => new Refusal(type, 'busy', status);
      await expect(act(acts())).rejects.toBeInstanceOf(VendorSilence);
      expect(heard(action)).toHaveLength(1);
    },
  );

  it('given up while AWS works on it: nobody knows', async () => {
    const stopping = new AbortController();
    setup.aws.answers[action] = () => {
      stopping.abort();
      return undefined;
    };
    await expect(act(acts(), jane, stopping.signal)).rejects.toBeInstanceOf(
      VendorSilence,
    );
    expect(heard(action)).toHaveLength(1);
  });

  it('is not sent when the portal stops before', async () => {
    await expect(act(acts(), jane, AbortSignal.abort())).rejects.toBeInstanceOf(
      VendorRefusal,
    );
    expect(heard(action)).toEqual([]);
  });

  it('is not sent without the role', async () => {
    setup.aws.answers.AssumeRole = () => new Refusal('AccessDenied', 'no', 403);
    await expect(act(acts())).rejects.toMatchObject({
      name: 'VendorRefusal',
      code: 'not_allowed',
      message: expect.stringMatching(/role delivery-act .*SetSourceIdentity/),
    });
    expect(heard(action)).toEqual([]);
  });

  it('is not sent to an account that nobody named, whatever the defaults say', async () => {
    const other = config({
      accounts: [],
      accountDefaults: { roleName: 'delivery-read' },
    });
    await expect(act(acts(other))).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining(`not told of account ${ACCOUNT}`),
    });
    expect(heard('AssumeRole')).toEqual([]);
    expect(heard(action)).toEqual([]);
  });
});

describe('a session', () => {
  it('has the external id of the account', async () => {
    const from = config({
      accounts: [{ accountId: ACCOUNT, roleName: 'r', externalId: 'ours' }],
    });
    await acts(from).putTaskDefinition(SERVICE, EARLIER, jane, never);
    expect(heard('AssumeRole')[0].input.ExternalId).toBe('ours');
  });

  it('that STS does not give is a refusal: nothing was done', async () => {
    setup.aws.answers.AssumeRole = () => ({});
    await expect(
      acts().putTaskDefinition(SERVICE, EARLIER, jane, never),
    ).rejects.toMatchObject({ name: 'VendorRefusal', code: 'unreachable' });
    expect(heard('UpdateService')).toEqual([]);
  });

  it('is of the partition of the region', async () => {
    const china = { ...SERVICE, region: 'cn-north-1' };
    await acts().putTaskDefinition(
      ...([
        china,
        EARLIER.replace(`aws:ecs:${REGION}`, 'aws-cn:ecs:cn-north-1'),
      ] as const),
      ...([jane, never] as const),
    );
    expect(heard('AssumeRole')[0].input.RoleArn).toBe(
      `arn:aws-cn:iam::${ACCOUNT}:role/delivery-act`,
    );
  });
});

describe('what is asked for', () => {
  it.each([
    'vaultex',
    'arn:aws:ecs:eu-west-1:222222222222:task-definition/vaultex',
    'arn:aws:ecs:eu-west-1:999999999999:task-definition/vaultex:41',
    'arn:aws:ecs:us-east-1:222222222222:task-definition/vaultex:41',
  ])('must be one revision of the place: not %s', async wrong => {
    await expect(
      acts().putTaskDefinition(SERVICE, wrong, jane, never),
    ).rejects.toMatchObject({ code: 'invalid' });
    expect(setup.aws.heard).toEqual([]);
  });

  it.each([
    DEPLOYMENT.replace('vaultex', 'payments'),
    DEPLOYMENT.replace('production', 'staging'),
    DEPLOYMENT.replace(ACCOUNT, '999999999999'),
    `${DEPLOYMENT}/*`,
    DEPLOYMENT.replace('abc_123', '*'),
    SERVICE_ARN,
  ])('must be a deployment of the service: not %s', async wrong => {
    for (const act of ['stopWithRollback', 'continueWithRollback'] as const) {
      await expect(
        acts()[act](SERVICE, wrong, jane, never),
      ).rejects.toMatchObject({ code: 'invalid' });
    }
    expect(setup.aws.heard).toEqual([]);
  });

  it('must be a service', async () => {
    await expect(
      acts().putTaskDefinition(
        ...([{ ...SERVICE, service: '*' }, EARLIER, jane, never] as const),
      ),
    ).rejects.toMatchObject({ code: 'invalid' });
    expect(setup.aws.heard).toEqual([]);
  });

  it('never asks for the same revision anew', async () => {
    await acts().putTaskDefinition(SERVICE, EARLIER, jane, never);
    expect(heard('UpdateService')[0].input).toEqual({
      cluster: 'production',
      service: 'vaultex',
      taskDefinition: EARLIER,
    });
  });
});

describe('a paused deployment', () => {
  it.each([
    ['with a hook that went on', [{ ...hook, status: 'SUCCEEDED' }]],
    ['with a function only', [{ ...hook, targetType: 'AWS_LAMBDA' }]],
    ['without a hook', []],
  ])('%s is not continued', async (_, hooks) => {
    setup.aws.answers.DescribeServiceDeployments = () => paused(hooks);
    await expect(
      acts().continueWithRollback(SERVICE, DEPLOYMENT, jane, never),
    ).rejects.toMatchObject({ name: 'VendorRefusal', code: 'conflict' });
    expect(setup.operations()).toEqual(['DescribeServiceDeployments']);
  });

  it('that cannot be read is a refusal: nothing was done', async () => {
    setup.aws.answers.DescribeServiceDeployments = () =>
      new Refusal('AccessDeniedException', 'no');
    await expect(
      acts().continueWithRollback(SERVICE, DEPLOYMENT, jane, never),
    ).rejects.toMatchObject({
      name: 'VendorRefusal',
      message: expect.stringContaining('ecs:DescribeServiceDeployments'),
    });
    expect(heard('AssumeRole')).toEqual([]);
  });
});

describe('a task definition', () => {
  const answer = (status: string) => ({
    taskDefinition: {
      ...fixture<{ taskDefinition: Input }>('DescribeTaskDefinition')
        .taskDefinition,
      status,
    },
  });

  it.each([
    ['ACTIVE', true],
    ['INACTIVE', false],
    ['DELETE_IN_PROGRESS', false],
  ])('that is %s can be started: %s', async (status, can) => {
    setup.aws.answers.DescribeTaskDefinition = () => answer(status);
    expect(await acts().taskDefinitionIsActive(SERVICE, EARLIER, never)).toBe(
      can,
    );
    expect(setup.operations()).toEqual(['DescribeTaskDefinition']);
    expect(setup.aws.heard[0].accessKeyId).toBe('AKIDREADING');
  });

  it('that is gone cannot be started', async () => {
    setup.aws.answers.DescribeTaskDefinition = () =>
      new Refusal('ClientException', 'Unable to describe task definition.');
    expect(await acts().taskDefinitionIsActive(SERVICE, EARLIER, never)).toBe(
      false,
    );
  });

  it('that cannot be read is not called inactive', async () => {
    setup.aws.answers.DescribeTaskDefinition = () =>
      new Refusal('AccessDeniedException', 'no');
    await expect(
      acts().taskDefinitionIsActive(SERVICE, EARLIER, never),
    ).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

it('nobody acts without a role for it', () => {
  expect(setup.provider().acts).toBeUndefined();
});
