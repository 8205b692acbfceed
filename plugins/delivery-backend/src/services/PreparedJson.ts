import { createHash } from 'node:crypto';

/** JSON that is ready to be sent, with its validator: what a cache holds, so that a warm answer serialises nothing. */
export class PreparedJson {
  static of(value: unknown): PreparedJson {
    const body = Buffer.from(JSON.stringify(value));
    const hash = createHash('sha1').update(body).digest('base64url');
    return new PreparedJson(body, `"${hash}"`);
  }

  private constructor(readonly body: Buffer, readonly etag: string) {}
}
