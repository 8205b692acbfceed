import type { z } from 'zod';

/** Carries the person's own token at the vendor; `Authorization` is the portal's. @public */
export const USER_TOKEN_HEADER = 'x-github-user-token';

/**
 * One HTTP operation. Path parameters are written `:name` and must be keys of `params`.
 * @public
 */
export interface Operation<
  TParams extends z.ZodObject = z.ZodObject,
  TQuery extends z.ZodObject = z.ZodObject,
  TResponse extends z.ZodType = z.ZodType,
  TBody extends z.ZodObject | undefined = z.ZodObject | undefined,
> {
  method: 'GET' | 'POST';
  path: string;
  summary: string;
  params: TParams;
  query: TQuery;
  /** JSON body of a POST; absent: it has none. */
  body?: TBody;
  /** A zod object for JSON, the word `text` for a plain text stream. */
  response: TResponse | 'text';
  /** `202`: the work goes on after the answer. Default 200. */
  status?: 200 | 202;
  /** `required`: acts in the person's name at the vendor, by the token in {@link USER_TOKEN_HEADER}. */
  userToken?: 'required' | 'optional';
  /** Names of the permissions that are checked on the service. */
  permissions: readonly string[];
}

/** Whether an operation takes the person's token. @public */
export type TokenNeed = 'required' | 'optional' | undefined;

/** Keeps the literal types of an operation. @public */
export function defineOperation<
  TParams extends z.ZodObject,
  TQuery extends z.ZodObject,
  TResponse extends z.ZodType | 'text',
  TBody extends z.ZodObject | undefined = undefined,
  const TToken extends TokenNeed = undefined,
>(operation: {
  method: 'GET' | 'POST';
  path: string;
  summary: string;
  params: TParams;
  query: TQuery;
  body?: TBody;
  response: TResponse;
  status?: 200 | 202;
  userToken?: TToken;
  permissions: readonly string[];
}) {
  return operation as typeof operation & {
    body: TBody;
    userToken: TToken;
  };
}
