import { Portal } from '../__testUtils__/makePortal';
import { planInput, PRODUCTION, STAGING } from '../__testUtils__/planInput';

let portal: Portal;
beforeEach(async () => {
  portal = await new Portal().start();
});
afterEach(() => portal.stop());

const plan = (changes = {}, start = {}) =>
  portal.run(
    'delivery:plan',
    planInput(portal.repoUrl('shop'), changes),
    start,
  );

const role = (account: string, name: string) =>
  `arn:aws:iam::${account}:role/${name}`;

describe('delivery:plan', () => {
  it('says what is to be made, and makes nothing', async () => {
    const { outputs, error } = await plan({ slackChannel: 'deployments' });

    expect(error).toBeUndefined();
    expect(outputs).toEqual({
      repositoryExists: false,
      team: 'acme/platform',
      creator: 'dana',
      environments: [
        {
          ...STAGING,
          reviewers: [],
          branches: ['main'],
          variables: {
            AWS_ACCOUNT_ID: '222222222222',
            AWS_REGION: 'eu-west-1',
            AWS_DEPLOY_ROLE_ARN: role('222222222222', 'shop-deploy-staging'),
            AWS_SETTLE_ROLE_ARN: role('222222222222', 'shop-settle-staging'),
            ECS_CLUSTER: 'staging-main',
            ECS_SERVICE: 'shop',
            SERVICE_URL: 'https://shop.staging.acme.example',
            ECS_STRATEGY: 'ROLLING',
          },
        },
        {
          ...PRODUCTION,
          reviewers: ['user:default/cleo'],
          branches: ['main'],
          variables: {
            AWS_ACCOUNT_ID: '333333333333',
            AWS_REGION: 'eu-west-1',
            AWS_DEPLOY_ROLE_ARN: role('333333333333', 'shop-deploy-production'),
            AWS_SETTLE_ROLE_ARN: role('333333333333', 'shop-settle-production'),
            ECS_CLUSTER: 'production-main',
            ECS_SERVICE: 'shop',
            SERVICE_URL: 'https://shop.production.acme.example',
            ECS_STRATEGY: 'ROLLING',
          },
        },
      ],
      repositoryVariables: {
        AWS_BUILD_ROLE_ARN: role('111111111111', 'shop-build'),
        AWS_BUILD_ACCOUNT_ID: '111111111111',
        AWS_BUILD_REGION: 'eu-west-1',
        IMAGE_PROOF: 'attestation',
        SLACK_CHANNEL: 'deployments',
      },
      onboardingEnvironments: JSON.stringify([
        {
          name: 'staging',
          accountId: '222222222222',
          region: 'eu-west-1',
          cluster: 'staging-main',
        },
        {
          name: 'production',
          accountId: '333333333333',
          region: 'eu-west-1',
          cluster: 'production-main',
        },
      ]),
    });
    expect(portal.github.writes()).toEqual([]);
  });

  it('plans environments of the infrastructure beside those of the service', async () => {
    const { outputs } = await plan({
      template: 'worker-cdk-service',
      infrastructure: true,
    });

    const environments = outputs.environments as {
      name: string;
      approval: boolean;
      variables: Record<string, string>;
    }[];
    expect(environments.map(({ name, approval }) => [name, approval])).toEqual([
      ['staging', false],
      ['production', true],
      ['infra-staging', false],
      ['infra-production', true],
    ]);
    expect(environments[3]).toMatchObject({
      reviewers: ['user:default/cleo'],
      variables: {
        AWS_ACCOUNT_ID: '333333333333',
        AWS_REGION: 'eu-west-1',
        AWS_INFRA_ROLE_ARN: role('333333333333', 'shop-infra-production'),
      },
    });
    expect(environments[1].variables).not.toHaveProperty('SERVICE_URL');
    expect(outputs.repositoryVariables).toMatchObject({
      AWS_PLAN_ROLE_ARN_STAGING: role('222222222222', 'shop-plan-staging'),
      AWS_PLAN_ROLE_ARN_PRODUCTION: role(
        '333333333333',
        'shop-plan-production',
      ),
    });
    expect(outputs.repositoryVariables).toMatchObject({
      AWS_CHANGESET_ROLE_ARN_PRODUCTION: role(
        '333333333333',
        'shop-changeset-production',
      ),
    });
    expect(JSON.parse(outputs.onboardingEnvironments as string)).toHaveLength(
      2,
    );
  });

  it('names roles for change sets only where the CDK makes them', async () => {
    const { outputs } = await plan({
      template: 'terraform-bluegreen-service',
      infrastructure: true,
    });
    const names = Object.keys(outputs.repositoryVariables as object);
    expect(names).toContain('AWS_PLAN_ROLE_ARN_STAGING');
    expect(names.filter(name => name.includes('CHANGESET'))).toEqual([]);
  });

  it('knows the two services and the branch of the blue/green template', async () => {
    const { outputs } = await plan({ template: 'terraform-bluegreen-service' });

    const [staging, production] = outputs.environments as {
      branches: string[];
      variables: Record<string, string>;
    }[];
    expect(staging.branches).toEqual(['main', 'develop']);
    expect(production.branches).toEqual(['main']);
    expect(production.variables).toMatchObject({
      ECS_STRATEGY: 'BLUE_GREEN',
      TEST_URL: 'https://shop.production.acme.example:8443',
    });
    expect(production.variables).not.toHaveProperty('ECS_SERVICE');
  });

  it('asks for an approval wherever the pipeline does, whatever the configuration says', async () => {
    const { outputs } = await plan({
      environments: [
        STAGING,
        { ...PRODUCTION, name: 'live', tier: null, approval: false },
      ],
    });

    expect(outputs.environments).toMatchObject([
      { name: 'staging', approval: false },
      { name: 'live', approval: true, reviewers: ['user:default/cleo'] },
    ]);
  });

  it('writes the key when images are proven by signature', async () => {
    const signingKey = 'arn:aws:kms:eu-west-1:111111111111:key/1234-abcd';
    const { outputs } = await plan({ signingKey });

    expect(outputs.repositoryVariables).toMatchObject({
      IMAGE_PROOF: 'signature',
      SIGNING_KEY: signingKey,
    });
  });

  it('goes on with an empty repository that the person administers', async () => {
    portal.github.repository('shop');
    expect((await plan()).outputs.repositoryExists).toBe(true);
  });

  it('goes on with a repository that this template began for this component', async () => {
    portal.github.repository('shop').push({
      'catalog-info.yaml': `kind: Component
metadata:
  name: shop
  annotations: { delivery.platform/template: node-ecs-service@1.0.0 }
`,
    });
    expect((await plan()).outputs.repositoryExists).toBe(true);
  });

  it('gives no team of another organisation access', async () => {
    portal.entities.push({
      ...portal.entities[0],
      metadata: {
        name: 'wolf',
        annotations: { 'github.com/user-login': 'wolf' },
      },
      relations: ['dana', 'wolf'].map(() => ({
        type: 'memberOf',
        targetRef: 'group:default/elsewhere',
      })),
    });
    portal.entities[1].relations?.push({
      type: 'memberOf',
      targetRef: 'group:default/elsewhere',
    });
    const { outputs, error } = await plan({ owner: 'group:default/elsewhere' });

    expect(error).toBeUndefined();
    expect(outputs).not.toHaveProperty('team');
  });

  it('checks the values alone in a dry run without sign-in', async () => {
    const { outputs, error } = await plan({ token: '' }, { isDryRun: true });

    expect(error).toBeUndefined();
    expect(outputs.environments).toHaveLength(2);
    expect(portal.github.asked).toEqual([]);
  });
});
