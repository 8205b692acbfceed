import { Readable } from 'stream';
import { gunzipSync } from 'zlib';
import type { RefUpdate } from '../rules/pushRules';

/** What a client sends to `git-receive-pack`. */
export interface PushRequest {
  updates: RefUpdate[];
  /** Words the client understands: `report-status`, `side-band-64k`, … */
  capabilities: string[];
  /** The objects; empty when nothing but deletions is pushed. */
  pack: Buffer;
}

/** Bytes of one packet of the side band, with its number and the length in front. */
const MOST_BYTES = 65_520 - 5;

/** @throws Error for a body that is no gzip though it says so */
export async function wholeBody(
  body: Readable,
  encoding: string | undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
}

/** Reads packets until a flush; `rest` is where the next thing begins. */
function packets(body: Buffer): { lines: string[]; rest: number } {
  const lines: string[] = [];
  let at = 0;
  while (at + 4 <= body.length) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!Number.isFinite(length)) break;
    if (length === 0) return { lines, rest: at + 4 };
    if (length < 4) break;
    lines.push(body.toString('utf8', at + 4, at + length));
    at += length;
  }
  return { lines, rest: body.length };
}

/** Reads the body of a push; no updates when it is something else (git asks with an empty one first). */
export function readPush(body: Buffer): PushRequest {
  const { lines, rest } = packets(body);
  const [, words = ''] = (lines[0] ?? '').split('\0');
  const updates = lines.flatMap(line => {
    const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line);
    return match ? [{ before: match[1], after: match[2], ref: match[3] }] : [];
  });
  const capabilities = words.trim().split(' ').filter(Boolean);
  let pack = body.subarray(rest);
  // options of the push stand between the commands and the objects
  if (capabilities.includes('push-options')) {
    pack = pack.subarray(packets(pack).rest);
  }
  return { updates, capabilities, pack };
}

function packet(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text as string);
  const length = (bytes.length + 4).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(length), bytes]);
}

const FLUSH = Buffer.from('0000');

function banded(band: 1 | 2, bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MOST_BYTES) {
    const piece = bytes.subarray(at, at + MOST_BYTES);
    parts.push(packet(Buffer.concat([Buffer.from([band]), piece])));
  }
  return parts;
}

/**
 * The answer to a push of which nothing is taken.
 * @param message - for the person; git shows it line by line behind `remote:`
 * @param reasons - why, by ref; others say that the hook declined
 */
export function refusedPush(
  request: PushRequest,
  message: string,
  reasons: Map<string, string>,
): Buffer {
  const status = Buffer.concat([
    packet('unpack ok\n'),
    ...request.updates.map(({ ref }) =>
      packet(`ng ${ref} ${reasons.get(ref) ?? 'pre-receive hook declined'}\n`),
    ),
    FLUSH,
  ]);
  const { capabilities } = request;
  // the second version of the report differs for refs that are taken only
  const listens = ['report-status', 'report-status-v2'];
  if (!capabilities.some(word => listens.includes(word))) return FLUSH;
  if (!capabilities.includes('side-band-64k')) return status;
  return Buffer.concat([
    ...banded(2, Buffer.from(message === '' ? '' : `${message}\n`)),
    ...banded(1, status),
    FLUSH,
  ]);
}
