import { NormalizedSchema } from '@smithy/core/schema';
import type { DescribeServices$ } from '@aws-sdk/client-ecs';

/**
 * The only place that knows the insides of the AWS SDK: its clients export the shapes of their operations, and the sandbox reads
 * and writes requests and answers by the same shapes.
 */

/** An operation as a client package exports it: `DescribeServices$`. */
export type OperationShape = typeof DescribeServices$;

/** A request's or an answer's shape, or that of a member of one. */
export type Shape = NormalizedSchema;

export type ShapeKind =
  | 'struct'
  | 'list'
  | 'map'
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'other';

const DEREF = (
  value: Parameters<typeof NormalizedSchema.of>[0],
): NormalizedSchema => NormalizedSchema.of(value);

export const nameOf = (operation: OperationShape): string => operation[2];
export const inputOf = (operation: OperationShape): Shape =>
  DEREF(operation[4]);
export const outputOf = (operation: OperationShape): Shape =>
  DEREF(operation[5]);

export function kindOf(shape: Shape): ShapeKind {
  if (shape.isStructSchema()) return 'struct';
  if (shape.isListSchema()) return 'list';
  if (shape.isMapSchema()) return 'map';
  if (shape.isTimestampSchema()) return 'timestamp';
  if (shape.isStringSchema()) return 'string';
  if (shape.isNumericSchema()) return 'number';
  if (shape.isBooleanSchema()) return 'boolean';
  return 'other';
}

/** Members of a structure by name; a unit has none. */
export function membersOf(shape: Shape): Map<string, Shape> {
  if (shape.isUnitSchema()) return new Map();
  return new Map(shape.structIterator());
}

/** What a list's items or a map's values are. */
export const valueOf = (shape: Shape): Shape => shape.getValueSchema();

/** Enumerations and JSON strings are strings with traits: what counts is how they travel. */
export const isFlat = (shape: Shape): boolean =>
  Boolean(shape.getMergedTraits().xmlFlattened);

export const xmlNameOf = (shape: Shape, otherwise: string): string => {
  const name = shape.getMergedTraits().xmlName;
  return typeof name === 'string' ? name : otherwise;
};
