import { CLOUDFORMATION } from './cloudformation/cloudFormation';
import { CLOUDWATCH } from './cloudwatch/cloudWatch';
import { ECR } from './ecr/ecr';
import { ECS } from './ecs/ecs';
import { BALANCING } from './elb/balancing';
import { AwsService } from './operation';
import { STS } from './sts/sts';

/** By the service of the credential scope. */
export const SERVICES: ReadonlyMap<string, AwsService> = new Map(
  [ECS, STS, BALANCING, ECR, CLOUDWATCH, CLOUDFORMATION].map(service => [
    service.scope,
    service,
  ]),
);
