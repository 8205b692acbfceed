export { DatabaseDoraStore } from './DatabaseDoraStore';
