export {
  createEcsProvider,
  type EcsProviderOptions,
} from './createEcsProvider';
export {
  ecsActSources,
  ecsCredentials,
  type ActSource,
  type AwsIdentityProvider,
} from './credentials';
