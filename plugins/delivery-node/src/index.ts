/**
 * What a provider of delivery facts implements, and where it registers.
 *
 * @packageDocumentation
 */
export * from './DeliveryProvider';
export * from './RuntimeProvider';
export * from './extensions';
