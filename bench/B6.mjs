import { inOwnProcess } from './lib/inOwnProcess.mjs';

/** Calls of AWS's API in a tick, counted by the sandbox. */
export default async function measure({ quick, log }) {
  const services = quick ? 200 : 2000;
  const result = await inOwnProcess('bench/awsCalls/index.ts', [services], {
    log,
    tell: /^first read/,
  });
  const { seen, expected, clusters, tasks, alarms, first, operations } = result;
  for (const [operation, calls] of Object.entries(operations)) {
    log(`${calls} ${operation}`);
  }
  return [
    {
      figure: `AWS calls of each of ten ticks: ${services} services in ${clusters} clusters of 4 accounts, ${tasks} tasks, ${alarms} alarms (STS apart)`,
      seen: seen.join(', '),
      target: `${expected.join(
        ', ',
      )}: ceil(N/10) a cluster; every fifth + 2·ceil(T/100) a cluster + ceil(A/100) an account`,
      ok: seen.join() === expected.join(),
    },
    {
      figure: `AWS calls of the first read of all ${services} services with 90 days of their deployments`,
      seen: String(first),
    },
  ];
}
