export {
  createEcsProvider,
  type EcsProviderOptions,
} from './createEcsProvider';
export {
  ecsCredentials,
  type AwsIdentityProvider,
  type EcsCredentials,
} from './credentials';
