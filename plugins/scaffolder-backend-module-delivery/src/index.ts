/**
 * Scaffolder actions of Delivery for Backstage.
 *
 * @packageDocumentation
 */
export { scaffolderModuleDelivery as default } from './module';
