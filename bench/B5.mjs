import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../scripts/lib/postgres.mjs';
import { inOwnProcess } from './lib/inOwnProcess.mjs';

const TARGET = 5;

async function measureOne(database, { quick, log }) {
  const services = quick ? 500 : 10_000;
  const rows = quick ? 250_000 : 5_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'delivery-b5-'));
  const postgres = database === 'Postgres' ? await startPostgres() : undefined;
  const where = postgres?.url ?? join(folder, 'delivery.sqlite');
  const run = args =>
    inOwnProcess('bench/doraReport/index.ts', args, { log, tell: /^never/ });
  try {
    const { seedMs } = await run(['seed', where, services, rows]);
    log(
      `${database}: ${rows} deployments and as many changes made in ${Math.round(
        seedMs / 1000,
      )} s`,
    );
    return { ...(await run(['measure', where, 9])), services, rows, quick };
  } finally {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(database, result) {
  const { sumMs, totalsMs, buckets, deployments, services, rows } = result;
  const { before, during, after } = result;
  const ratio = totalsMs / sumMs;
  const ms = value => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  if (!result.same) {
    throw new Error(`${database}: numbers differ from those of the rows`);
  }
  return [
    {
      figure: `DORA of the whole portal, ${database}: 90 days (${deployments} deployments), the 90 before and ${buckets} weeks, of ${rows} deployments and ${rows} changes of ${services} services in 730 days, as a multiple of one sum() over the same covering index range`,
      seen: `${ratio.toFixed(1)}× (${ms(totalsMs)} of ${ms(sumMs)})`,
      // What every question costs is more than the whole sum over few rows: a small ratio says nothing there.
      ...(!result.quick && { target: `≤ ${TARGET}×`, ok: ratio <= TARGET }),
    },
    {
      figure: `memory of the process before, at most during and after these, ${database}: resident (in the heap)`,
      seen: `${[before, during, after]
        .map(({ rss, heapUsed }) => `${rss} (${heapUsed})`)
        .join(', ')} MiB`,
    },
    {
      figure: `the same for a team of 50 services, ${database}; read from the rows of all services, equal to the last digit; each service apart`,
      seen: [result.teamMs, result.scanMs, result.servicesMs]
        .map(ms)
        .join('; '),
    },
  ];
}

/** The metrics of a whole portal, added up by the database. */
export default async function measure(options) {
  return [
    ...tell('SQLite', await measureOne('SQLite', options)),
    ...tell('Postgres', await measureOne('Postgres', options)),
  ];
}
