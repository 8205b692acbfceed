import { createHash } from 'crypto';
import {
  canonical,
  type DoraIncident,
} from 'backstage-plugin-delivery-common/domain';
import type { Raw } from '../DatabaseDeliveryStore/columns';
import type { StoredChange, StoredDeployment } from '../DoraStore';
import { binOf, COUNTS } from './measures';

/** What is stored of one thing: its whole row, and what is added up. */
export interface KeptRow {
  id: string;
  hash: string;
  json: string;
  /** Further columns beside the whole row. */
  beside: Raw;
  /** Rows of the narrow table, without `service_id`, `id` and `hidden`. */
  narrow: Raw[];
}

/** Facts may come from anybody: a number no column can hold must not keep all others from being stored. */
export function whole(value: number | undefined): number | null {
  if (value === undefined || Number.isNaN(value)) return null;
  const { MIN_SAFE_INTEGER: min, MAX_SAFE_INTEGER: max } = Number;
  return Math.min(max, Math.max(min, Math.round(value)));
}

function withBin(name: string, ms: number | undefined): Raw {
  const value = whole(ms);
  return {
    [`${name}_ms`]: value,
    [`${name}_bin`]: value === null ? null : binOf(value),
  };
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function keep(
  id: string,
  content: object,
  columns: Pick<KeptRow, 'beside' | 'narrow'>,
): KeptRow {
  const json = canonical(content);
  return { id, json, hash: hashOf(json), ...columns };
}

export function keptDeployment({
  deployment,
  verdicts,
}: StoredDeployment): KeptRow {
  const { finishedAt, startedAt, createdAt } = deployment;
  const counts = verdicts.at !== undefined;
  const until = counts && verdicts.reworkJudged;
  return keep(
    deployment.id,
    { deployment, verdicts },
    {
      beside: {},
      narrow: [
        {
          at: whole(verdicts.at),
          shown_at: whole(finishedAt ?? startedAt ?? createdAt),
          ...Object.fromEntries(
            COUNTS.map(([name, column]) => [column, Number(verdicts[name])]),
          ),
          ...withBin('duration', counts ? verdicts.durationMs : undefined),
          ...withBin('queued', counts ? verdicts.queuedMs : undefined),
          ...withBin('waited', counts ? verdicts.waitedMs : undefined),
          ...recoveryOf(verdicts),
          provisional_until: until ? whole(deployment.provisionalUntil) : null,
          excluded: verdicts.excluded ?? null,
        },
      ],
    },
  );
}

function recoveryOf(verdicts: StoredDeployment['verdicts']): Raw {
  const { recoveredAt, recoveryMs, detectMs } = verdicts;
  const known = recoveredAt !== undefined;
  return {
    recovered_at: whole(recoveredAt),
    ...withBin('recovery', known ? recoveryMs : undefined),
    ...withBin('detect', known ? detectMs : undefined),
  };
}

export function keptChange({ change, verdicts }: StoredChange): KeptRow {
  const at = verdicts.leadsMs.length > 0 ? whole(verdicts.at) : null;
  return keep(
    change.id,
    { change, verdicts },
    {
      beside: {
        at,
        shown_at: whole(change.deployedAt ?? change.mergedAt),
        excluded: verdicts.excluded ?? null,
      },
      narrow:
        at === null
          ? []
          : verdicts.leadsMs.map((ms, place) => ({
              place,
              at,
              ...withBin('lead', ms),
            })),
    },
  );
}

export function keptIncident(incident: DoraIncident): KeptRow {
  const { startedAt, resolvedAt, openMs } = incident;
  const value = resolvedAt === undefined ? undefined : openMs;
  return keep(incident.id, incident, {
    beside: {},
    narrow: [
      {
        started_at: whole(startedAt),
        resolved_at: whole(resolvedAt),
        ...withBin('open', value),
      },
    ],
  });
}
