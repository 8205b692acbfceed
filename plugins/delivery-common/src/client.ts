import { ResponseError } from '@backstage/errors';
import { z } from 'zod';
import type { DeliveryContract } from './contract';
import { deliveryContract } from './contract';
import { USER_TOKEN_HEADER } from './operation';

type Contract = DeliveryContract;

/** What the caller of an operation passes. @public */
export type OperationInput<TName extends keyof Contract> = {
  params: z.input<Contract[TName]['params']>;
  query?: z.input<Contract[TName]['query']>;
  /** The person's own token at the vendor, for operations that act there in their name. It is sent once and kept nowhere. */
  userToken?: string;
  signal?: AbortSignal;
} & (Contract[TName]['body'] extends z.ZodObject
  ? { body: z.input<Contract[TName]['body']> }
  : { body?: undefined });

/** What an operation gives: the parsed JSON, or the response itself for a text stream. @public */
export type OperationOutput<TName extends keyof Contract> =
  Contract[TName]['response'] extends z.ZodType
    ? z.output<Contract[TName]['response']>
    : Response;

/** Typed client, for the browser and for Node. @public */
export type DeliveryClient = {
  [TName in keyof Contract]: (
    input: OperationInput<TName>,
  ) => Promise<OperationOutput<TName>>;
};

/** Fills `:name` parts of a path. */
function fill(path: string, params: Record<string, unknown>): string {
  return path.replace(/:([a-z]+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
}

function headersOf(input: { body?: unknown; userToken?: string }) {
  const headers = {
    ...(input.body !== undefined && { 'content-type': 'application/json' }),
    ...(input.userToken && { [USER_TOKEN_HEADER]: input.userToken }),
  };
  return Object.keys(headers).length > 0 ? { headers } : {};
}

/**
 * Makes the typed client of {@link deliveryContract}. Unknown fields of the answer are dropped and unknown enum values
 * read as `unknown`, so that an older page goes on working with a newer backend.
 *
 * @throws `ResponseError` for every answer that is not 2xx.
 * @public
 */
export function createDeliveryClient(options: {
  /** Base address up to and with `/api/delivery`; asked anew for each call. */
  baseUrl: () => Promise<string>;
  fetch: typeof fetch;
}): DeliveryClient {
  const call = async (
    name: keyof Contract,
    input: {
      params: Record<string, unknown>;
      query?: Record<string, unknown>;
      body?: unknown;
      userToken?: string;
      signal?: AbortSignal;
    },
  ): Promise<unknown> => {
    const operation = deliveryContract[name];
    const url = new URL(
      (await options.baseUrl()) + fill(operation.path, input.params),
    );
    for (const [key, value] of Object.entries(input.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const response = await options.fetch(url.toString(), {
      method: operation.method,
      signal: input.signal,
      ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
      ...headersOf(input),
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
    if (operation.response === 'text') return response;
    return (operation.response as z.ZodType).parse(await response.json());
  };
  const client = Object.fromEntries(
    Object.keys(deliveryContract).map(name => [
      name,
      (input: Parameters<typeof call>[1]) =>
        call(name as keyof Contract, input),
    ]),
  );
  // The loop above cannot keep the relation between a name and its types; the contract's keys guarantee it.
  return client as unknown as DeliveryClient;
}
