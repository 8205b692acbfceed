import { createSign, generateKeyPairSync } from 'crypto';
import {
  DescribeServicesCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { putRole } from '../iam/roles';
import {
  ACCOUNT,
  PORTAL,
  REGION,
  START,
  startTestAws,
  TestAws,
} from './__testUtils__/testAws';

const HOST = 'token.actions.githubusercontent.com';
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
});
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const WORKFLOW = 'acme/platform-workflows/.github/workflows/ecs-deploy.yml@abc';

const CLAIMS = {
  iss: `https://${HOST}`,
  aud: 'sts.amazonaws.com',
  sub: 'repo:acme@7/shop@9:environment:production',
  repository_id: '9',
  job_workflow_ref: WORKFLOW,
  iat: START / 1000,
  exp: START / 1000 + 300,
};

function token(claims: object = {}, key = privateKey, kid = 'one'): string {
  const part = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT', kid })}.${part({
    ...CLAIMS,
    ...claims,
  })}`;
  const signature = createSign('RSA-SHA256').update(signed).sign(key);
  return `${signed}.${signature.toString('base64url')}`;
}

describe('a role for who shows a token of GitHub', () => {
  let aws: TestAws;

  beforeEach(async () => {
    aws = await startTestAws();
    const { n = '', e = '', kty = '' } = publicKey.export({ format: 'jwk' });
    aws.cloud.records.identityProviders = [
      {
        host: HOST,
        audiences: ['sts.amazonaws.com'],
        keys: [{ kid: 'one', alg: 'RS256', kty, n, e }],
      },
    ];
    putRole(aws.cloud.records, {
      accountId: ACCOUNT,
      name: 'shop-deploy-production',
      createdAt: START,
      tags: {},
      trust: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: {
            Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${HOST}`,
          },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${HOST}:aud`]: 'sts.amazonaws.com',
              [`${HOST}:sub`]: CLAIMS.sub,
              [`${HOST}:repository_id`]: '9',
              [`${HOST}:job_workflow_ref`]: [WORKFLOW, `${WORKFLOW}2`],
            },
          },
        },
      }),
      policy: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
          Resource: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/main/shop`,
        },
      }),
    });
  });
  afterEach(() => aws.stop());

  /** No keys at all: the client must not sign. */
  const anonymous = () =>
    new STSClient({ endpoint: aws.url, region: REGION, maxAttempts: 1 });
  const exchange = (
    WebIdentityToken: string,
    role = 'shop-deploy-production',
  ) =>
    anonymous().send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        RoleSessionName: 'gha-1-1',
        WebIdentityToken,
      }),
    );

  it('gives credentials that go as far as the policy of the role', async () => {
    const answer = await exchange(token());
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: CLAIMS.sub,
      Audience: 'sts.amazonaws.com',
    });
    const { AccessKeyId, SecretAccessKey, SessionToken } =
      answer.Credentials ?? {};
    const as = aws.clients({
      accessKeyId: AccessKeyId ?? '',
      secretAccessKey: SecretAccessKey ?? '',
      sessionToken: SessionToken,
    });
    await expect(
      as.sts.send(new GetCallerIdentityCommand({})),
    ).resolves.toMatchObject({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/shop-deploy-production/gha-1-1`,
    });
    const describeService = (service: string) =>
      as.ecs.send(
        new DescribeServicesCommand({ cluster: 'main', services: [service] }),
      );
    expect((await describeService('shop')).services).toHaveLength(1);
    await expect(describeService('api')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(
      as.ecs.send(
        new UpdateServiceCommand({ cluster: 'main', service: 'api' }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it.each([
    ['of another environment', { sub: 'repo:acme@7/shop@9:environment:qa' }],
    ['of a branch', { sub: 'repo:acme@7/shop@9:ref:refs/heads/main' }],
    ['of a pull request', { sub: 'repo:acme@7/shop@9:pull_request' }],
    ['with names only', { sub: 'repo:acme/shop:environment:production' }],
    ['of another repository with the name', { repository_id: '10' }],
    ['of another workflow', { job_workflow_ref: `${WORKFLOW}3` }],
    ['of no reusable workflow', { job_workflow_ref: undefined }],
  ])('is closed to a job %s', async (_what, claims) => {
    await expect(exchange(token(claims))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      $metadata: { httpStatusCode: 403 },
    });
    expect(aws.cloud.records.sessions).toEqual([]);
  });

  it('does not tell a role that is not there from one that is closed', async () => {
    for (const role of ['shop-deploy-nowhere', 'delivery-read']) {
      await expect(exchange(token(), role)).rejects.toMatchObject({
        name: 'AccessDenied',
        message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      });
    }
  });

  it.each([
    ['signed by somebody else', () => token({}, stranger.privateKey)],
    ['with an unknown key', () => token({}, privateKey, 'two')],
    ['of another issuer', () => token({ iss: 'https://evil.example' })],
    ['for another audience', () => token({ aud: 'api://else' })],
    [
      'changed afterwards',
      () =>
        token().replace(/\.([^.]+)\./, (_all, body) => {
          const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
          const changed = { ...claims, repository_id: '9', extra: 1 };
          return `.${Buffer.from(JSON.stringify(changed)).toString(
            'base64url',
          )}.`;
        }),
    ],
    ['that is none', () => 'not.a.token'],
  ])('refuses a token %s', async (_what, make) => {
    await expect(exchange(make())).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    });
  });

  it('refuses a token after its time', async () => {
    const late = token();
    aws.clock.advance(301_000);
    await expect(exchange(late)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
  });

  it('cannot be assumed by the portal, and unsigned calls open nothing else', async () => {
    await expect(aws.assume('shop-deploy-production')).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    expect(aws.clients(PORTAL)).toBeDefined();
    const answer = await fetch(aws.url, {
      method: 'POST',
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('MissingAuthenticationToken');
  });

  it('is closed while the account refuses everything', async () => {
    aws.cloud.records.faults.push({
      accountId: ACCOUNT,
      kind: 'access-denied',
      until: null,
    });
    await expect(exchange(token())).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
