import type { RuntimeRef } from 'backstage-plugin-delivery-common';
import type { Input } from './__testUtils__/fakeAws';
import {
  ACCOUNT,
  AT,
  CLUSTER,
  fixture,
  never,
  REGION,
  useAws,
} from './__testUtils__/setup';

const setup = useAws();

describe('deployments and revisions', () => {
  const ref: RuntimeRef = { ...CLUSTER, provider: 'ecs', service: 'vaultex' };
  const body = fixture<{ serviceDeployments: Input[] }>(
    'DescribeServiceDeployments',
  );
  const [raw] = body.serviceDeployments;
  const key = String(raw.serviceDeploymentArn);

  it('tell traffic, hooks, monitors and the rollback', async () => {
    setup.aws.answers.DescribeServiceDeployments = () => body;
    const [fact] = await setup
      .provider()
      .readDeployments(CLUSTER, [key], never);
    expect(fact).toMatchObject({
      deploymentKey: key,
      runtimeKey: `ecs/${ACCOUNT}/${REGION}/production/vaultex`,
      status: 'in_progress',
      rawStatus: 'IN_PROGRESS',
      stage: 'POST_TEST_TRAFFIC_SHIFT',
      target: { testTraffic: 100, productionTraffic: 10, running: 2 },
      sources: [{ productionTraffic: 90 }],
      circuitBreaker: { state: 'monitoring', failures: 1, threshold: 3 },
      alarms: { state: 'triggered', triggered: ['vaultex-5xx'] },
      rollback: { startedAt: 1795169980000 },
      hooks: [
        {
          id: 'hook-1',
          type: 'PAUSE',
          state: 'AWAITING_ACTION',
          stage: 'POST_TEST_TRAFFIC_SHIFT',
          expiresAt: 1795173600000,
        },
        { id: 'hook-0', state: 'SUCCEEDED', stage: undefined },
      ],
    });
  });

  it.each([
    ['PENDING', 'pending'],
    ['IN_PROGRESS', 'in_progress'],
    ['SUCCESSFUL', 'succeeded'],
    ['STOP_REQUESTED', 'stopping'],
    ['STOPPED', 'stopped'],
    ['ROLLBACK_REQUESTED', 'rolling_back'],
    ['ROLLBACK_IN_PROGRESS', 'rolling_back'],
    ['ROLLBACK_SUCCESSFUL', 'rolled_back'],
    ['ROLLBACK_FAILED', 'rollback_failed'],
    ['SUCCESSFUL_ISH', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s', async (status, expected) => {
    setup.aws.answers.DescribeServiceDeployments = () => ({
      serviceDeployments: [{ ...raw, status }],
    });
    const [fact] = await setup
      .provider()
      .readDeployments(CLUSTER, [key], never);
    expect([fact.status, fact.rawStatus]).toEqual([expected, status]);
  });

  it('of another account or that were not asked for are not believed', async () => {
    const foreign = key.replace(ACCOUNT, '333333333333');
    setup.aws.answers.DescribeServiceDeployments = () => ({
      serviceDeployments: [
        raw,
        {
          ...raw,
          serviceDeploymentArn: foreign,
          serviceArn: String(raw.serviceArn).replace(ACCOUNT, '333333333333'),
        },
      ],
    });
    const provider = setup.provider();
    expect(await provider.readDeployments(CLUSTER, [foreign], never)).toEqual(
      [],
    );
    expect(
      await provider.readDeployments(CLUSTER, [key, foreign], never),
    ).toHaveLength(1);
  });

  it('are asked for twenty at a time, newest first', async () => {
    const arns = Array.from({ length: 41 }, (_, i) => `${key}${i}`);
    setup.aws.answers.DescribeServiceDeployments = ({
      serviceDeploymentArns,
    }) => ({
      serviceDeployments: (serviceDeploymentArns as string[])
        .map(serviceDeploymentArn => ({ ...raw, serviceDeploymentArn }))
        .reverse(),
    });
    const provider = setup.provider();
    const facts = await provider.readDeployments(CLUSTER, arns, never);
    expect(facts.map(({ deploymentKey }) => deploymentKey)).toEqual(arns);
    expect(setup.calls).toHaveLength(3);
    setup.aws.answers.ListServiceDeployments = ({ nextToken }) => ({
      serviceDeployments: [
        {
          serviceDeploymentArn: nextToken ? `${key}old` : `${key}new`,
          createdAt: nextToken ? 1 : 1795170000,
        },
      ],
      nextToken: nextToken ? undefined : 'more',
    });
    expect(await provider.listDeployments(ref, AT - 86_400_000, never)).toEqual(
      [`${key}new`, `${key}old`],
    );
    expect(setup.aws.heard[3].input).toMatchObject({
      service: 'vaultex',
      createdAt: { after: (AT - 86_400_000) / 1000 },
      maxResults: 100,
    });
  });

  it('tell the digest ECS resolved and the live target group', async () => {
    const revisions = fixture<{ serviceRevisions: Input[] }>(
      'DescribeServiceRevisions',
    );
    setup.aws.answers.DescribeServiceRevisions = () => revisions;
    const arn = String(revisions.serviceRevisions[0].serviceRevisionArn);
    const [fact] = await setup.provider().readRevisions(CLUSTER, [arn], never);
    expect(fact).toMatchObject({
      revisionKey: arn,
      taskDefinition: expect.stringContaining('vaultex:41'),
      images: [{ container: 'app', digest: `sha256:${'a'.repeat(64)}` }],
      targetGroups: [expect.stringContaining('vaultex-green')],
    });
  });

  it('a task definition tells no environment and no secrets', async () => {
    setup.aws.answers.DescribeTaskDefinition = () =>
      fixture('DescribeTaskDefinition');
    const fact = await setup
      .provider()
      .readTaskDefinition(CLUSTER, 'vaultex:41', never);
    expect(fact).toMatchObject({
      status: 'inactive',
      registeredBy: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/run-17`,
      containers: [
        {
          name: 'app',
          essential: true,
          healthCheck: true,
          labels: { 'org.opencontainers.image.revision': 'c'.repeat(40) },
        },
        { name: 'log-router', essential: false, healthCheck: false },
      ],
    });
    expect(JSON.stringify(fact)).not.toContain('canary-secret');
  });
});
