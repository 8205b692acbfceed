import { randomUUID } from 'crypto';
import express, { Request, Response } from 'express';
import { Clock } from '../../state';
import { AwsCloud, AwsError } from '../cloud';
import { AwsRecords } from '../records';
import { Answer, errorAnswer, okAnswer, Protocol } from './answers';
import { authenticate } from './authenticate';
import { authorize, hasFault, type Asked as Wish } from './authorize';
import { AwsCallCounters } from './AwsCallCounters';
import { AwsService, Operation, Principal } from './operation';
import { fromJson, fromQuery } from './protocol/readShape';
import { inputOf, nameOf } from './protocol/shapes';
import { readSignature, SignedRequest } from './protocol/signature';
import { contextOf, resourceOf, resourcesOf } from './resourceOf';
import { SERVICES } from './services';
import { noteAct } from './sessions';
import { STS } from './sts/sts';
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

/** Who called what in which region. */
interface Caller {
  /** Service of the credential scope. */
  scope: string;
  region: string;
  principal: Principal;
}

/** Calls that nobody signs go to STS and prove who asks in another way. */
function anonymous(asked: Asked, request: SignedRequest): Caller | undefined {
  if (request.headers.authorization) return undefined;
  const operation = speaks(STS, asked)
    ? STS.operations.get(asked.operation)
    : undefined;
  if (!operation?.unsigned) return undefined;
  const input = readInput(asked, inputOf(operation.shape), request.body);
  const accountId = operation.unsigned(input) ?? '000000000000';
  return {
    scope: STS.scope,
    region: 'us-east-1',
    principal: { accountId, arn: 'anonymous', userId: 'anonymous' },
  };
}

/** @throws AwsError as {@link authenticate} */
function signed(
  records: AwsRecords,
  request: SignedRequest,
  now: number,
): Caller {
  const { signature, principal } = authenticate(records, request, now);
  return { scope: signature.service, region: signature.region, principal };
}

interface Performed {
  service: AwsService;
  operation: Operation;
  output: unknown;
}

const tooFast = () => new AwsError('ThrottlingException', 'Rate exceeded');

/** @throws AwsError when the account is made to misbehave */
function checkFaults(
  records: AwsRecords,
  accountId: string,
  now: number,
): void {
  if (hasFault(records, accountId, 'down', now)) {
    throw new AwsError(
      'ServiceUnavailableException',
      'Service is unable to handle request.',
      503,
    );
  }
  if (hasFault(records, accountId, 'throttle', now)) throw tooFast();
}

const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError(
        'InternalFailure',
        `The sandbox failed: ${
          error instanceof Error ? error.message : String(error)
        }`,
        500,
      );

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

  /** Lets the call through to its operation or refuses it, in AWS's order: who, what, how often, allowed. */
  const perform = (asked: Asked, request: SignedRequest): Performed => {
    const now = clock.now();
    const { records } = cloud;
    const { scope, region, principal } =
      anonymous(asked, request) ?? signed(records, request, now);
    const place = { accountId: principal.accountId, region };
    const service = SERVICES.get(scope);
    const operation = speaks(service, asked)
      ? service?.operations.get(asked.operation)
      : undefined;
    if (!service || !operation) {
      throw new AwsError(
        'UnknownOperationException',
        `Could not find operation ${asked.operation} of ${scope}: the sandbox does not have it.`,
      );
    }
    const name = `${service.name}.${asked.operation}`;
    const noted = (outcome: string, resource: string) => {
      if (!operation.acts) return;
      const act = { operation: name.replace('.', ':'), resource, outcome };
      noteAct(principal.session, { ...act, at: now });
      changed();
    };
    let resource = '*';
    try {
      checkFaults(records, place.accountId, now);
      if (!throttle.take(place, name, now)) throw tooFast();
      const input = readInput(asked, inputOf(operation.shape), request.body);
      resource = resourceOf(input, place);
      const wish: Wish = {
        operation,
        action: `${service.name}:${nameOf(operation.shape)}`,
        resources: resourcesOf(input, place),
        context: contextOf(input, place),
      };
      authorize(records, principal, wish, now);
      cloud.settle();
      const call = { cloud, records, now, place, principal };
      const output = operation.run(input, call);
      noted('ok', resource);
      if (operation.saves) changed();
      counters.add(place, name, 'ok');
      return { service, operation, output };
    } catch (error) {
      const slow =
        error instanceof AwsError && error.type === 'ThrottlingException';
      counters.add(place, name, slow ? 'throttled' : 'failed');
      noted(asAwsError(error).type, resource);
      throw error;
    }
  };

  const answer = (req: Request, body: Buffer): Answer => {
    const requestId = randomUUID();
    const asked = askedFor(req, body);
    const { method, url, headers } = req;
    try {
      const { service, operation, output } = perform(asked, {
        method,
        url,
        headers,
        body,
      });
      return okAnswer(service, operation, asked.protocol, output, requestId);
    } catch (error) {
      return errorAnswer(asked.protocol, asAwsError(error), requestId, {
        queryMode: req.get('x-amzn-query-mode') === 'true',
        namespace: SERVICES.get(
          readSignature(headers.authorization)?.service ?? STS.scope,
        )?.query?.namespace,
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
      .type(json ? 'application/x-amz-json-1.1' : 'text/xml')
      .send(text);
  });
  return { app, counters };
}
