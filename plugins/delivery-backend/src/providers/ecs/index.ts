export {
  createEcsProvider,
  type EcsProviderOptions,
} from './createEcsProvider';
export { ecsCredentials, type AwsIdentityProvider } from './credentials';
