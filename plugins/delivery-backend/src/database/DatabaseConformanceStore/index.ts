export { DatabaseConformanceStore } from './DatabaseConformanceStore';
