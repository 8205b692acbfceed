import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { loadSettings, type Settings, settingsOf } from '../lib/settings.ts';
import { WorkerStack } from '../lib/WorkerStack.ts';

const all = loadSettings();
const names = Object.keys(all.environments);
const settings: Settings = {
  ...settingsOf(all, names[0]),
  service: 'orders',
  entity: 'component:default/orders',
  environment: 'dev',
  cluster: 'shared',
  production: false,
};
const templateOf = (changes: Partial<Settings> = {}) =>
  Template.fromStack(new WorkerStack(new App(), 'orders-dev', { ...settings, ...changes }));
const template = templateOf();

const only = (type: string) => {
  const found = Object.values(template.findResources(type));
  assert.equal(found.length, 1, `one ${type}`);
  return found[0]?.Properties;
};
const container = () => only('AWS::ECS::TaskDefinition').ContainerDefinitions[0];

test('every environment synthesises offline into a template that CloudFormation takes inline', () => {
  for (const name of names) {
    const app = new App();
    new WorkerStack(app, `${all.service}-${name}`, settingsOf(all, name));
    const assembly = app.synth();
    assert.deepEqual(assembly.manifest.missing ?? [], []);
    const [stack] = assembly.stacks;
    assert.equal(stack?.stackName, `${all.service}-${name}`);
    assert.equal(stack?.assets.length, 0);
    assert.ok(JSON.stringify(stack?.template).length < 51_200);
  }
});

test('the image is read from the parameter, so that the stack never chooses one', () => {
  const parameters = template.findParameters('*', {
    Type: 'AWS::SSM::Parameter::Value<String>',
    Default: '/orders/dev/image',
  });
  assert.deepEqual(container().Image, { Ref: Object.keys(parameters)[0] });
});

test('the service has no load balancer, rolls back by itself and watches both alarms', () => {
  const service = only('AWS::ECS::Service');
  assert.equal(service.LoadBalancers, undefined);
  assert.equal(service.Cluster, 'shared');
  const { DeploymentCircuitBreaker: breaker, Alarms: alarms } = service.DeploymentConfiguration;
  assert.deepEqual(breaker, { Enable: true, Rollback: true });
  assert.equal(alarms.Enable, true);
  assert.equal(alarms.Rollback, true);
  assert.deepEqual(
    alarms.AlarmNames.map(({ Ref }: { Ref: string }) => Ref).sort(),
    Object.keys(template.findResources('AWS::CloudWatch::Alarm')).sort(),
  );
  assert.equal(service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp, 'DISABLED');
});

test('the service names its entity, and the revision to go on from once its own image runs', () => {
  const [entity, verified] = only('AWS::ECS::Service').Tags;
  assert.deepEqual(entity, { Key: 'delivery.platform/entity', Value: 'component:default/orders' });
  const [condition, tag, otherwise] = verified['Fn::If'];
  assert.deepEqual(tag, {
    Key: 'delivery.platform/verified',
    Value: { Ref: Object.keys(template.findResources('AWS::ECS::TaskDefinition'))[0] },
  });
  assert.deepEqual(otherwise, { Ref: 'AWS::NoValue' });
  const { account, region } = settings.registry;
  const [, repository] = template.findConditions(condition)[condition]?.['Fn::Equals'] ?? [];
  assert.equal(repository, `${account}.dkr.ecr.${region}.amazonaws.com/orders`);
});

test('the container is asked for its health and has time to drain', () => {
  const { HealthCheck, StopTimeout, User, ReadonlyRootFilesystem } = container();
  assert.equal(HealthCheck.Command[0], 'CMD-SHELL');
  assert.match(HealthCheck.Command[1], /node \/app\/healthcheck\.js$/);
  assert.equal(StopTimeout, 120);
  assert.equal(User, 'node');
  assert.equal(ReadonlyRootFilesystem, true);
});

test('the password comes from Secrets Manager when a task starts', () => {
  const { Environment, Secrets } = container();
  assert.deepEqual(Secrets.map(({ Name }: { Name: string }) => Name).sort(), ['PGPASSWORD', 'PGUSER']);
  assert.doesNotMatch(JSON.stringify(Environment), /password/i);
  template.resourceCountIs('AWS::SecretsManager::Secret', 1);
});

test('a message that fails five times goes to the dead-letter queue', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
    VisibilityTimeout: 120,
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'orders-dev-dead-letters',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 0,
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'orders-dev-queue-age',
    MetricName: 'ApproximateAgeOfOldestMessage',
  });
});

test('queues and database outlive the stack', () => {
  for (const type of ['AWS::SQS::Queue', 'AWS::RDS::DBInstance']) {
    for (const { DeletionPolicy } of Object.values(template.findResources(type))) {
      assert.equal(DeletionPolicy, 'Retain', type);
    }
  }
  template.hasResourceProperties('AWS::RDS::DBInstance', {
    DeletionProtection: true,
    PubliclyAccessible: false,
    StorageEncrypted: true,
  });
});

test('tasks take the roles that the platform made, and may consume from the queue', () => {
  template.resourceCountIs('AWS::IAM::Role', 0);
  const { TaskRoleArn, ExecutionRoleArn } = only('AWS::ECS::TaskDefinition');
  assert.match(JSON.stringify(TaskRoleArn), /:role\/orders-task-dev"/);
  assert.match(JSON.stringify(ExecutionRoleArn), /:role\/orders-execution-dev"/);
  const { PolicyDocument, Roles } = only('AWS::IAM::Policy');
  assert.deepEqual(Roles, ['orders-task-dev']);
  assert.deepEqual(
    PolicyDocument.Statement.flatMap(({ Action }: { Action: string[] }) => Action).filter(
      (action: string) => !action.startsWith('sqs:'),
    ),
    [],
  );
});

test('secret and log lie where the execution role may read and write', () => {
  template.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'orders/dev/database' });
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/ecs/orders-dev' });
});

test('production has two tasks and a standby database', () => {
  const production = templateOf({ environment: 'production', production: true });
  production.hasResourceProperties('AWS::ECS::Service', { DesiredCount: 2 });
  production.hasResourceProperties('AWS::RDS::DBInstance', { MultiAZ: true });
  template.hasResourceProperties('AWS::ECS::Service', { DesiredCount: 1 });
});

test('without a cluster to use the stack makes one', () => {
  templateOf({ cluster: undefined }).resourceCountIs('AWS::ECS::Cluster', 1);
  template.resourceCountIs('AWS::ECS::Cluster', 0);
});

test('the outputs name what people and scripts look for', () => {
  const outputs = Object.keys(template.findOutputs('*'));
  for (const name of ['ClusterName', 'ServiceName', 'RepoUri', 'AppSubnetIds', 'EcsSecurityGroupId', 'QueueUrl']) {
    assert.ok(outputs.includes(name), name);
  }
});
