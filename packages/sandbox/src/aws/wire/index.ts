export { createAws } from './createAws';
export { AwsCallCounters } from './AwsCallCounters';
export type { AwsCallCount } from './AwsCallCounters';
