/**
 * Times the numbers behind the DORA page of a whole portal, with the plugin's own tables and store: `index.ts seed <where> <services>
 * <rows>` fills them, `index.ts measure <where> <rounds>` in a process of its own, whose memory is that of the report alone. `where` is
 * a file of SQLite or the URL of Postgres. The last line of its output is JSON.
 */
import { isDeepStrictEqual } from 'node:util';
import Knex from 'knex';
import {
  bucketsOf,
  previousWindow,
  windowOfDays,
  type TimeWindow,
} from '../../plugins/delivery-common/src/domain';
import { DatabaseDeliveryStore } from '../../plugins/delivery-backend/src/database/DatabaseDeliveryStore';
import { seedPostgres, seedSqlite } from './seedRows';

/** Midnight there is none in UTC, where counts by day begin: the dearer case. */
const TIME_ZONE = 'Europe/Oslo';
const NOW = Date.UTC(2026, 2, 1, 12);
const TEAM = 50;
const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);

async function timed<T>(act: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await act();
  return [performance.now() - began, result];
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function memory() {
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: mebibytes(rss), heapUsed: mebibytes(heapUsed) };
}

function connect(where: string) {
  const isSqlite = !where.startsWith('postgresql:');
  const knex = Knex(
    isSqlite
      ? {
          client: 'better-sqlite3',
          connection: { filename: where },
          useNullAsDefault: true,
          pool: { min: 1, max: 1 },
        }
      : { client: 'pg', connection: where },
  );
  return { knex, isSqlite };
}

const WINDOW = windowOfDays(90, NOW, TIME_ZONE);

async function seed(where: string, services: number, rows: number) {
  const { knex, isSqlite } = connect(where);
  await DatabaseDeliveryStore.create({ database: knex });
  const sizes = { services, rows, days: 730, to: WINDOW.to };
  const [seedMs] = await timed(async () => {
    if (!isSqlite) return seedPostgres(knex, sizes);
    const connection = await knex.client.acquireConnection();
    seedSqlite(connection, sizes);
    return knex.client.releaseConnection(connection);
  });
  await knex.destroy();
  return { seedMs };
}

async function measure(where: string, rounds: number) {
  const { knex } = connect(where);
  const { dora } = await DatabaseDeliveryStore.create({ database: knex });
  const spans = [
    WINDOW,
    previousWindow(WINDOW, TIME_ZONE),
    ...bucketsOf(WINDOW, TIME_ZONE),
  ];
  const options = { method: 'continuous', asOf: NOW } as const;
  const range = { from: spans[1].from, to: WINDOW.to };
  const sum = () => sumOver(knex, range);
  const totals = () => dora.totals(undefined, spans, options);
  const times: Record<'sum' | 'totals', number[]> = { sum: [], totals: [] };
  const before = memory();
  // Once for nothing: what is read is in memory then.
  await sum();
  const answer = await totals();
  let heapUsed = before.heapUsed;
  for (let round = 0; round < rounds; round += 1) {
    times.sum.push((await timed(sum))[0]);
    times.totals.push((await timed(totals))[0]);
    heapUsed = Math.max(heapUsed, memory().heapUsed);
  }
  const rss = mebibytes(process.resourceUsage().maxRSS * 1024);
  const after = memory();
  const names = (await dora.services()).map(({ service }) => service);
  const every = Math.floor(names.length / TEAM);
  const team = names.filter((_, index) => index % every === 0).slice(0, TEAM);
  const teams: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    teams.push((await timed(() => dora.totals(team, spans, options)))[0]);
  }
  const [scanMs, scanned] = await timed(() =>
    dora.totals(names, spans, options),
  );
  const [servicesMs] = await timed(() =>
    dora.totalsByService(undefined, WINDOW, options),
  );
  await knex.destroy();
  return {
    ...{ buckets: spans.length - 2, deployments: answer[0].tried },
    ...{ sumMs: median(times.sum), totalsMs: median(times.totals) },
    ...{ teamMs: median(teams), scanMs, servicesMs },
    ...{ before, during: { rss, heapUsed }, after },
    same: isDeepStrictEqual(scanned, answer),
  };
}

/** One sum over the index that holds all deployments by time, without reading their table. */
async function sumOver(knex: Knex.Knex, { from, to }: TimeWindow) {
  return knex.raw(
    'select sum(attempts) as n from dora_deployment where hidden = 0 and at >= ? and at < ?',
    [from, to],
  );
}

async function main() {
  const [, , what, where, first, second] = process.argv;
  const result =
    what === 'seed'
      ? await seed(where, Number(first), Number(second))
      : await measure(where, Number(first));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
