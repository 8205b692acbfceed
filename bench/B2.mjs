import { inOwnProcess } from './lib/inOwnProcess.mjs';

const TARGET = 2400;
const RUNS_A_DAY = 20;

/** Calls of GitHub's API in hours of which nothing is special, counted by the sandbox; and for pages that are looked at. */
export default async function measure({ quick, log }) {
  const repositories = quick ? 200 : 2000;
  const hours = quick ? 1 : 3;
  const result = await inOwnProcess(
    'bench/steadyState/index.ts',
    [repositories, hours],
    { log, tell: /^(first read|hour)/ },
  );
  for (const { route, perHour } of result.routes) {
    log(`${Math.round(perHour)}/h ${route}`);
  }
  const { totals, runs, deliveries, perHour, views, backfill } = result;
  const target = (TARGET * repositories) / 2000;
  return [
    {
      figure: `GitHub calls per hour in steady state, ${repositories} services × ${RUNS_A_DAY} runs a day, mean of ${hours} simulated hour(s) (${runs} runs of 3 jobs, 10 % of them through a protected environment, ${deliveries} deliveries)`,
      seen: `${Math.round(perHour)} (${totals.join(', ')})`,
      target: `≤ ${target}`,
      ok: perHour <= target,
    },
    {
      figure: `GitHub calls of ${views.services} services and their newest completed run, looked at again after all caches in memory are over`,
      seen: String(views.warm),
      target: '0',
      ok: views.warm === 0,
    },
    {
      figure: `GitHub calls of the same views the first time (artifacts, jobs of runs from before the portal), and of the first read of ${repositories} repositories`,
      seen: `${views.first}, ${backfill}`,
    },
  ];
}
