export { DatabaseChangeStore } from './DatabaseChangeStore';
