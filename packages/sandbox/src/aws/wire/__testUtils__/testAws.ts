import { createServer } from 'http';
import { AddressInfo } from 'net';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createAwsCloud, SandboxAws } from '../..';
import { HandClock } from '../../../engine/HandClock';
import { createAws } from '../createAws';

export const ACCOUNT = '444444444444';
export const REGION = 'eu-west-1';
export const PLACE = { accountId: ACCOUNT, region: REGION };
export const START = Date.UTC(2026, 10, 20, 9);
const DIGEST = `sha256:${'ab'.repeat(32)}`;

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export const PORTAL: Keys = {
  accessKeyId: 'AKIASANDBOXPORTAL',
  secretAccessKey: 'sandbox-portal-secret',
};

/** A service behind a balancer, one that shifts traffic, and a worker; in one account. */
function fill(cloud: SandboxAws): void {
  cloud.records.accounts.push({
    id: ACCOUNT,
    name: 'production',
    roles: ['delivery-read', 'delivery-act', 'cicd'],
  });
  const common = {
    ...PLACE,
    cluster: 'main',
    desiredCount: 2,
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/cicd/seed`,
    healthCheck: 'curl -f http://localhost/ || exit 1',
  };
  cloud.seedService({
    ...common,
    service: 'api',
    container: 'api',
    port: 8080,
    image: { repository: 'api', digest: DIGEST, tags: ['sha-1'] },
    labels: { 'org.opencontainers.image.revision': 'a'.repeat(40) },
    tags: { team: 'payments & <more>' },
    circuitBreaker: { enable: true, rollback: true },
    alarms: {
      items: [
        { name: 'api-5xx', metric: 'HTTPCode_Target_5XX_Count', threshold: 10 },
      ],
      rollback: true,
    },
  });
  cloud.seedService({
    ...common,
    service: 'shop',
    container: 'shop',
    port: 80,
    strategy: 'BLUE_GREEN',
    bakeMinutes: 5,
    pauseAt: 'POST_TEST_TRAFFIC_SHIFT',
    image: { repository: 'shop', digest: DIGEST, tags: ['v1', 'v2'] },
  });
  cloud.seedService({
    ...common,
    service: 'worker',
    container: 'worker',
    port: null,
    desiredCount: 1,
    image: { repository: 'worker', digest: DIGEST, tags: [] },
  });
  cloud.records.stacks.push({
    ...PLACE,
    name: 'network',
    id: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/network/1`,
    createdAt: START - 1000,
    outputs: { ClusterName: 'main', Note: '"5 < 6" & more' },
    drift: { status: 'DRIFTED', resources: 2, checkedAt: START - 500 },
  });
}

/** All of AWS on a free port with its real clients. Speed 1: times are real-world ones, moved by hand. */
export async function startTestAws() {
  const clock = new HandClock(START);
  let saves = 0;
  const changed = () => {
    saves += 1;
  };
  const cloud = createAwsCloud({ clock, speed: 1, seed: 'wire', changed });
  fill(cloud);
  const { app, counters } = createAws({ cloud, clock, changed });
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    const end = res.end.bind(res);
    res.end = ((chunk: unknown, ...rest: []) => {
      bodies.push(String(chunk));
      return end(chunk, ...rest);
    }) as typeof res.end;
    app(req, res);
  });
  await new Promise<void>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve()),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = (credentials: Keys) => {
    const options = {
      endpoint: url,
      region: REGION,
      credentials,
      maxAttempts: 1,
    };
    return {
      ecs: new ECSClient(options),
      sts: new STSClient(options),
      elb: new ElasticLoadBalancingV2Client(options),
      ecr: new ECRClient(options),
      cloudwatch: new CloudWatchClient(options),
      cloudformation: new CloudFormationClient(options),
    };
  };
  const assume = async (
    role: string,
    more: Partial<AssumeRoleCommand['input']> = {},
  ) => {
    const { Credentials } = await clients(PORTAL).sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        RoleSessionName: 'backstage',
        ...more,
      }),
    );
    const keys: Keys = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    };
    return { keys, ...clients(keys) };
  };
  return {
    url,
    clock,
    cloud,
    counters,
    clients,
    assume,
    saves: () => saves,
    /** What was answered last, as it went over the wire. */
    lastBody: () => bodies.at(-1) ?? '',
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type TestAws = Awaited<ReturnType<typeof startTestAws>>;
