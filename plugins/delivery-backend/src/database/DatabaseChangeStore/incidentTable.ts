import type { IncidentIssue } from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import type { IncidentRow } from '../ChangeStore';
import {
  bool,
  int,
  json,
  optionalInt,
  optionalText,
  text,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { saveNewer } from './newerRows';

type Item = IncidentIssue & { isIncident: boolean };

function toRow(item: Item): Raw {
  return {
    number: item.number,
    is_incident: item.isIncident,
    title: item.title,
    body: item.body ?? null,
    url: item.url ?? null,
    labels_json: JSON.stringify(item.labels),
    opened_at: item.openedAt,
    labelled_at: item.labelledAt ?? null,
    closed_at: item.closedAt ?? null,
    updated_at: item.updatedAt,
  };
}

function fromRow(row: Raw): Item {
  return {
    number: int(row.number),
    isIncident: bool(row.is_incident),
    title: text(row.title),
    body: optionalText(row.body),
    url: optionalText(row.url),
    labels: json(row.labels_json),
    openedAt: int(row.opened_at),
    labelledAt: optionalInt(row.labelled_at),
    closedAt: optionalInt(row.closed_at),
    updatedAt: int(row.updated_at),
  };
}

/** See ChangeStore.saveIncidents; `tx` is a transaction. */
export function saveIncidents(
  tx: Knex,
  repoKey: string,
  items: Item[],
): Promise<number[]> {
  return saveNewer(
    tx,
    { name: 'incident_issue', toRow, fromRow },
    repoKey,
    items,
  );
}

export async function incidents(
  db: Knex,
  repoKey: string,
): Promise<IncidentRow[]> {
  const rows: Raw[] = await db('incident_issue')
    .where({ repo_key: repoKey, is_incident: true })
    .orderBy(['opened_at', 'number']);
  return rows.map(row => ({ repoKey, ...fromRow(row) }));
}
