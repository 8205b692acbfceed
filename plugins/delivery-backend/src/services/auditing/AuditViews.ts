import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type {
  AuditItem,
  AuditList,
  AuditQuery,
} from 'backstage-plugin-delivery-common';
import type {
  AuditEntry,
  AuditFilter,
  AuditStore,
} from '../../database/AuditStore';
import type { Access } from '../Access';
import type { AuditLog } from './AuditLog';
import { AuditReaders, readerOf } from './AuditReaders';
import { exportAudit } from './exportAudit';
import { createAuditSigner } from './seal';

/** What the views work with. */
export interface AuditViewsOptions {
  store: Pick<AuditStore, 'entityRefs' | 'head' | 'list' | 'read'>;
  audit: AuditLog;
  /** Private key as PEM, the one the log signs with: exports are signed too. */
  key: string | undefined;
  access: Pick<Access, 'sort'>;
  permissions: Pick<PermissionsService, 'authorize'>;
  now: () => number;
}

/** Which rows go into an export with their content; times are epoch milliseconds, both ends included. */
export interface AuditExportQuery {
  format: 'csv' | 'jsonl';
  since?: number;
  until?: number;
}

const PAGE = 50;
const HOUR = 60 * 60 * 1000;
/** More services than anybody opens within an hour. */
const READS = 500;

/** The audit as people read it. Reading it is recorded, too. */
export class AuditViews {
  readonly #options: AuditViewsOptions;
  readonly #readers: AuditReaders;
  /** Reads that are being recorded: the page asks several times at once. */
  readonly #recording = new Map<string, Promise<void>>();

  constructor(options: AuditViewsOptions) {
    this.#options = options;
    this.#readers = new AuditReaders(options);
  }

  /**
   * Newest entries first.
   *
   * @param entity - the caller is known to have `delivery.audit.read` on it; undefined: of everything the caller may read
   * @throws `InputError` for a cursor that no list gave; `ServiceUnavailableError` when the read cannot be recorded
   */
  async list(
    credentials: BackstageCredentials,
    entity: Entity | undefined,
    query: AuditQuery,
  ): Promise<AuditList> {
    const { store, now } = this.#options;
    const before = placeOf(query.cursor);
    const entityRef = entity && stringifyEntityRef(entity);
    const filter = await this.#filter(credentials, entityRef, query);
    await this.#recordRead(credentials, entityRef);
    const limit = query.limit ?? PAGE;
    const [found, head] = await Promise.all([
      store.list(filter, before, limit + 1),
      store.head(),
    ]);
    const shown = found.slice(0, limit);
    return {
      items: shown.map(toItem),
      ...(found.length > limit && {
        nextCursor: String(shown[shown.length - 1].seq),
      }),
      ...(head && { head }),
      asOf: now(),
    };
  }

  /**
   * The whole chain up to now as text, page by page. Rows that the caller may not read, or that are outside of the time asked for,
   * come without their content.
   *
   * @throws `NotAllowedError` when the caller may read nothing of it; `ServiceUnavailableError` when the export cannot be recorded
   */
  async export(
    credentials: BackstageCredentials,
    query: AuditExportQuery,
    signal: AbortSignal,
  ): Promise<AsyncIterable<string>> {
    const { audit, key, now, store } = this.#options;
    const { actor, through } = readerOf(credentials);
    const { refs, refusal } = await this.#readers.readableBy(credentials);
    if (refusal) throw refusal;
    const { format, since, until } = query;
    const recorded = audit.enabled
      ? await audit.append({
          ...{ actor, action: 'audit.export', phase: 'recorded' },
          detail: { format, since, until, through },
        })
      : await store.head();
    return exportAudit({
      store,
      signer: key === undefined ? undefined : createAuditSigner(key),
      head: recorded && { seq: recorded.seq, hash: recorded.hash },
      ...{ format, signal },
      exportedAt: now(),
      exportedBy: actor,
      shows: ({ content: { at, entityRef } }) =>
        (since === undefined || at >= since) &&
        (until === undefined || at <= until) &&
        (!refs || (entityRef !== undefined && refs.has(entityRef))),
    });
  }

  async #filter(
    credentials: BackstageCredentials,
    entityRef: string | undefined,
    { action, phase, environment, actor, since, until }: AuditQuery,
  ): Promise<AuditFilter> {
    const common = { action, phase, environment, actor, since, until };
    if (entityRef !== undefined) return { ...common, entityRef };
    const { refs } = await this.#readers.readableBy(credentials);
    return refs ? { ...common, entityRefs: [...refs] } : common;
  }

  /** Once an hour for each reader and service: pages and filters are the same read. */
  async #recordRead(
    credentials: BackstageCredentials,
    entityRef: string | undefined,
  ): Promise<void> {
    const { audit, now, store } = this.#options;
    if (!audit.enabled) return;
    const { actor, through } = readerOf(credentials);
    const action = 'audit.read';
    const record = async () => {
      const since = now() - HOUR + 1;
      const filter = { action, actor, since, entityRef };
      const reads = await store.list(filter, undefined, READS);
      const known = reads.some(
        ({ content }) =>
          content.entityRef === entityRef &&
          content.detail?.through === through,
      );
      if (known) return;
      await audit.append({
        ...{ actor, action, phase: 'recorded', entityRef },
        ...(through && { detail: { through } }),
      });
    };
    const key = JSON.stringify([actor, through, entityRef]);
    const running = this.#recording.get(key) ?? record();
    this.#recording.set(key, running);
    try {
      await running;
    } finally {
      this.#recording.delete(key);
    }
  }
}

function placeOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new InputError(
    'Query parameter "cursor" is not one that this list gave; start again without it.',
  );
}

function toItem({ seq, hash, content }: AuditEntry): AuditItem {
  return {
    ...{ seq, hash, at: content.at, actor: content.actor },
    ...{ action: content.action, phase: content.phase },
    login: content.identity?.login,
    entityRef: content.entityRef,
    environment: content.environment,
    runId: content.runId,
    attempt: content.attempt,
    sha: content.sha,
    comment: content.comment,
    operationId: content.operationId,
    outcome: content.outcome,
  };
}
