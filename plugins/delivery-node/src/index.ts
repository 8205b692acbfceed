/**
 * What a provider of delivery facts implements, where it registers, and a policy for the plugin's permissions.
 *
 * @packageDocumentation
 */
export * from './DeliveryProvider';
export * from './RuntimeProvider';
export * from './VendorActs';
export * from './RuntimeActs';
export * from './UserToken';
export * from './IdentityResolver';
export * from './decideDelivery';
export * from './extensions';
export type { ConformanceReading } from './ConformanceReading';
