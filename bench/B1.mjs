import { createBenchPortal } from './lib/benchPortal.mjs';
import { load, loadInTurns } from './lib/load.mjs';
import { seedRuns } from './lib/seed.mjs';

const HOST = '127.0.0.1:9';
const TARGETS = { sqlite: { p50: 2.5, p95: 3 }, postgres: { p50: 4, p95: 5 } };
/** A little longer than the product keeps anything. */
const CACHE_MS = 10_500;
const USERS = 10;
const ENTITIES = 50;

async function measureOne(database, { quick, log }) {
  const services = quick ? 200 : 2000;
  const perService = quick ? 50 : 1000;
  const portal = await createBenchPortal({ database, services, host: HOST });
  try {
    await portal.fill();
    const began = Date.now();
    const rows = await seedRuns(portal, {
      services,
      perService,
      host: HOST,
      now: Date.now(),
    });
    log(
      `${database}: ${rows} runs of ${services} services seeded in ${Math.round(
        (Date.now() - began) / 1000,
      )} s`,
    );
    await portal.start();
    const tokens = await Promise.all(
      Array.from({ length: USERS }, (_, index) =>
        portal.token(`user:default/u${index}`),
      ),
    );
    const auth = index => ({
      authorization: `Bearer ${tokens[index % USERS]}`,
    });
    const overview = index => ({
      url: `${portal.url}/api/delivery/v1/entities/component/default/service-${
        Math.floor(index / USERS) % ENTITIES
      }/overview`,
      headers: auth(index),
    });
    const noop = index => ({
      url: `${portal.url}/api/baseline/noop`,
      headers: auth(index),
    });
    const pairs = USERS * ENTITIES;
    await load({ clients: 1, count: 200, make: noop });
    const cold = await load({ clients: 1, count: pairs, make: overview });
    if (Object.keys(cold.statuses).join() !== '200')
      throw new Error(`cold: ${JSON.stringify(cold.statuses)}`);
    log(
      `${database}: cold p50 ${cold.p50.toFixed(1)} ms, p95 ${cold.p95.toFixed(
        1,
      )} ms`,
    );
    const result = [];
    for (const clients of [1, 10]) {
      const { base, warm } = await loadInTurns(4, {
        base: { clients, count: 800, make: noop },
        warm: {
          clients,
          count: clients === 1 ? 800 : 2000,
          make: overview,
          // Warm means within the cache time: nothing may come to its end in the middle.
          before: async () => {
            await new Promise(resolve => setTimeout(resolve, CACHE_MS));
            await load({ clients: 10, count: pairs, make: overview });
          },
        },
      });
      if (Object.keys(warm.statuses).join() !== '200')
        throw new Error(`warm: ${JSON.stringify(warm.statuses)}`);
      const p50 = warm.p50 / base.p50;
      const p95 = warm.p95 / base.p95;
      log(
        `${database}, ${clients} client(s): no-op ${base.p50.toFixed(
          2,
        )} / ${base.p95.toFixed(2)} ms, overview ${warm.p50.toFixed(
          2,
        )} / ${warm.p95.toFixed(2)} ms`,
      );
      result.push({
        figure: `warm overview, ${database}, ${services} services, ${rows} runs, ${clients} client(s): p50 / p95 as a multiple of an authenticated no-op`,
        seen: `${p50.toFixed(2)}× / ${p95.toFixed(2)}× (${warm.p50.toFixed(
          2,
        )} / ${warm.p95.toFixed(2)} ms)`,
        target: `≤ ${TARGETS[database].p50}× / ${TARGETS[database].p95}×`,
        ok: p50 <= TARGETS[database].p50 && p95 <= TARGETS[database].p95,
      });
    }
    result.push({
      figure: `cold overview, ${database}, 1 client: p50 / p95`,
      seen: `${cold.p50.toFixed(1)} / ${cold.p95.toFixed(1)} ms`,
    });
    return result;
  } finally {
    await portal.dispose();
  }
}

/** Warm overview of a large portal, beside an authenticated route that does nothing, in the same backend. */
export default async function measure(options) {
  return [
    ...(await measureOne('sqlite', options)),
    ...(await measureOne('postgres', options)),
  ];
}
