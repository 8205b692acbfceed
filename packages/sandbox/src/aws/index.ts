export * from './cloud';
export * from './records';
export * from './machine/arns';
export { createAwsCloud } from './machine/createAwsCloud';
export { emptyRecords } from './machine/emptyRecords';
export { parseImage, repositoryUri } from './machine/images';
export type { SandboxAws } from './machine/Machine';
export type { ServiceSpec } from './machine/seedService';
