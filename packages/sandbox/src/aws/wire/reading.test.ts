import {
  DescribeStackResourceDrifts$,
  DescribeStackResourceDriftsCommand,
  DescribeStacks$,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeAlarms$,
  DescribeAlarmsCommand,
  GetMetricData$,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetCallerIdentity$,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import {
  ACCOUNT,
  PLACE,
  REGION,
  START,
  startTestAws,
  TestAws,
} from './__testUtils__/testAws';
import { wrongInJson, wrongInXml } from './__testUtils__/walkShape';

describe('what is read', () => {
  let aws: TestAws;
  let as: Awaited<ReturnType<TestAws['assume']>>;
  const name = { ...PLACE, cluster: 'main', service: 'api' };

  beforeAll(async () => {
    aws = await startTestAws();
    as = await aws.assume('delivery-read', { DurationSeconds: 43_200 });
  });
  afterAll(() => aws.stop());

  type Shape = typeof GetCallerIdentity$;
  /** Every member that was answered is one of the API and has its type. */
  const expectFits = (shape: Shape) => {
    const body = aws.lastBody();
    expect(
      body.startsWith('<')
        ? wrongInXml(shape[2], shape[5], body)
        : wrongInJson(shape[5], JSON.parse(body)),
    ).toEqual([]);
  };
  const service = () => aws.cloud.service(name);
  const groupArn = (group: string) =>
    aws.cloud.records.targetGroups.find(known => known.name === group)?.arn ??
    '';

  it('services, ten at a time, with what is missing as a failure', async () => {
    const answer = await as.ecs.send(
      new ecs.DescribeServicesCommand({
        cluster: 'main',
        services: ['api', 'shop', 'gone'],
        include: ['TAGS'],
      }),
    );
    expectFits(ecs.DescribeServices$);
    const [api, shop] = answer.services ?? [];
    const revision = service().activeRevision;
    expect(api).toMatchObject({
      serviceName: 'api',
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 2,
      pendingCount: 0,
      taskDefinition: service().taskDefinition,
      currentServiceDeployment: service().currentDeployment,
      currentServiceRevisions: [
        { arn: revision, requestedTaskCount: 2, runningTaskCount: 2 },
      ],
      tags: [{ key: 'team', value: 'payments & <more>' }],
      loadBalancers: [{ targetGroupArn: groupArn('api'), containerPort: 8080 }],
      deploymentConfiguration: {
        strategy: 'ROLLING',
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { alarmNames: ['api-5xx'] },
      },
    });
    expect(api.createdAt).toEqual(new Date(service().createdAt));
    expect(api.deployments).toMatchObject([
      { status: 'PRIMARY', runningCount: 2, rolloutState: 'COMPLETED' },
    ]);
    expect(shop.loadBalancers?.[0].advancedConfiguration).toMatchObject({
      alternateTargetGroupArn: groupArn('shop-green'),
    });
    expect(shop.deploymentConfiguration?.lifecycleHooks).toMatchObject([
      { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] },
    ]);
    expect(answer.failures).toEqual([
      {
        arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/main/gone`,
        reason: 'MISSING',
      },
    ]);
    await expect(
      as.ecs.send(
        new ecs.DescribeServicesCommand({
          cluster: 'main',
          services: Array.from({ length: 11 }, (_, i) => `s${i}`),
        }),
      ),
    ).rejects.toBeInstanceOf(ecs.InvalidParameterException);
  });

  it('lists of clusters, services and tags, page by page', async () => {
    const { clusterArns } = await as.ecs.send(new ecs.ListClustersCommand({}));
    expectFits(ecs.ListClusters$);
    expect(clusterArns).toHaveLength(1);
    const { clusters } = await as.ecs.send(
      new ecs.DescribeClustersCommand({ clusters: clusterArns }),
    );
    expectFits(ecs.DescribeClusters$);
    expect(clusters).toMatchObject([
      { clusterName: 'main', activeServicesCount: 3, runningTasksCount: 5 },
    ]);
    const seen: string[] = [];
    for await (const page of ecs.paginateListServices(
      { client: as.ecs },
      { cluster: 'main', maxResults: 2 },
    )) {
      expectFits(ecs.ListServices$);
      expect(page.serviceArns?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.serviceArns ?? []));
    }
    expect(seen.map(arn => arn.split('/').at(-1))).toEqual([
      'api',
      'shop',
      'worker',
    ]);
    const { tags } = await as.ecs.send(
      new ecs.ListTagsForResourceCommand({ resourceArn: seen[0] }),
    );
    expectFits(ecs.ListTagsForResource$);
    expect(tags).toEqual([{ key: 'team', value: 'payments & <more>' }]);
    await expect(
      as.ecs.send(new ecs.ListServicesCommand({ cluster: 'other' })),
    ).rejects.toBeInstanceOf(ecs.ClusterNotFoundException);
  });

  it('deployments and revisions with the digests that run', async () => {
    const { serviceDeployments } = await as.ecs.send(
      new ecs.ListServiceDeploymentsCommand({
        cluster: 'main',
        service: 'api',
        status: ['SUCCESSFUL'],
        createdAt: { after: new Date(START - 1000), before: new Date(START) },
      }),
    );
    expectFits(ecs.ListServiceDeployments$);
    expect(serviceDeployments).toMatchObject([
      {
        serviceDeploymentArn: service().currentDeployment,
        targetServiceRevisionArn: service().activeRevision,
      },
    ]);
    const described = await as.ecs.send(
      new ecs.DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [service().currentDeployment ?? '', 'arn:x'],
      }),
    );
    expectFits(ecs.DescribeServiceDeployments$);
    expect(described.serviceDeployments).toMatchObject([
      {
        status: 'SUCCESSFUL',
        targetServiceRevision: { runningTaskCount: 2 },
        alarms: { alarmNames: ['api-5xx'] },
      },
    ]);
    expect(described.failures).toEqual([{ arn: 'arn:x', reason: 'MISSING' }]);
    const { serviceRevisions } = await as.ecs.send(
      new ecs.DescribeServiceRevisionsCommand({
        serviceRevisionArns: [service().activeRevision],
      }),
    );
    expectFits(ecs.DescribeServiceRevisions$);
    expect(serviceRevisions).toMatchObject([
      {
        taskDefinition: service().taskDefinition,
        containerImages: [
          { containerName: 'api', imageDigest: `sha256:${'ab'.repeat(32)}` },
        ],
        resolvedConfiguration: {
          loadBalancers: [{ targetGroupArn: groupArn('api') }],
        },
      },
    ]);
  });

  it('task definitions by family, revision and ARN', async () => {
    for (const taskDefinition of ['api', 'api:1', service().taskDefinition]) {
      const { taskDefinition: found } = await as.ecs.send(
        new ecs.DescribeTaskDefinitionCommand({
          taskDefinition,
          include: ['TAGS'],
        }),
      );
      expectFits(ecs.DescribeTaskDefinition$);
      expect(found).toMatchObject({
        taskDefinitionArn: service().taskDefinition,
        revision: 1,
        status: 'ACTIVE',
        containerDefinitions: [
          {
            name: 'api',
            dockerLabels: {
              'org.opencontainers.image.revision': 'a'.repeat(40),
            },
          },
        ],
      });
    }
    const { taskDefinitionArns } = await as.ecs.send(
      new ecs.ListTaskDefinitionsCommand({ familyPrefix: 'api' }),
    );
    expectFits(ecs.ListTaskDefinitions$);
    expect(taskDefinitionArns).toEqual([service().taskDefinition]);
    await expect(
      as.ecs.send(
        new ecs.DescribeTaskDefinitionCommand({ taskDefinition: 'none:7' }),
      ),
    ).rejects.toBeInstanceOf(ecs.ClientException);
  });

  it('tasks of a service', async () => {
    const { taskArns = [] } = await as.ecs.send(
      new ecs.ListTasksCommand({ cluster: 'main', serviceName: 'api' }),
    );
    expectFits(ecs.ListTasks$);
    expect(taskArns).toHaveLength(2);
    const { tasks, failures } = await as.ecs.send(
      new ecs.DescribeTasksCommand({
        cluster: 'main',
        tasks: [...taskArns, 'f'.repeat(32)],
      }),
    );
    expectFits(ecs.DescribeTasks$);
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    const records = aws.cloud.records.tasks.filter(t => t.service === 'api');
    expect(tasks).toHaveLength(2);
    for (const task of tasks ?? []) {
      const record = records.find(({ arn }) => arn === task.taskArn);
      expect(task).toMatchObject({
        group: 'service:api',
        lastStatus: 'RUNNING',
        healthStatus: 'HEALTHY',
        startedBy: record?.startedBy,
        containers: [{ name: 'api', imageDigest: record?.digest }],
      });
      expect(task.attachments?.[0].details).toEqual([
        { name: 'privateIPv4Address', value: record?.privateIp },
      ]);
    }
  });

  it('target groups, targets, balancers, listeners and rules', async () => {
    const TargetGroupArn = groupArn('api');
    const { TargetGroups } = await as.elb.send(
      new elb.DescribeTargetGroupsCommand({
        TargetGroupArns: [TargetGroupArn],
      }),
    );
    expectFits(elb.DescribeTargetGroups$);
    expect(TargetGroups).toMatchObject([
      { TargetGroupName: 'api', Port: 8080, HealthCheckPath: '/health' },
    ]);
    const { TargetHealthDescriptions } = await as.elb.send(
      new elb.DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    expectFits(elb.DescribeTargetHealth$);
    expect(TargetHealthDescriptions?.map(t => t.TargetHealth?.State)).toEqual([
      'healthy',
      'healthy',
    ]);
    const { LoadBalancers } = await as.elb.send(
      new elb.DescribeLoadBalancersCommand({
        LoadBalancerArns: TargetGroups?.[0].LoadBalancerArns,
      }),
    );
    expectFits(elb.DescribeLoadBalancers$);
    expect(LoadBalancers).toMatchObject([{ State: { Code: 'active' } }]);
    const { Listeners } = await as.elb.send(
      new elb.DescribeListenersCommand({
        LoadBalancerArn: LoadBalancers?.[0].LoadBalancerArn,
      }),
    );
    expectFits(elb.DescribeListeners$);
    const { Rules } = await as.elb.send(
      new elb.DescribeRulesCommand({
        ListenerArn: Listeners?.[0].ListenerArn,
      }),
    );
    expectFits(elb.DescribeRules$);
    expect(Rules?.[0].Actions?.[0].ForwardConfig?.TargetGroups).toEqual([
      { TargetGroupArn, Weight: 100 },
    ]);
    await expect(
      as.elb.send(new elb.DescribeTargetGroupsCommand({ Names: ['none'] })),
    ).rejects.toBeInstanceOf(elb.TargetGroupNotFoundException);
  });

  it('images and repositories', async () => {
    const { imageDetails } = await as.ecr.send(
      new ecr.DescribeImagesCommand({
        repositoryName: 'shop',
        registryId: ACCOUNT,
        imageIds: [{ imageTag: 'v2' }],
      }),
    );
    expectFits(ecr.DescribeImages$);
    expect(imageDetails).toMatchObject([
      { imageTags: ['v1', 'v2'], imageDigest: `sha256:${'ab'.repeat(32)}` },
    ]);
    const { imageIds } = await as.ecr.send(
      new ecr.ListImagesCommand({ repositoryName: 'shop' }),
    );
    expectFits(ecr.ListImages$);
    expect(imageIds?.map(({ imageTag }) => imageTag)).toEqual(['v1', 'v2']);
    const { repositories } = await as.ecr.send(
      new ecr.DescribeRepositoriesCommand({}),
    );
    expectFits(ecr.DescribeRepositories$);
    expect(repositories?.map(r => r.repositoryName)).toEqual([
      'api',
      'shop',
      'worker',
    ]);
    await expect(
      as.ecr.send(
        new ecr.DescribeImagesCommand({
          repositoryName: 'shop',
          imageIds: [{ imageTag: 'v9' }],
        }),
      ),
    ).rejects.toBeInstanceOf(ecr.ImageNotFoundException);
    await expect(
      as.ecr.send(new ecr.DescribeImagesCommand({ repositoryName: 'none' })),
    ).rejects.toBeInstanceOf(ecr.RepositoryNotFoundException);
  });

  it('alarms, and metrics that agree with them', async () => {
    const errors = async () => {
      const { MetricDataResults } = await as.cloudwatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(aws.clock.now() - 600_000),
          EndTime: new Date(aws.clock.now()),
          MetricDataQueries: [
            'HTTPCode_Target_5XX_Count',
            'HealthyHostCount',
          ].map((MetricName, i) => ({
            Id: `m${i}`,
            MetricStat: {
              Metric: {
                Namespace: 'AWS/ApplicationELB',
                MetricName,
                Dimensions: [
                  {
                    Name: 'TargetGroup',
                    Value: groupArn('api').split(':').at(-1),
                  },
                ],
              },
              Period: 60,
              Stat: 'Sum',
            },
          })),
        }),
      );
      expectFits(GetMetricData$);
      return MetricDataResults?.map(({ Values }) => Values?.at(0));
    };
    aws.clock.advance(600_000);
    const [calm, hosts] = (await errors()) ?? [];
    expect(calm).toBeLessThan(10);
    expect(hosts).toBe(2);
    expect((await errors())?.[0]).toBe(calm);
    aws.cloud.setAlarm(PLACE, 'api-5xx', 'ALARM');
    const { MetricAlarms } = await as.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ['api-5xx', 'none'] }),
    );
    expectFits(DescribeAlarms$);
    expect(MetricAlarms).toMatchObject([
      { AlarmName: 'api-5xx', StateValue: 'ALARM', Threshold: 10 },
    ]);
    aws.clock.advance(120_000);
    expect((await errors())?.[0]).toBeGreaterThan(10);
    aws.cloud.setAlarm(PLACE, 'api-5xx', 'OK');
  });

  it('stacks with outputs and drift', async () => {
    const { Stacks } = await as.cloudformation.send(
      new DescribeStacksCommand({ StackName: 'network' }),
    );
    expectFits(DescribeStacks$);
    expect(Stacks).toMatchObject([
      {
        Outputs: [
          { OutputKey: 'ClusterName', OutputValue: 'main' },
          { OutputKey: 'Note', OutputValue: '"5 < 6" & more' },
        ],
        DriftInformation: {
          StackDriftStatus: 'DRIFTED',
          LastCheckTimestamp: new Date(START - 500),
        },
      },
    ]);
    const { StackResourceDrifts } = await as.cloudformation.send(
      new DescribeStackResourceDriftsCommand({ StackName: 'network' }),
    );
    expectFits(DescribeStackResourceDrifts$);
    expect(StackResourceDrifts).toHaveLength(2);
    await expect(
      as.cloudformation.send(new DescribeStacksCommand({ StackName: 'none' })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id none does not exist',
    });
  });

  it('who calls', async () => {
    const { Arn, Account } = await as.sts.send(
      new GetCallerIdentityCommand({}),
    );
    expectFits(GetCallerIdentity$);
    expect({ Arn, Account }).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/delivery-read/backstage`,
      Account: ACCOUNT,
    });
  });
});
