/**
 * Service templates with the standard pipeline, and the catalog module that emits them.
 *
 * @packageDocumentation
 */

export { catalogModuleDelivery as default } from './module';
