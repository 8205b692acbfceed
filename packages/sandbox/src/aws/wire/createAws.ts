import { randomUUID } from 'crypto';
import express, { Request, Response } from 'express';
import { Clock } from '../../state';
import { AwsCloud, AwsError } from '../cloud';
import { Answer, errorAnswer, okAnswer, Protocol } from './answers';
import { authenticate } from './authenticate';
import { authorize, hasFault } from './authorize';
import { AwsCallCounters } from './AwsCallCounters';
import { AwsCall, AwsService } from './operation';
import { fromJson, fromQuery } from './protocol/readShape';
import { inputOf } from './protocol/shapes';
import { resourceOf } from './resourceOf';
import { SERVICES } from './services';
import { Throttle } from './Throttle';

interface Asked {
  protocol: Protocol;
  operation: string;
  /** What stands before the operation in `X-Amz-Target`. */
  target: string;
  form: URLSearchParams;
}

function askedFor(req: Request, body: Buffer): Asked {
  const target = req.get('x-amz-target');
  if (target !== undefined) {
    const dot = target.lastIndexOf('.');
    return {
      protocol: 'json',
      target: target.slice(0, Math.max(0, dot)),
      operation: target.slice(dot + 1),
      form: new URLSearchParams(),
    };
  }
  const form = new URLSearchParams(body.toString('utf8'));
  return {
    protocol: 'query',
    target: '',
    operation: form.get('Action') ?? '',
    form,
  };
}

function readInput(
  asked: Asked,
  shape: ReturnType<typeof inputOf>,
  body: Buffer,
): unknown {
  if (asked.protocol === 'query') return fromQuery(shape, asked.form);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The body is no JSON.');
  }
  return fromJson(shape, parsed);
}

const speaks = (service: AwsService | undefined, asked: Asked) =>
  asked.protocol === 'json'
    ? service?.target !== undefined && service.target === asked.target
    : service?.query !== undefined &&
      (asked.form.get('Version') ?? service.query.version) ===
        service.query.version;

/**
 * All services of AWS behind one address, as their clients speak to them. The cloud tells itself what it changes;
 * `changed` is called for what a caller changed.
 */
export function createAws({
  cloud,
  clock,
  changed,
  counters = new AwsCallCounters(),
}: {
  cloud: AwsCloud;
  clock: Clock;
  changed: () => void;
  /** To go on counting with. */
  counters?: AwsCallCounters;
}): { app: express.Express; counters: AwsCallCounters } {
  const throttle = new Throttle();

  const answer = (req: Request, body: Buffer): Answer => {
    const requestId = randomUUID();
    const asked = askedFor(req, body);
    const now = clock.now();
    let service: AwsService | undefined;
    let count: ((outcome: 'ok' | 'throttled' | 'failed') => void) | undefined;
    try {
      const { signature, principal } = authenticate(
        cloud.records,
        { method: req.method, url: req.url, headers: req.headers, body },
        now,
      );
      const place = {
        accountId: principal.accountId,
        region: signature.region,
      };
      service = SERVICES.get(signature.service);
      const operation = speaks(service, asked)
        ? service?.operations.get(asked.operation)
        : undefined;
      if (!service || !operation) {
        throw new AwsError(
          'UnknownOperationException',
          `Could not find operation ${asked.operation} of ${signature.service}: the sandbox does not have it.`,
        );
      }
      const name = `${service.name}.${asked.operation}`;
      count = outcome => counters.add(place, name, outcome);
      if (hasFault(cloud.records, place.accountId, 'down', now)) {
        throw new AwsError(
          'ServiceUnavailableException',
          'Service is unable to handle request.',
          503,
        );
      }
      if (
        hasFault(cloud.records, place.accountId, 'throttle', now) ||
        !throttle.take(place, name, now)
      ) {
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      }
      const input = readInput(asked, inputOf(operation.shape), body);
      authorize(
        cloud.records,
        principal,
        service,
        operation,
        resourceOf(input, place),
        now,
      );
      cloud.settle();
      const call: AwsCall = {
        cloud,
        records: cloud.records,
        now,
        place,
        principal,
      };
      const output = operation.run(input, call);
      if (operation.acts || operation.saves) changed();
      const ok = okAnswer(
        service,
        operation,
        asked.protocol,
        output,
        requestId,
      );
      count('ok');
      return ok;
    } catch (thrown) {
      const error =
        thrown instanceof AwsError
          ? thrown
          : new AwsError(
              'InternalFailure',
              `The sandbox failed: ${
                thrown instanceof Error ? thrown.message : String(thrown)
              }`,
              500,
            );
      count?.(error.type === 'ThrottlingException' ? 'throttled' : 'failed');
      return errorAnswer(asked.protocol, error, requestId, {
        queryMode: req.get('x-amzn-query-mode') === 'true',
        namespace: service?.query?.namespace,
      });
    }
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.raw({ type: () => true, limit: '6mb', inflate: false }));
  app.use((req: Request, res: Response) => {
    const json = req.get('x-amz-target') !== undefined;
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const { status, headers, body: text } = answer(req, body);
    res
      .status(status)
      .set(headers)
      .type(json ? req.get('content-type') ?? 'application/json' : 'text/xml')
      .send(text);
  });
  return { app, counters };
}
