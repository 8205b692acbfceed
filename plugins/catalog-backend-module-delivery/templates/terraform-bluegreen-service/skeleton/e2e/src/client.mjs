/**
 * The address under test, without a slash at its end.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string}
 * @throws {Error} that says what to set.
 */
export function baseUrl(env) {
  const value = env.BASE_URL ?? '';
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new Error('Set BASE_URL to the address under test, such as https://service.staging.example');
  }
  return value.replace(/\/+$/, '');
}

/**
 * Fetches with a time limit; the key for smoke and end-to-end tests goes along when there is one.
 *
 * @param {{ base: string, key?: string, timeoutMs?: number }} options
 * @returns {(path: string, init?: RequestInit) => Promise<Response>}
 */
export function createClient({ base, key, timeoutMs = 10_000 }) {
  return (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (key) headers.set('x-api-key', key);
    // A redirect could carry the key to another host.
    return fetch(base + path, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  };
}
