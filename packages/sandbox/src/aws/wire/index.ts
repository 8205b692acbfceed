export { createAws } from './createAws';
export { AwsCallCounters } from './AwsCallCounters';
export type { AwsCallCount } from './AwsCallCounters';
export { sessionsOf } from './sessions';
export type { ShownSession } from './sessions';
