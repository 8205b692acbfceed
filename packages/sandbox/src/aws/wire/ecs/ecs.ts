import { AwsService, operationMap } from '../operation';
import { DEPLOYMENT_OPERATIONS } from './deployments';
import { SERVICE_OPERATIONS } from './services';
import { TASK_DEFINITION_OPERATIONS } from './taskDefinitions';
import { TASK_OPERATIONS } from './tasks';

export const ECS: AwsService = {
  scope: 'ecs',
  name: 'ecs',
  target: 'AmazonEC2ContainerServiceV20141113',
  operations: operationMap([
    ...SERVICE_OPERATIONS,
    ...DEPLOYMENT_OPERATIONS,
    ...TASK_DEFINITION_OPERATIONS,
    ...TASK_OPERATIONS,
  ]),
};
