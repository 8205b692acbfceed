/**
 * Times the numbers behind the DORA page of a whole portal: `index.ts <services> <rows> <rounds> <url of Postgres or nothing>`. The
 * plugin's own tables and store; rows are made by the database. The last line of its output is JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
const say = (text: string) => process.stderr.write(`${text}\n`);
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

function connect(url: string | undefined, folder: string) {
  const filename = join(folder, 'delivery.sqlite');
  const knex = Knex(
    url
      ? { client: 'pg', connection: url }
      : {
          client: 'better-sqlite3',
          connection: { filename },
          useNullAsDefault: true,
          pool: { min: 1, max: 1 },
        },
  );
  return { knex, isSqlite: url === undefined };
}

async function main() {
  const [services, rows, rounds] = process.argv.slice(2, 5).map(Number);
  const url = process.argv[5];
  const folder = await mkdtemp(join(tmpdir(), 'delivery-b5-'));
  const { knex, isSqlite } = connect(url, folder);
  try {
    const { dora } = await DatabaseDeliveryStore.create({ database: knex });
    const window = windowOfDays(90, NOW, TIME_ZONE);
    const sizes = { services, rows, days: 730, to: window.to };
    const [seedMs] = await timed(async () => {
      if (!isSqlite) return seedPostgres(knex, sizes);
      const connection = await knex.client.acquireConnection();
      seedSqlite(connection, sizes);
      return knex.client.releaseConnection(connection);
    });
    say(`seeded ${rows} deployments and changes in ${Math.round(seedMs)} ms`);
    const before = memory();
    const spans = [
      window,
      previousWindow(window, TIME_ZONE),
      ...bucketsOf(window, TIME_ZONE),
    ];
    const options = { method: 'continuous', asOf: NOW } as const;
    const range = { from: spans[1].from, to: window.to };
    const sum = () => sumOver(knex, range);
    const totals = () => dora.totals(undefined, spans, options);
    const times: Record<'sum' | 'totals', number[]> = { sum: [], totals: [] };
    let during = before;
    // Once for nothing: what is read is in memory then.
    await sum();
    const [, answer] = [await totals(), await totals()];
    for (let round = 0; round < rounds; round += 1) {
      times.sum.push((await timed(sum))[0]);
      times.totals.push((await timed(totals))[0]);
      const now = memory();
      during = {
        rss: Math.max(during.rss, now.rss),
        heapUsed: Math.max(during.heapUsed, now.heapUsed),
      };
    }
    const most = mebibytes(process.resourceUsage().maxRSS * 1024);
    const names = (await dora.services()).map(({ service }) => service);
    const every = Math.floor(names.length / TEAM);
    const team = names.filter((_, index) => index % every === 0).slice(0, TEAM);
    const teams = [];
    for (let round = 0; round < rounds; round += 1) {
      teams.push((await timed(() => dora.totals(team, spans, options)))[0]);
    }
    const [scanMs, scanned] = await timed(() =>
      dora.totals(names, spans, options),
    );
    const [servicesMs] = await timed(() =>
      dora.totalsByService(undefined, window, options),
    );
    const result = {
      ...{ buckets: spans.length - 2, deployments: answer[0].tried },
      ...{ sumMs: median(times.sum), totalsMs: median(times.totals) },
      ...{ teamMs: median(teams), scanMs, servicesMs },
      ...{ before, during, after: memory(), most, seedMs },
      same: isDeepStrictEqual(scanned, answer),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await knex.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One sum over the index that holds all deployments by time, without reading their table. */
async function sumOver(knex: Knex.Knex, { from, to }: TimeWindow) {
  return knex.raw(
    'select sum(attempts) as n from dora_deployment where hidden = 0 and at >= ? and at < ?',
    [from, to],
  );
}

main().catch(error => {
  say(error.stack);
  process.exitCode = 1;
});
