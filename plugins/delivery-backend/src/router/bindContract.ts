import { pipeline } from 'node:stream/promises';
import { InputError } from '@backstage/errors';
import type {
  DeliveryContract,
  TokenNeed,
} from 'backstage-plugin-delivery-common';
import {
  deliveryContract,
  USER_TOKEN_HEADER,
} from 'backstage-plugin-delivery-common';
import { UserToken } from 'backstage-plugin-delivery-node';
import express, { type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import { withCode } from '../services/errors';
import { PreparedJson } from '../services/PreparedJson';

type Contract = DeliveryContract;

type TokenOf<TNeed> = TNeed extends 'required'
  ? UserToken
  : TNeed extends 'optional'
  ? UserToken | undefined
  : undefined;

/** Bodies are small: a comment and a few ids. */
const MAX_BODY = '64kb';

/** What a handler gets: parsed parameters, and a signal that aborts when the client goes away. */
export interface HandlerInput<TName extends keyof Contract> {
  params: z.output<Contract[TName]['params']>;
  query: z.output<Contract[TName]['query']>;
  body: Contract[TName]['body'] extends z.ZodObject
    ? z.output<Contract[TName]['body']>
    : undefined;
  /** The person's own at the vendor; prints as `[redacted]`. */
  token: TokenOf<Contract[TName]['userToken']>;
  request: Request;
  signal: AbortSignal;
}

/** What a handler gives: the response (or its prepared JSON), or the parts of a text. */
export type HandlerOutput<TName extends keyof Contract> =
  Contract[TName]['response'] extends z.ZodType
    ? z.input<Contract[TName]['response']> | PreparedJson
    : AsyncIterable<string>;

/** One handler per operation; a missing one does not compile. */
export type Handlers = {
  [TName in keyof Contract]: (
    input: HandlerInput<TName>,
  ) => Promise<HandlerOutput<TName>>;
};

/**
 * Makes the routes of the contract. Parameters are parsed strictly; responses only with `checkResponses` (tests, development),
 * because the cached ones are serialised already.
 */
export function bindContract(
  router: Router,
  handlers: Handlers,
  options: { checkResponses: boolean },
): void {
  for (const name of Object.keys(handlers) as (keyof Contract)[]) {
    const operation = deliveryContract[name];
    const params = operation.params;
    const query = operation.query.strict();
    const body = operation.body?.strict();
    // A union of handlers cannot be called; that name and handler belong together is what `Handlers` says.
    const handle = handlers[name] as (input: {
      params: unknown;
      query: unknown;
      body: unknown;
      token: UserToken | undefined;
      request: Request;
      signal: AbortSignal;
    }) => Promise<unknown>;
    const method = operation.method === 'GET' ? 'get' : 'post';
    if (body) router.post(operation.path, express.json({ limit: MAX_BODY }));
    router[method](operation.path, async (request, response) => {
      const input = {
        params: parse('path parameter', params, request.params),
        query: parse('query parameter', query, request.query),
        body: body && parse('field', body, request.body ?? {}),
        token: tokenOf(request, operation.userToken),
        request,
        signal: abortedWith(response),
      };
      const output = await handle(input);
      if (operation.status) response.status(operation.status);
      if (operation.response === 'text') {
        await sendText(response, output as AsyncIterable<string>, input.signal);
        return;
      }
      if (options.checkResponses) {
        (operation.response as z.ZodType).parse(
          output instanceof PreparedJson
            ? JSON.parse(output.body.toString('utf8'))
            : output,
        );
      }
      sendJson(response, output);
    });
  }
}

function tokenOf(request: Request, need: TokenNeed): UserToken | undefined {
  const value = request.get(USER_TOKEN_HEADER);
  if (need !== undefined && value) return new UserToken(value);
  if (need !== 'required') return undefined;
  throw withCode(
    new InputError(
      `Your own token at the vendor is missing: sign in there and send it as ${USER_TOKEN_HEADER}.`,
    ),
    'user_token_missing',
  );
}

function sendJson(response: Response, output: unknown) {
  const json =
    output instanceof PreparedJson ? output : PreparedJson.of(output);
  // What one person may see must not come out of a shared cache for another.
  response.set('Cache-Control', 'private, no-cache');
  response.set('ETag', json.etag);
  response.type('application/json').send(json.body);
}

async function sendText(
  response: Response,
  text: AsyncIterable<string>,
  signal: AbortSignal,
) {
  response.set('Content-Type', 'text/plain; charset=utf-8');
  response.set('X-Content-Type-Options', 'nosniff');
  response.set('Cache-Control', 'private, no-store');
  try {
    await pipeline(text, response, { signal });
  } catch (error) {
    // Nobody is left to be told; everything else ends the connection, because a cut text must not look whole.
    if (!signal.aborted) response.destroy();
    if (!signal.aborted) throw error;
  }
}

function abortedWith(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function parse<TSchema extends z.ZodObject>(
  what: string,
  schema: TSchema,
  value: unknown,
): z.output<TSchema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(sentence(what, schema, result.error.issues));
}

function sentence(
  what: string,
  schema: z.ZodObject,
  issues: z.core.$ZodIssue[],
): string {
  const parts = issues.map(issue => {
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(schema.shape).join(', ') || 'none';
      return `unknown ${what} ${issue.keys
        .map(key => `"${key}"`)
        .join(', ')} (known: ${known})`;
    }
    return `${what} "${issue.path.join('.')}": ${issue.message}`;
  });
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
