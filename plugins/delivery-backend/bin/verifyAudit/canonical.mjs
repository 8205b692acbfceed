import { createHash } from 'node:crypto';

export const sha256 = data => createHash('sha256').update(data).digest('hex');

/** JSON with sorted keys: what is hashed. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  const parts = keys.map(k => `${JSON.stringify(k)}:${canonical(value[k])}`);
  return `{${parts.join(',')}}`;
}
