export { DatabaseDeliveryStore } from './DatabaseDeliveryStore';
