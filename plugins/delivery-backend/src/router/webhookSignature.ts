import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * True when the header is the HMAC-SHA256 of the raw body by one of the secrets (several while one is being rotated). Takes the
 * same time wherever a wrong signature differs.
 */
export function isSigned(
  body: Buffer,
  header: string | undefined,
  secrets: string[],
): boolean {
  const got = Buffer.from(header ?? '');
  let found = false;
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret).update(body).digest('hex');
    const want = Buffer.from(`sha256=${hmac}`);
    found = (got.length === want.length && timingSafeEqual(got, want)) || found;
  }
  return found;
}
