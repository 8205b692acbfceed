import { AwsError } from '../cloud';
import { EXPIRED_IDENTITY_TOKEN } from '../iam/webIdentity';
import { AwsService, Operation } from './operation';
import { nameOf, outputOf } from './protocol/shapes';
import { escapeXml, toJson, toXml } from './protocol/writeShape';

export type Protocol = 'json' | 'query';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** How query services name what JSON ones call by the key, and with which status. */
const IN_QUERY: Record<string, { code: string; status: number }> = {
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  ThrottlingException: { code: 'Throttling', status: 400 },
  UnknownOperationException: { code: 'InvalidAction', status: 400 },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  [EXPIRED_IDENTITY_TOKEN]: { code: 'ExpiredTokenException', status: 400 },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  MissingAuthenticationTokenException: {
    code: 'MissingAuthenticationToken',
    status: 403,
  },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
  ServiceUnavailableException: { code: 'ServiceUnavailable', status: 503 },
  SerializationException: { code: 'MalformedInput', status: 400 },
};

export function okAnswer(
  service: AwsService,
  operation: Operation,
  protocol: Protocol,
  output: unknown,
  requestId: string,
): Answer {
  const shape = outputOf(operation.shape);
  if (protocol === 'json') {
    return {
      status: 200,
      headers: { 'x-amzn-requestid': requestId },
      body: JSON.stringify(toJson(shape, output)),
    };
  }
  const name = nameOf(operation.shape);
  return {
    status: 200,
    headers: { 'x-amzn-requestid': requestId },
    body:
      `<${name}Response xmlns="${service.query?.namespace ?? ''}">` +
      `<${name}Result>${toXml(shape, output)}</${name}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
      `</${name}Response>`,
  };
}

export function errorAnswer(
  protocol: Protocol,
  error: AwsError,
  requestId: string,
  options: { queryMode: boolean; namespace?: string },
): Answer {
  const { code, status } = IN_QUERY[error.type] ?? {
    code: error.type,
    status: error.status,
  };
  const fault = status < 500 ? 'Sender' : 'Receiver';
  if (protocol === 'json') {
    return {
      status: error.status,
      headers: {
        'x-amzn-requestid': requestId,
        // CloudWatch's clients spoke query once and still look for its error codes
        ...(options.queryMode
          ? { 'x-amzn-query-error': `${code};${fault}` }
          : {}),
      },
      body: JSON.stringify({ __type: error.type, message: error.message }),
    };
  }
  return {
    status,
    headers: { 'x-amzn-requestid': requestId },
    body:
      `<ErrorResponse xmlns="${options.namespace ?? ''}"><Error>` +
      `<Type>${fault}</Type><Code>${escapeXml(code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}
