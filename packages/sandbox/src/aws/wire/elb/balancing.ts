import { AwsService, operationMap } from '../operation';
import { BALANCER_OPERATIONS } from './balancers';
import { TARGET_OPERATIONS } from './targets';

export const BALANCING: AwsService = {
  scope: 'elasticloadbalancing',
  name: 'elasticloadbalancing',
  query: {
    version: '2015-12-01',
    namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  },
  operations: operationMap([...TARGET_OPERATIONS, ...BALANCER_OPERATIONS]),
};
