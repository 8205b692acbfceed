import {
  compareText,
  type DoraIncident,
  type Excluded,
  type TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  int,
  json,
  optionalInt,
  text,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import type { ServiceSet, StoredChange, StoredDeployment } from '../DoraStore';
import { all, ofServices, type Sql } from './serviceSet';

/** By moment, then id, then service: code units, the same order on both databases. */
function inOrder<T>(rows: Raw[], service: (item: T) => string): T[] {
  return rows
    .map(row => ({
      at: optionalInt(row.shown_at) ?? Infinity,
      id: text(row.id),
      item: json<T>(row.json),
    }))
    .sort(
      (a, b) =>
        (a.at === b.at ? 0 : a.at - b.at) ||
        compareText(a.id, b.id) ||
        compareText(service(a.item), service(b.item)),
    )
    .map(({ item }) => item);
}

async function deploymentRows(
  db: Knex,
  services: ServiceSet,
  column: 'shown_at' | 'recovered_at',
  { from, to }: TimeWindow,
): Promise<StoredDeployment[]> {
  const whose = await ofServices(db, 'd.service_id', services);
  const rows = await all<Raw>(db, {
    text: `select d.id, d.shown_at, r.json from dora_deployment d
      join dora_deployment_row r on r.service_id = d.service_id and r.id = d.id
      where d.${column} >= ? and d.${column} < ? and ${whose.text}`,
    values: [from, to, ...whose.values],
  });
  return inOrder<StoredDeployment>(rows, item => item.deployment.service);
}

export function deployments(
  db: Knex,
  services: ServiceSet,
  window: TimeWindow,
): Promise<StoredDeployment[]> {
  return deploymentRows(db, services, 'shown_at', window);
}

export function recovered(
  db: Knex,
  services: ServiceSet,
  window: TimeWindow,
): Promise<StoredDeployment[]> {
  return deploymentRows(db, services, 'recovered_at', window);
}

export async function deployment(
  db: Knex,
  service: string,
  id: string,
): Promise<StoredDeployment | undefined> {
  const row: Raw | undefined = await db('dora_deployment_row as r')
    .join('dora_service as s', 's.id', 'r.service_id')
    .where({ 's.service': service, 'r.id': id })
    .first('r.json');
  return row && json(row.json);
}

export async function changes(
  db: Knex,
  services: ServiceSet,
  { from, to }: TimeWindow,
  withExcluded: boolean,
): Promise<StoredChange[]> {
  const whose = await ofServices(db, 'r.service_id', services);
  const counted = withExcluded ? '' : ' and r.at is not null';
  const rows = await all<Raw>(db, {
    text: `select r.id, r.shown_at, r.json from dora_change_row r
      where r.shown_at >= ? and r.shown_at < ?${counted} and ${whose.text}`,
    values: [from, to, ...whose.values],
  });
  return inOrder<StoredChange>(rows, item => item.change.service);
}

export async function incidents(
  db: Knex,
  services: ServiceSet,
  { from, to }: TimeWindow,
): Promise<DoraIncident[]> {
  const whose = await ofServices(db, 'service_id', services);
  const rows = await all<Raw>(db, {
    text: `select id, started_at as shown_at, json from dora_incident
      where ((started_at >= ? and started_at < ?) or (resolved_at >= ? and resolved_at < ?)) and ${whose.text}`,
    values: [from, to, from, to, ...whose.values],
  });
  return inOrder<DoraIncident>(rows, item => item.service ?? '');
}

/** What was left out for want of a moment is in every window, so that nothing goes unseen. */
export async function excluded(
  db: Knex,
  services: ServiceSet,
  { from, to }: TimeWindow,
): Promise<Excluded[]> {
  const whose = await ofServices(db, 'service_id', services);
  const rows = await all<Raw>(db, {
    text: `select at as shown_at, place as id, json from dora_excluded where ((at >= ? and at < ?) or at is null) and ${whose.text}`,
    values: [from, to, ...whose.values],
  });
  return inOrder<Excluded>(rows, item => `${item.service} ${item.id}`);
}

export interface ExcludedCount {
  what: Excluded['what'];
  reason: Excluded['reason'];
  count: number;
}

/** Deployments and changes that do not count, and what became neither. */
export async function excludedCounts(
  db: Knex,
  services: ServiceSet,
  { from, to }: TimeWindow,
): Promise<ExcludedCount[]> {
  const whose = await ofServices(db, 'service_id', services);
  const part = (what: string, table: string): Sql => ({
    text: `select '${what}' as what, excluded as reason, count(*) as n from ${table}
      where excluded is not null and shown_at >= ? and shown_at < ? and ${whose.text} group by 1, 2`,
    values: [from, to, ...whose.values],
  });
  const parts = [
    part('deployment', 'dora_deployment'),
    part('change', 'dora_change_row'),
    {
      text: `select what, reason, count(*) as n from dora_excluded
        where ((at >= ? and at < ?) or at is null) and ${whose.text} group by 1, 2`,
      values: [from, to, ...whose.values],
    },
  ];
  const rows = await all<Raw>(db, {
    text: `select what, reason, sum(n) as n from (${parts
      .map(({ text: sql }) => sql)
      .join(' union all ')}) as parts group by 1, 2`,
    values: parts.flatMap(({ values }) => values),
  });
  return rows
    .map(row => ({
      what: row.what as Excluded['what'],
      reason: row.reason as Excluded['reason'],
      count: int(row.n),
    }))
    .sort(
      (a, b) => compareText(a.what, b.what) || compareText(a.reason, b.reason),
    );
}
