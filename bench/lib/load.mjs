import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** Value below which a share `p` of the sorted `values` lies (nearest rank). */
export function percentile(values, p) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
}

function once(agent, { url, method = 'GET', headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const req = request(url, { method, headers, agent }, res => {
      let bytes = 0;
      res.on('data', chunk => (bytes += chunk.length));
      res.on('end', () =>
        resolve({
          status: res.statusCode,
          bytes,
          ms: performance.now() - began,
        }),
      );
    });
    req.on('error', reject);
    req.end(body);
  });
}

/**
 * Sends `count` requests with `clients` at once over kept-alive connections.
 *
 * @param {(index: number) => object} make - the index-th request
 * @returns {Promise<{p50: number, p95: number, perSecond: number, statuses: Record<number, number>, times: number[]}>} times in ms
 */
export async function load({ clients, count, make }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times = [];
  const statuses = {};
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        const { status, ms } = await once(agent, make(index));
        statuses[status] = (statuses[status] ?? 0) + 1;
        times.push(ms);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    perSecond: count / seconds,
    statuses,
    times,
  };
}

/** As {@link load}, several times one after the other: what else the machine does meanwhile then strikes all of `loads` alike. */
export async function loadInTurns(rounds, loads) {
  const results = Object.keys(loads).map(() => ({ times: [], statuses: {} }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, one] of Object.values(loads).entries()) {
      const { before, ...options } = one;
      await before?.();
      const { times, statuses } = await load(options);
      results[index].times.push(...times);
      for (const [status, n] of Object.entries(statuses)) {
        const known = results[index].statuses[status] ?? 0;
        results[index].statuses[status] = known + n;
      }
    }
  }
  return Object.fromEntries(
    Object.keys(loads).map((name, index) => {
      const { times, statuses } = results[index];
      const p50 = percentile(times, 0.5);
      const p95 = percentile(times, 0.95);
      return [name, { p50, p95, statuses }];
    }),
  );
}
