import * as ecs from '@aws-sdk/client-ecs';
import { ACCOUNT, PLACE, startTestAws, TestAws } from './__testUtils__/testAws';

describe('what is changed', () => {
  let aws: TestAws;
  let client: ecs.ECSClient;
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/cicd/jane.doe`;

  beforeEach(async () => {
    aws = await startTestAws();
    const as = await aws.assume('cicd', {
      RoleSessionName: 'jane.doe',
      DurationSeconds: 43_200,
    });
    client = as.ecs;
  });
  afterEach(() => aws.stop());

  const register = async (family: string) => {
    const { taskDefinition } = await client.send(
      new ecs.RegisterTaskDefinitionCommand({
        family,
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          {
            name: family,
            image: `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/${family}@sha256:${'ab'.repeat(
              32,
            )}`,
            portMappings: [{ containerPort: 8080 }],
            dockerLabels: { commit: 'b'.repeat(40) },
            healthCheck: { command: ['CMD-SHELL', 'exit 0'] },
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  };
  const update = async (service: string, taskDefinition: string) => {
    const answer = await client.send(
      new ecs.UpdateServiceCommand({
        cluster: 'main',
        service,
        taskDefinition,
      }),
    );
    return answer.service?.currentServiceDeployment ?? '';
  };
  const deployment = async (wanted: string) => {
    const { serviceDeployments } = await client.send(
      new ecs.DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [wanted],
      }),
    );
    return serviceDeployments?.[0];
  };
  /** Time passes until the deployment says what is waited for. */
  const passUntil = async (
    wanted: string,
    done: (found: ecs.ServiceDeployment) => boolean,
  ) => {
    for (let i = 0; i < 200; i += 1) {
      const found = await deployment(wanted);
      if (found && done(found)) return found;
      aws.clock.advance(15_000);
    }
    throw new Error('it did not happen within 50 minutes');
  };

  it('rolls a new task definition out in the name of who asked', async () => {
    const taskDefinition = await register('api');
    const { taskDefinition: found } = await client.send(
      new ecs.DescribeTaskDefinitionCommand({ taskDefinition: 'api' }),
    );
    expect(found).toMatchObject({
      taskDefinitionArn: taskDefinition,
      registeredBy: arn,
      containerDefinitions: [{ dockerLabels: { commit: 'b'.repeat(40) } }],
    });
    const started = await update('api', taskDefinition);
    expect(
      aws.cloud.records.deployments.find(d => d.arn === started)?.requestedBy,
    ).toBe(arn);
    aws.clock.advance(20_000);
    const { services } = await client.send(
      new ecs.DescribeServicesCommand({ cluster: 'main', services: ['api'] }),
    );
    expect(services?.[0].deployments).toMatchObject([
      { status: 'PRIMARY', taskDefinition, rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE' },
    ]);
    await passUntil(started, ({ status }) => status === 'SUCCESSFUL');
    const { services: after } = await client.send(
      new ecs.DescribeServicesCommand({ cluster: 'main', services: ['api'] }),
    );
    const [primary] = after?.[0].deployments ?? [];
    expect(primary).toMatchObject({
      status: 'PRIMARY',
      taskDefinition,
      rolloutState: 'COMPLETED',
      runningCount: 2,
    });
  });

  it('goes on at a pause, and shows the weights of the traffic', async () => {
    const started = await update('shop', await register('shop'));
    const paused = await passUntil(started, ({ lifecycleHookDetails }) =>
      Boolean(
        lifecycleHookDetails?.some(hook => hook.status === 'AWAITING_ACTION'),
      ),
    );
    expect(paused.targetServiceRevision).toMatchObject({
      requestedProductionTrafficWeight: 0,
      requestedTestTrafficWeight: 100,
    });
    await client.send(
      new ecs.ContinueServiceDeploymentCommand({
        serviceDeploymentArn: started,
        hookId: paused.lifecycleHookDetails?.[0].hookId,
        action: 'CONTINUE',
      }),
    );
    const done = await passUntil(
      started,
      ({ status }) => status === 'SUCCESSFUL',
    );
    expect(done.targetServiceRevision?.requestedProductionTrafficWeight).toBe(
      100,
    );
  });

  it('stops a deployment and goes back', async () => {
    const before = aws.cloud.service({
      ...PLACE,
      cluster: 'main',
      service: 'api',
    }).activeRevision;
    const started = await update('api', await register('api'));
    await client.send(
      new ecs.StopServiceDeploymentCommand({ serviceDeploymentArn: started }),
    );
    const back = await passUntil(
      started,
      ({ status }) => status === 'ROLLBACK_SUCCESSFUL',
    );
    expect(back.rollback?.serviceRevisionArn).toBe(before);
    await expect(
      client.send(
        new ecs.StopServiceDeploymentCommand({ serviceDeploymentArn: 'arn:x' }),
      ),
    ).rejects.toBeInstanceOf(ecs.ServiceDeploymentNotFoundException);
  });

  it('runs a task once and shows how it ended', async () => {
    const { tasks, failures } = await client.send(
      new ecs.RunTaskCommand({
        cluster: 'main',
        taskDefinition: 'worker',
        startedBy: 'migration',
      }),
    );
    expect(failures).toEqual([]);
    const taskArn = tasks?.[0].taskArn ?? '';
    aws.clock.advance(10 * 60_000);
    const { tasks: ended } = await client.send(
      new ecs.DescribeTasksCommand({ cluster: 'main', tasks: [taskArn] }),
    );
    expect(ended).toMatchObject([
      {
        startedBy: 'migration',
        group: 'family:worker',
        lastStatus: 'STOPPED',
        containers: [{ exitCode: 0 }],
      },
    ]);
  });

  it('refuses a task definition that does not exist or was given up', async () => {
    await expect(update('api', 'api:99')).rejects.toBeInstanceOf(
      ecs.ClientException,
    );
    const gone = await register('api');
    const { taskDefinition } = await client.send(
      new ecs.DeregisterTaskDefinitionCommand({ taskDefinition: gone }),
    );
    expect(taskDefinition?.status).toBe('INACTIVE');
    await expect(update('api', gone)).rejects.toBeInstanceOf(
      ecs.ClientException,
    );
  });
});
