import { AwsService, operationMap } from '../operation';
import { describeAlarms } from './alarms';
import { getMetricData } from './metrics';

/** Its clients speak JSON today; older ones speak query. */
export const CLOUDWATCH: AwsService = {
  scope: 'monitoring',
  name: 'cloudwatch',
  target: 'GraniteServiceVersion20100801',
  query: {
    version: '2010-08-01',
    namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  },
  operations: operationMap([describeAlarms, getMetricData]),
};
