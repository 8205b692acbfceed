/**
 * Pure domain logic: no clock, no randomness, no input or output. The browser does not import this entry.
 *
 * @packageDocumentation
 */
export * from './ownership';
export * from './runtimeOwnership';
export * from './runs';
export * from './vendorWords';
export * from './runClass';
export * from './graph';
export * from './durations';
export * from './redact';
export * from './canonical';
export * from './environments';
export * from './approvals';
export * from './dora';
export * from './conformance';
