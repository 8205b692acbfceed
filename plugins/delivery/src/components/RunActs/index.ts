export { ActDialog, vendorOf } from './ActDialog';
export type { Said } from './ActDialog';
export { ActProblemMessage } from './ActProblemMessage';
export { DeploysTo } from './DeploysTo';
export { RunActs } from './RunActs';
export { canActHere, whyNotYou } from './whyNotRun';
