import { Aws, CfnCondition, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { databaseName } from './database.ts';
import { visibilityTimeout, type WorkQueues } from './queues.ts';
import { imageParameterOf, type Settings } from './settings.ts';

export interface WorkerServiceOptions {
  readonly settings: Settings;
  readonly vpc: IVpc;
  readonly queues: WorkQueues;
  readonly database: DatabaseInstance;
}

/**
 * A stack begins before the first image is built, with an image of the platform. That one has no /app/src: it waits and
 * counts as healthy. Every image of this service has /app/src and must do its work.
 */
const startCommand = '[ -d /app/src ] || exec sleep infinity; exec node /app/src/main.js';
const healthCommand = '[ ! -d /app/src ] || node /app/healthcheck.js';

const clusterOf = (scope: Construct, { vpc, settings }: WorkerServiceOptions): ecs.ICluster =>
  settings.cluster === undefined
    ? new ecs.Cluster(scope, 'Cluster', {
        vpc,
        clusterName: `${settings.service}-${settings.environment}`,
      })
    : ecs.Cluster.fromClusterAttributes(scope, 'Cluster', {
        clusterName: settings.cluster,
        vpc,
      });

/** The platform made the roles when the service was created: the pipeline may pass these to tasks and no others. */
const roleOf = (
  scope: Construct,
  { service, environment }: Settings,
  use: 'task' | 'execution',
) => Role.fromRoleName(scope, `${use}-role`, `${service}-${use}-${environment}`, {
    // The execution role can all it needs; what the worker itself may do is this stack's matter.
    mutable: use === 'task',
  });

function createTaskDefinition(scope: Construct, options: WorkerServiceOptions, image: string) {
  const { settings, queues, database } = options;
  const { secret } = database;
  if (secret === undefined) throw new Error('The database has no generated secret.');
  const definition = new ecs.FargateTaskDefinition(scope, 'Task', {
    family: settings.service,
    taskRole: roleOf(scope, settings, 'task'),
    executionRole: roleOf(scope, settings, 'execution'),
    cpu: 256,
    memoryLimitMiB: 512,
  });
  queues.queue.grantConsumeMessages(definition.taskRole);
  definition.addContainer(settings.service, {
    containerName: settings.service,
    image: ecs.ContainerImage.fromRegistry(image),
    command: ['sh', '-c', startCommand],
    user: 'node',
    readonlyRootFilesystem: true,
    linuxParameters: new ecs.LinuxParameters(scope, 'Linux', { initProcessEnabled: true }),
    // SIGTERM first: the message in hand gets this long. Fargate's most.
    stopTimeout: Duration.seconds(120),
    environment: {
      QUEUE_URL: queues.queue.queueUrl,
      VISIBILITY_SECONDS: String(visibilityTimeout.toSeconds()),
      PGHOST: database.dbInstanceEndpointAddress,
      PGPORT: database.dbInstanceEndpointPort,
      PGDATABASE: databaseName,
      DATABASE_TLS: 'rds',
    },
    secrets: {
      PGUSER: ecs.Secret.fromSecretsManager(secret, 'username'),
      PGPASSWORD: ecs.Secret.fromSecretsManager(secret, 'password'),
    },
    healthCheck: {
      command: ['CMD-SHELL', healthCommand],
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      retries: 3,
      startPeriod: Duration.seconds(20),
    },
    logging: ecs.LogDrivers.awsLogs({
      streamPrefix: settings.service,
      logGroup: new LogGroup(scope, 'Logs', {
        logGroupName: `/ecs/${settings.service}-${settings.environment}`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.RETAIN,
      }),
    }),
  });
  return definition;
}

/**
 * The app's deployments make their revisions from the one recorded in this tag. When the stack makes a newer one (same
 * image, say more memory), that is the one to go on from. Not while the platform's image runs: then nothing is recorded, so
 * that the app's first deployment is known to be the first.
 */
function recordRevision(service: ecs.FargateService, { registry, ...settings }: Settings, image: string) {
  const repository = `${registry.account}.dkr.ecr.${registry.region}.amazonaws.com/${settings.service}`;
  const own = new CfnCondition(service, 'RunsOwnImage', {
    expression: Fn.conditionEquals(Fn.select(0, Fn.split('@', image)), repository),
  });
  const resource = service.node.defaultChild as ecs.CfnService;
  resource.addPropertyOverride('Tags', [
    { Key: 'delivery.platform/entity', Value: settings.entity },
    Fn.conditionIf(
      own.logicalId,
      { Key: 'delivery.platform/verified', Value: service.taskDefinition.taskDefinitionArn },
      Aws.NO_VALUE,
    ),
  ]);
}

/** The Fargate service, without a load balancer: its health is the container's, its success the queue's. */
export function createWorkerService(scope: Construct, options: WorkerServiceOptions) {
  const { settings, vpc, queues, database } = options;
  const securityGroup = new SecurityGroup(scope, 'WorkerSecurityGroup', {
    vpc,
    description: `Tasks of ${settings.service}: out only`,
  });
  database.connections.allowDefaultPortFrom(securityGroup, 'The worker');
  // Read when the stack is deployed: the stack always brings the image that runs already.
  const image = StringParameter.valueForStringParameter(scope, imageParameterOf(settings));
  const service = new ecs.FargateService(scope, 'Service', {
    serviceName: settings.service,
    cluster: clusterOf(scope, options),
    taskDefinition: createTaskDefinition(scope, options, image),
    desiredCount: settings.production ? 2 : 1,
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    assignPublicIp: false,
    vpcSubnets: { subnets: vpc.privateSubnets },
    securityGroups: [securityGroup],
    circuitBreaker: { enable: true, rollback: true },
    deploymentAlarms: {
      alarmNames: queues.alarms.map((alarm: Alarm) => alarm.alarmName),
      behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM,
    },
    enableECSManagedTags: true,
  });
  recordRevision(service, settings, image);
  return { service, securityGroup };
}
