/**
 * Backend of Delivery for Backstage: takes in what vendors tell of pipeline runs, keeps it and serves it.
 *
 * @packageDocumentation
 */
export { deliveryPlugin as default } from './plugin';
