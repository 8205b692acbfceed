import { createServer, type IncomingMessage } from 'http';
import type { AddressInfo } from 'net';

export type Input = Record<string, unknown>;

export interface Heard {
  /** `DescribeServices` */
  operation: string;
  input: Input;
  /** Of the signature. */
  accessKeyId?: string;
  region?: string;
}

/** What an operation answers; `undefined`: nothing, ever. */
export type Answer = (input: Input, heard: Heard) => unknown;

/** An error as AWS tells it. */
export class Refusal extends Error {
  constructor(readonly type: string, message: string, readonly status = 400) {
    super(message);
  }
}

export interface FakeAws {
  endpoint: string;
  heard: Heard[];
  /** By operation. */
  answers: Record<string, Answer>;
  /** Told when nobody waits any more for an answer that does not come. */
  onHangUp: () => void;
  close(): Promise<void>;
}

function xmlOf(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(one => `<member>${xmlOf(one)}</member>`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, inner]) => `<${key}>${xmlOf(inner)}</${key}>`)
      .join('');
  }
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function hear(
  request: IncomingMessage,
  body: string,
): Heard & { xml: boolean } {
  const target = request.headers['x-amz-target'];
  const [, accessKeyId, region] =
    /Credential=([^/]+)\/\d+\/([^/]+)/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  if (typeof target === 'string') {
    const operation = target.slice(target.indexOf('.') + 1);
    return {
      operation,
      input: JSON.parse(body),
      accessKeyId,
      region,
      xml: false,
    };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  return { operation: input.Action, input, accessKeyId, region, xml: true };
}

function render(operation: string, xml: boolean, answer: unknown) {
  if (answer instanceof Refusal) {
    const { type, message, status } = answer;
    const error = { Type: 'Sender', Code: type, Message: message };
    return {
      status,
      body: xml
        ? `<ErrorResponse>${xmlOf({ Error: error })}</ErrorResponse>`
        : JSON.stringify({ __type: type, message }),
    };
  }
  return {
    status: 200,
    body: xml
      ? `<${operation}Response>${xmlOf({
          [`${operation}Result`]: answer,
        })}</${operation}Response>`
      : JSON.stringify(answer),
  };
}

/** A server on loopback that speaks the protocols of the AWS services, and knows nothing but what a test lets it answer. */
export async function fakeAws(): Promise<FakeAws> {
  const heard: Heard[] = [];
  const answers: Record<string, Answer> = {};
  const server = createServer();
  const aws: FakeAws = {
    endpoint: '',
    heard,
    answers,
    onHangUp: () => {},
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  server.on('request', async (request, response) => {
    const { xml, ...one } = hear(request, await bodyOf(request));
    heard.push(one);
    const answer = answers[one.operation]
      ? answers[one.operation](one.input, one)
      : new Refusal('UnknownOperationException', one.operation);
    if (answer === undefined) {
      response.on('close', () => aws.onHangUp());
      return;
    }
    const { status, body } = render(one.operation, xml, answer);
    response.writeHead(status, {
      'content-type': xml ? 'text/xml' : 'application/x-amz-json-1.1',
    });
    response.end(body);
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  aws.endpoint = `http://127.0.0.1:${port}`;
  return aws;
}
