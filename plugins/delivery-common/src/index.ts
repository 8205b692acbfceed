/**
 * Model, contract and permissions of Delivery for Backstage.
 *
 * @packageDocumentation
 */
export * from './model';
export * from './runtime';
export * from './annotations';
export * from './contract';
export * from './operation';
export * from './client';
export * from './permissions';
export * from './signals';
