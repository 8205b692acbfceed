export {
  providerContractTests,
  type ProviderContractFixtures,
} from './providerContractTests';
export {
  runtimeProviderContractTests,
  type MakeRuntimeProvider,
  type RuntimeProviderContractFixtures,
  type RuntimeVendor,
} from './runtimeProviderContractTests';
