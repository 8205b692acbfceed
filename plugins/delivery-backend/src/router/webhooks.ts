import type { LoggerService } from '@backstage/backend-plugin-api';
import { AuthenticationError, InputError } from '@backstage/errors';
import express, { type ErrorRequestHandler, type Router } from 'express';
import type { GithubConfig } from '../config';
import type { Inbox } from '../ingestion/Inbox';
import { isSigned } from './webhookSignature';

/** The vendor's own limit. */
const LIMIT = 25 * 1024 * 1024;
/** The vendor's names of events and ids of deliveries; anything else is no delivery of GitHub. */
const EVENT = /^[a-z0-9_]{1,64}$/;
const DELIVERY = /^[A-Za-z0-9_-]{1,100}$/;

/** What the route works with. */
export interface WebhookOptions {
  inbox: Pick<Inbox, 'accept'>;
  github: GithubConfig;
  logger: LoggerService;
  now: () => number;
}

/** The body parser's own words do not say what to do. */
const explainBody: ErrorRequestHandler = (error, _request, _response, next) => {
  const sentences: Record<string, string> = {
    'entity.too.large':
      'The delivery is larger than 25 MB, the most that GitHub sends.',
    'encoding.unsupported':
      'The delivery must not be compressed: the signature is over the bytes that were sent.',
  };
  const message = sentences[String(error?.type)];
  if (!message) {
    next(error);
    return;
  }
  next(
    Object.assign(new Error(message), {
      name: error.status === 413 ? 'PayloadTooLargeError' : 'InputError',
      statusCode: error.status,
    }),
  );
};

/**
 * Adds `POST /webhooks/github`: checks the signature over the raw bytes, writes the delivery down, answers 202. Nothing is
 * understood here; a delivery that cannot be written down is answered with 5xx, so that GitHub knows.
 */
export function addGithubWebhook(
  router: Router,
  { inbox, github, logger, now }: WebhookOptions,
): void {
  router.post(
    '/webhooks/github',
    (request, _response, next) => {
      // Twenty-five megabytes of somebody who does not even claim to be GitHub need not be read.
      if (request.get('x-hub-signature-256')) next();
      else next(unsigned());
    },
    // Unpacking would put the signature over other bytes than were sent, and turn 25 kB into 25 MB.
    express.raw({ type: () => true, limit: LIMIT, inflate: false }),
    async (request, response) => {
      const body = Buffer.isBuffer(request.body)
        ? request.body
        : Buffer.alloc(0);
      const signature = request.get('x-hub-signature-256');
      if (!isSigned(body, signature, github.webhookSecrets)) throw unsigned();
      const event = header(request.get('x-github-event'), EVENT, 'event');
      const deliveryId = header(
        request.get('x-github-delivery'),
        DELIVERY,
        'delivery',
      );
      const payload = parse(body);
      if (isOfAnotherApp(payload, request.headers, github.appIds)) {
        logger.info('Dropped a delivery of another App', { deliveryId, event });
        response.status(202).json({ outcome: 'dropped' });
        return;
      }
      const outcome = await inbox.accept({
        provider: 'github',
        deliveryId,
        event,
        body,
        receivedAt: now(),
      });
      response.status(202).json({ outcome });
    },
  );
  router.use('/webhooks/github', explainBody);
}

function unsigned(): AuthenticationError {
  return new AuthenticationError(
    'The delivery carries no valid X-Hub-Signature-256; its webhook must be set up with the secret that the portal has.',
  );
}

function header(
  value: string | undefined,
  shape: RegExp,
  name: string,
): string {
  if (value && shape.test(value)) return value;
  throw new InputError(
    `The header X-GitHub-${name[0].toUpperCase()}${name.slice(
      1,
    )} is missing or is not one of GitHub's.`,
  );
}

function parse(body: Buffer): object {
  let payload: unknown;
  try {
    payload = JSON.parse(body.toString('utf8'));
  } catch {
    throw new InputError(
      'The body is not JSON; set the content type of the webhook to application/json.',
    );
  }
  if (typeof payload === 'object' && payload !== null) return payload;
  throw new InputError('The body must be a JSON object.');
}

/** A repository's own webhook names no App; its signature is what counts. */
function isOfAnotherApp(
  payload: object,
  headers: Record<string, unknown>,
  appIds: number[],
): boolean {
  if (appIds.length === 0) return false;
  const target =
    headers['x-github-hook-installation-target-type'] === 'integration'
      ? Number(headers['x-github-hook-installation-target-id'])
      : undefined;
  const named = new Map(Object.entries(payload)).get('installation')?.app_id;
  return [target, named].some(
    id => id !== undefined && !appIds.includes(Number(id)),
  );
}
