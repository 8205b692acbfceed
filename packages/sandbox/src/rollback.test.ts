import * as ecs from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Octokit } from '@octokit/rest';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { HandClock } from './engine';
import { Sandbox, startSandbox } from './index';

const PRODUCTION = '444444444444';
const REPO = { owner: 'vaultex', repo: 'vaultex' };
const SERVICE = { cluster: 'vaultex', service: 'vaultex-api' };
const SERVICE_ARN = `arn:aws:ecs:eu-west-1:${PRODUCTION}:service/vaultex/vaultex-api`;
const HOUR = 3_600_000;

/** As the portal goes: real clients, over the wire, each person with a token of the App. */
describe('going back in production', () => {
  const clock = new HandClock(Date.UTC(2026, 10, 20, 9));
  let dataDir: string;
  let sandbox: Sandbox;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'rollback-'));
    sandbox = await startSandbox({
      dataDir,
      clock,
      port: 0,
      awsPort: 0,
      webhookUrl: 'http://127.0.0.1:9/',
      history: false,
    });
  }, 60_000);
  afterAll(async () => {
    await sandbox?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const control = async (path: string, body?: object) => {
    const answer = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    return answer.json();
  };
  const as = async (user: string) => {
    const { token } = await control('/user-token', { user });
    const baseUrl = `${sandbox.url}/api/v3`;
    return new Octokit({
      baseUrl,
      auth: token,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      retry: { enabled: false },
    });
  };
  const session = async (role: string, more: object = {}) => {
    const options = { endpoint: sandbox.aws.url, region: 'eu-west-1' };
    const sts = new STSClient({
      ...options,
      credentials: {
        accessKeyId: 'AKIASANDBOXPORTAL',
        secretAccessKey: 'sandbox-portal-secret',
      },
    });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${PRODUCTION}:role/${role}`,
        RoleSessionName: 'portal',
        ...more,
      }),
    );
    return new ecs.ECSClient({
      ...options,
      maxAttempts: 1,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken,
      },
    });
  };
  const running = async () => {
    const client = await session('delivery-read');
    const { services } = await client.send(
      new ecs.DescribeServicesCommand({
        cluster: SERVICE.cluster,
        services: [SERVICE.service],
      }),
    );
    return services?.[0].taskDefinition ?? '';
  };
  const release = async () => {
    await control('/push', { target: 'vaultex-api' });
    clock.advance(HOUR);
    await control('/approve', { target: 'vaultex-api', user: 'cleo' });
    clock.advance(HOUR);
  };

  it('by rollback.yml: asked for by one person, let through by another', async () => {
    const target = await running();
    await release();
    expect(await running()).not.toBe(target);
    const [ravi, cleo] = [await as('ravi'), await as('cleo')];
    const { data } = await ravi.request(
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      {
        ...REPO,
        workflow_id: 'rollback.yml',
        ref: 'main',
        inputs: {
          environment: 'production',
          service: 'vaultex-api',
          'task-definition': target,
          reason: 'Payments are slow',
        },
        return_run_details: true,
      },
    );
    const { workflow_run_id: run_id } = data as { workflow_run_id: number };
    clock.advance(HOUR);
    const run = { ...REPO, run_id };
    const [gate] = (await cleo.rest.actions.getPendingDeploymentsForRun(run))
      .data;
    expect(gate).toMatchObject({
      environment: { name: 'production' },
      current_user_can_approve: true,
    });
    const review = (by: Octokit) =>
      by.rest.actions.reviewPendingDeploymentsForRun({
        ...run,
        environment_ids: [gate.environment.id ?? 0],
        state: 'approved',
        comment: 'Yes, back',
      });
    await expect(review(ravi)).rejects.toMatchObject({ status: 422 });
    expect(await running()).not.toBe(target);
    expect((await review(cleo)).data).toMatchObject([
      { environment: 'production' },
    ]);
    clock.advance(HOUR);
    expect((await ravi.rest.actions.getWorkflowRun(run)).data).toMatchObject({
      conclusion: 'success',
      actor: { login: 'ravi' },
    });
    expect(await running()).toBe(target);
  }, 30_000);

  it('in an emergency by a session that may do this one thing, and is known', async () => {
    const target = await running();
    await release();
    const client = await session('delivery-act', {
      RoleSessionName: 'cleo',
      SourceIdentity: 'cleo',
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'ecs:UpdateService',
            Resource: SERVICE_ARN,
          },
        ],
      }),
    });
    const update = (service: string) =>
      client.send(
        new ecs.UpdateServiceCommand({
          cluster: SERVICE.cluster,
          service,
          taskDefinition: target,
        }),
      );
    await expect(update('vaultex-ledger')).rejects.toBeInstanceOf(
      ecs.AccessDeniedException,
    );
    await update('vaultex-api');
    clock.advance(HOUR);
    expect(await running()).toBe(target);
    const [mine] = await control('/aws-sessions?role=delivery-act');
    expect(mine).toMatchObject({
      accountId: PRODUCTION,
      sessionName: 'cleo',
      sourceIdentity: 'cleo',
      acts: [
        { operation: 'ecs:UpdateService', outcome: 'AccessDeniedException' },
        {
          operation: 'ecs:UpdateService',
          resource: SERVICE_ARN,
          outcome: 'ok',
        },
      ],
    });
  }, 30_000);

  it('by nobody who gives no name', async () => {
    await expect(session('delivery-act')).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
