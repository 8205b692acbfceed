export { DatabaseEnvironmentStore } from './DatabaseEnvironmentStore';
