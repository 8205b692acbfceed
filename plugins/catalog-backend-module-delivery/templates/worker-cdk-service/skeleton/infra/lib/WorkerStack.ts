import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { createDatabase } from './database.ts';
import { importNetwork } from './network.ts';
import { WorkQueues } from './queues.ts';
import { imageParameterOf, type Settings } from './settings.ts';
import { createWorkerService } from './workerService.ts';

/**
 * Everything one environment of the worker needs. It names neither account nor Region: those are the credentials',
 * so that one template serves all environments and nothing is looked up while synthesising.
 */
export class WorkerStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, {
      stackName: id,
      description: `${settings.service} in ${settings.environment}`,
    });
    const vpc = importNetwork(this);
    const queues = new WorkQueues(this, 'Work', { prefix: id });
    const database = createDatabase(this, { vpc, settings });
    const { service, securityGroup } = createWorkerService(this, {
      settings,
      vpc,
      queues,
      database,
    });
    const { registry } = settings;
    const outputs: Record<string, string> = {
      ClusterName: service.cluster.clusterName,
      ServiceName: service.serviceName,
      RepoUri: `${registry.account}.dkr.ecr.${registry.region}.amazonaws.com/${settings.service}`,
      AppSubnetIds: Fn.join(
        ',',
        vpc.privateSubnets.map(({ subnetId }) => subnetId),
      ),
      EcsSecurityGroupId: securityGroup.securityGroupId,
      QueueUrl: queues.queue.queueUrl,
      DeadLetterQueueUrl: queues.deadLetters.queueUrl,
      ImageParameter: imageParameterOf(settings),
    };
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }
}
