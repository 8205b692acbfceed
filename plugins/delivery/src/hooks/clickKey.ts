/**
 * A new idempotency key for one click: whatever is sent with it twice is done once.
 *
 * `crypto.randomUUID` exists only on secure pages; a portal may be served over plain HTTP inside a company.
 */
export function clickKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
