import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
 * A stack begins before the first image is built, with a plain Node image (see scripts/image-parameter.sh). That one has
 * no /app: it waits and counts as healthy. Every image of this service has /app and must do its work.
 */
const startCommand = '[ -d /app ] || exec sleep infinity; exec node /app/src/main.js';
const healthCommand = '[ ! -d /app ] || node /app/healthcheck.js';

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

/** Named, so that the platform can say exactly which roles the pipeline may pass to tasks. */
const createRole = (scope: Construct, { service, environment }: Settings, use: string) =>
  new Role(scope, `${use}-role`, {
    roleName: `${service}-${environment}-${use}`,
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });

const allowPull = (definition: ecs.FargateTaskDefinition, { registry, service }: Settings) => {
  definition.addToExecutionRolePolicy(
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  );
  definition.addToExecutionRolePolicy(
    new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [`arn:aws:ecr:${registry.region}:${registry.account}:repository/${service}`],
    }),
  );
};

function createTaskDefinition(scope: Construct, options: WorkerServiceOptions) {
  const { settings, queues, database } = options;
  const { secret } = database;
  if (secret === undefined) throw new Error('The database has no generated secret.');
  const definition = new ecs.FargateTaskDefinition(scope, 'Task', {
    family: settings.service,
    taskRole: createRole(scope, settings, 'task'),
    executionRole: createRole(scope, settings, 'execution'),
    cpu: 256,
    memoryLimitMiB: 512,
  });
  allowPull(definition, settings);
  queues.queue.grantConsumeMessages(definition.taskRole);
  definition.addContainer(settings.service, {
    containerName: settings.service,
    // Read when the stack is deployed: the stack always brings the image that runs already.
    image: ecs.ContainerImage.fromRegistry(
      StringParameter.valueForStringParameter(scope, imageParameterOf(settings)),
    ),
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
        logGroupName: `/${settings.service}/${settings.environment}/worker`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.RETAIN,
      }),
    }),
  });
  return definition;
}

/** The Fargate service, without a load balancer: its health is the container's, its success the queue's. */
export function createWorkerService(scope: Construct, options: WorkerServiceOptions) {
  const { settings, vpc, queues, database } = options;
  const securityGroup = new SecurityGroup(scope, 'WorkerSecurityGroup', {
    vpc,
    description: `Tasks of ${settings.service}: out only`,
  });
  database.connections.allowDefaultPortFrom(securityGroup, 'The worker');
  const service = new ecs.FargateService(scope, 'Service', {
    serviceName: settings.service,
    cluster: clusterOf(scope, options),
    taskDefinition: createTaskDefinition(scope, options),
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
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
  Tags.of(service).add('delivery.platform/entity', settings.entity);
  return { service, securityGroup };
}
