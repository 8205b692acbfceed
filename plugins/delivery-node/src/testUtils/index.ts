export {
  providerContractTests,
  type ProviderContractFixtures,
} from './providerContractTests';
