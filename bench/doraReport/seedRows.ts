import type { Knex } from 'knex';
import {
  binOf,
  COUNTS,
  MEASURES,
} from '../../plugins/delivery-backend/src/database/DatabaseDoraStore/measures';

const DAY = 86_400_000;
/** Rows made at a time. */
const CHUNK = 250_000;

export interface Sizes {
  services: number;
  /** As many deployments as changes. */
  rows: number;
  /** Days that end with `to`. */
  days: number;
  to: number;
}

/** What the two databases say differently. */
interface Dialect {
  /** Table `numbers(n)`. */
  numbers: (from: number, to: number) => string;
  /** Whole number below `x`. */
  whole: (x: string) => string;
  random: string;
  /** Normally distributed. */
  normal: string;
  bin: (value: string) => string;
  dayOf: (at: string) => string;
}

const POSTGRES: Dialect = {
  numbers: (from, to) => `generate_series(${from}, ${to - 1}) as numbers(n)`,
  whole: x => `floor(${x})::bigint`,
  random: 'random()',
  normal: 'random_normal()',
  bin: value =>
    `(get_byte(float8send(${value}::float8), 0) * 256 + get_byte(float8send(${value}::float8), 1))`,
  dayOf: at => `floor(${at} / ${DAY}.0)::int`,
};
const SQLITE: Dialect = {
  numbers: (from, to) =>
    `(with recursive c(n) as (select ${from} union all select n + 1 from c where n + 1 < ${to}) select n from c) as numbers`,
  whole: x => `cast(${x} as integer)`,
  random: 'bench_random()',
  normal: 'bench_normal()',
  bin: value => `bench_bin(${value})`,
  dayOf: at => `(${at} / ${DAY})`,
};

/** Few services have most of it: the busiest of 10,000 has one deployment in a hundred. */
function serviceId({ whole, random }: Dialect, services: number): string {
  return `1 + ${whole(`${services} * power(${random}, 2)`)}`;
}

function moment({ whole, random }: Dialect, { to, days }: Sizes): string {
  return `${to - days * DAY} + ${whole(`${random} * ${days * DAY}`)}`;
}

/** Log-normal, by its median in milliseconds. */
function span({ whole, normal }: Dialect, median: number, width: number) {
  return whole(`${median} * exp(${width} * ${normal})`);
}

function deployments(d: Dialect, sizes: Sizes, from: number, to: number) {
  const bins = ['duration', 'queued', 'waited', 'recovery', 'detect'].map(
    name =>
      `case when ${name}_ms is null then null else ${d.bin(
        `${name}_ms`,
      )} end as ${name}_bin`,
  );
  return `insert into dora_deployment (service_id, id, hidden, at, shown_at, deployed, judged, failed, rework_judged, rework, tried,
      succeeded, attempts, attempts_succeeded, rolled_back, open, duration_ms, queued_ms, waited_ms, recovered_at, recovery_ms, detect_ms,
      provisional_until, excluded, duration_bin, queued_bin, waited_bin, recovery_bin, detect_bin)
    with made as materialized (select n, ${serviceId(
      d,
      sizes.services,
    )} as service_id, ${moment(d, sizes)} as at,
        ${d.random} as r1, ${d.random} as r2, ${d.random} as r3, ${
    d.random
  } as r4,
        ${span(d, 480_000, 0.8)} as duration, ${span(d, 15_000, 1)} as queued,
        ${span(d, 1_200_000, 1.6)} as waited, ${span(
    d,
    2_700_000,
    1.2,
  )} as recovery,
        ${span(d, 300_000, 1)} as detect
      from ${d.numbers(from, to)}),
    told as materialized (select *, r1 < 0.92 as ok, r1 < 0.96 as reached, r2 < 0.03 as back, r1 < 0.96 and r2 >= 0.03 and r3 < 0.08 as bad
      from made),
    whole as materialized (select *, case when ok then duration end as duration_ms, case when ok then queued end as queued_ms,
        case when ok and r4 < 0.5 then waited end as waited_ms, case when bad and r4 < 0.95 then recovery end as recovery_ms,
        case when bad and r4 < 0.6 then detect end as detect_ms from told)
    select service_id, 'd' || n, 0, at, at, ${flag('ok and not back')}, ${flag(
    'reached and not back',
  )}, ${flag('bad')}, ${flag('reached')}, ${flag(
    'reached and (back or r4 < 0.04)',
  )}, 1,
      ${flag('ok')}, 1 + ${flag('r4 < 0.05')}, ${flag('ok')}, ${flag(
    'back',
  )}, ${flag('bad and r4 >= 0.95')},
      duration_ms, queued_ms, waited_ms, case when recovery_ms is null then null else at + recovery_ms end, recovery_ms, detect_ms,
      case when reached then at + ${
        3 * DAY
      } end, case when back then 'rollback' end, ${bins.join(', ')} from whole`;
}

function flag(condition: string): string {
  return `case when ${condition} then 1 else 0 end`;
}

function changes(d: Dialect, sizes: Sizes, from: number, to: number) {
  return `insert into dora_change (service_id, id, place, hidden, at, lead_ms, lead_bin)
    with made as materialized (select n, ${serviceId(
      d,
      sizes.services,
    )} as service_id, ${moment(d, sizes)} as at,
        ${span(d, 72_000_000, 1.3)} as lead_ms from ${d.numbers(from, to)})
    select service_id, 'c' || n, 0, 0, at, lead_ms, ${d.bin(
      'lead_ms',
    )} from made`;
}

/** The counts that `save` keeps, made at once. */
function dayCounts(d: Dialect): string[] {
  const counts = COUNTS.map(
    ([, column], number) =>
      `select ${d.dayOf(
        'at',
      )}, ${number}, 0, sum(${column}) from dora_deployment group by 1`,
  );
  const bins = MEASURES.map(
    ({ table, number, at, bin }) =>
      `select ${d.dayOf(
        at,
      )}, ${number}, ${bin}, count(*) from ${table} where ${bin} is not null group by 1, 3`,
  );
  return [...counts, ...bins].map(
    sql => `insert into dora_day (day, measure, bin, n) ${sql}`,
  );
}

/** Statements that make the rows; without indexes meanwhile it takes a third of the time. */
function* statements(d: Dialect, sizes: Sizes): Generator<string> {
  yield `insert into dora_service (service, version, made_at, excluded_hash, hidden)
    select 'component:default/service-' || n, 'v', 0, '', ${
      d === SQLITE ? '0' : 'false'
    } from ${d.numbers(1, sizes.services + 1)}`;
  for (let from = 0; from < sizes.rows; from += CHUNK) {
    const to = Math.min(from + CHUNK, sizes.rows);
    yield deployments(d, sizes, from, to);
    yield changes(d, sizes, from, to);
  }
  yield* dayCounts(d);
}

/** Fills the narrow tables. Rows as JSON are left out: nothing that is measured reads them. */
export async function seedPostgres(db: Knex, sizes: Sizes): Promise<void> {
  await db.raw('select setseed(0.5)');
  const { rows } = await db.raw(
    `select indexname as name, indexdef as sql from pg_indexes where indexname like 'dora\\_%\\_idx'`,
  );
  for (const { name } of rows) await db.raw(`drop index ${name}`);
  for (const sql of statements(POSTGRES, sizes)) await db.raw(sql);
  for (const { sql } of rows) await db.raw(sql);
  await db.raw('vacuum analyze');
}

/** What seeding needs of better-sqlite3. */
interface Sqlite {
  exec(sql: string): void;
  pragma(text: string): void;
  prepare(sql: string): { all(): { name: string; sql: string }[] };
  function(name: string, call: (value: number) => number): void;
  function(
    name: string,
    options: { deterministic: boolean },
    call: () => number,
  ): void;
}

/** As {@link seedPostgres}, with a connection of better-sqlite3. */
export function seedSqlite(db: Sqlite, sizes: Sizes): void {
  const random = mulberry(5);
  const options = { deterministic: false };
  db.function('bench_random', options, random);
  db.function('bench_normal', options, () => {
    const [a, b] = [1 - random(), random()];
    return Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b);
  });
  db.function('bench_bin', binOf);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -400000');
  const rows = db
    .prepare(
      `select name, sql from sqlite_master where type = 'index' and name like 'dora%idx' and sql is not null`,
    )
    .all();
  for (const { name } of rows) db.exec(`drop index ${name}`);
  db.exec('begin');
  for (const sql of statements(SQLITE, sizes)) db.exec(sql);
  for (const { sql } of rows) db.exec(sql);
  db.exec('commit');
  db.exec('analyze');
}

/** Numbers from 0 to 1, the same ones each time. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
