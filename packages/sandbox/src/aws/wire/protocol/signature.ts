import { createHash, createHmac, timingSafeEqual } from 'crypto';
import { IncomingHttpHeaders } from 'http';

/** What the `Authorization` header of a signed request says. */
export interface Signature {
  accessKeyId: string;
  /** `20261120` */
  day: string;
  region: string;
  /** Of the credential scope: `ecs`, `elasticloadbalancing`, `monitoring` … */
  service: string;
  signedHeaders: string[];
  signature: string;
}

/** What a signature is computed over. */
export interface SignedRequest {
  method: string;
  /** Path and query as sent. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/;

/** Signature version 4 only. @returns undefined when there is none or it is malformed */
export function readSignature(
  authorization: string | undefined,
): Signature | undefined {
  const match = AUTHORIZATION.exec(authorization?.trim() ?? '');
  if (!match) return undefined;
  const [, accessKeyId, day, region, service, headers, signature] = match;
  return {
    accessKeyId,
    day,
    region,
    service,
    signedHeaders: headers.split(';'),
    signature,
  };
}

const sha256 = (data: Buffer | string) =>
  createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, text: string) =>
  createHmac('sha256', key).update(text).digest();

const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function canonicalQuery(search: string): string {
  return [...new URLSearchParams(search)]
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .sort()
    .join('&');
}

function headerText(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name] ?? '';
  return (Array.isArray(value) ? value.join(',') : value)
    .trim()
    .replace(/ +/g, ' ');
}

/**
 * Whether the request was signed with the secret, and body, host and time are part of what was signed.
 */
export function isSignedWith(
  secret: string,
  { method, url, headers, body }: SignedRequest,
  sign: Signature,
): boolean {
  const time = headerText(headers, 'x-amz-date');
  const stated = headerText(headers, 'x-amz-content-sha256');
  const hash = sha256(body);
  if (
    !time.startsWith(sign.day) ||
    (stated !== '' && stated !== hash) ||
    !sign.signedHeaders.includes('host') ||
    !sign.signedHeaders.includes('x-amz-date')
  ) {
    return false;
  }
  const [path, search = ''] = url.split('?');
  const canonical = [
    method,
    path.split('/').map(encode).join('/'),
    canonicalQuery(search),
    ...sign.signedHeaders.map(name => `${name}:${headerText(headers, name)}`),
    '',
    sign.signedHeaders.join(';'),
    hash,
  ].join('\n');
  const scope = `${sign.day}/${sign.region}/${sign.service}/aws4_request`;
  const key = [sign.region, sign.service, 'aws4_request'].reduce(
    (last, part) => hmac(last, part),
    hmac(`AWS4${secret}`, sign.day),
  );
  const expected = hmac(
    key,
    ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n'),
  );
  return timingSafeEqual(expected, Buffer.from(sign.signature, 'hex'));
}
