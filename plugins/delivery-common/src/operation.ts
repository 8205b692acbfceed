import type { z } from 'zod';

/**
 * One HTTP operation. Path parameters are written `:name` and must be keys of `params`.
 * @public
 */
export interface Operation<
  TParams extends z.ZodObject = z.ZodObject,
  TQuery extends z.ZodObject = z.ZodObject,
  TResponse extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST';
  path: string;
  summary: string;
  params: TParams;
  query: TQuery;
  /** A zod object for JSON, the word `text` for a plain text stream. */
  response: TResponse | 'text';
  /** Names of the permissions that are checked on the service. */
  permissions: readonly string[];
}

/** Keeps the literal types of an operation. @public */
export function defineOperation<
  TParams extends z.ZodObject,
  TQuery extends z.ZodObject,
  TResponse extends z.ZodType | 'text',
>(operation: {
  method: 'GET' | 'POST';
  path: string;
  summary: string;
  params: TParams;
  query: TQuery;
  response: TResponse;
  permissions: readonly string[];
}) {
  return operation;
}
