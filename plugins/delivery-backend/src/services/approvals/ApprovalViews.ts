import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  type ApprovalDetail,
  type ApprovalList,
  type ApprovalsQuery,
  type ApprovalSummary,
  deliveryRunReadPermission,
} from 'backstage-plugin-delivery-common';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { Access } from '../Access';
import type { ActAccess } from '../acts/ActAccess';
import { BoundedCache } from '../BoundedCache';
import { withCode } from '../errors';
import type { RunAccess } from '../RunAccess';
import { decodeCursor, encodeCursor } from '../runCursor';
import type { VisibleServices } from '../VisibleServices';
import type { ApprovalDetails } from './ApprovalDetails';
import { type ApprovalSummaries, isMine } from './ApprovalSummaries';
import type { AccountDirectory } from './AccountDirectory';
import type { Caller, Callers } from './Callers';

/** A stale "allowed" is a security property: what a caller sees is believed less than ten seconds. */
const VISIBLE_TTL_MS = 9_000;
const MAX_CALLERS = 200;
const PAGE = 25;
/** Rows of one question to the store. */
const READ = 200;
/** Waiting ones that are looked through for those of the caller. */
const MAX_OPEN = 5_000;
/** Of one service or run. */
const FEW = 50;

/** What it works with. */
export interface ApprovalViewsOptions {
  approvals: Pick<ApprovalStore, 'approval' | 'approvals' | 'approvalsOfRuns'>;
  visible: Pick<VisibleServices, 'of'>;
  access: Pick<Access, 'sort'>;
  runAccess: Pick<RunAccess, 'require'>;
  actAccess: Pick<ActAccess, 'may'>;
  callers: Pick<Callers, 'of'>;
  directory: Pick<AccountDirectory, 'users'>;
  summaries: ApprovalSummaries;
  details: Pick<ApprovalDetails, 'of'>;
  now: () => number;
}

/** What people see of approvals. */
export class ApprovalViews {
  readonly #options: ApprovalViewsOptions;
  readonly #visible: BoundedCache<Set<string>>;

  constructor(options: ApprovalViewsOptions) {
    this.#options = options;
    this.#visible = new BoundedCache({
      ...{ maxEntries: MAX_CALLERS, ttlMs: VISIBLE_TTL_MS },
      now: options.now,
    });
  }

  /**
   * Approvals of the services the caller may read: `mine` and `waiting` oldest first, `decided` newest first.
   *
   * @throws `InputError` for a cursor that no list gave
   */
  async list(
    credentials: BackstageCredentials,
    { scope = 'waiting', cursor, limit = PAGE }: ApprovalsQuery,
  ): Promise<ApprovalList> {
    const { callers, now, summaries } = this.#options;
    const after = cursor === undefined ? undefined : cursorOf(cursor);
    const [refs, caller] = await Promise.all([
      this.#visibleTo(credentials),
      callers.of(credentials),
    ]);
    const entityRefs = [...refs];
    const mine = await this.#mine(entityRefs, caller);
    const rows =
      scope === 'mine'
        ? mine.filter(row => isAfter(row, after)).slice(0, limit + 1)
        : await this.#options.approvals.approvals({
            scope: scope === 'waiting' ? 'open' : 'closed',
            ...{ entityRefs, after, limit: limit + 1 },
          });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: await summaries.of(page, {
        services: all => all.filter(ref => refs.has(ref)),
        caller,
      }),
      count: mine.length,
      nextCursor: rows.length > limit && last ? toCursor(last) : undefined,
      asOf: now(),
    };
  }

  /**
   * One approval with all that is known of what it lets in.
   *
   * @throws `NotFoundError` `approval_not_found`, also when the caller may read no service of its run
   */
  async detail(
    credentials: BackstageCredentials,
    id: string,
  ): Promise<ApprovalDetail> {
    const { approvals, callers, details, summaries } = this.#options;
    const row = await approvals.approval(id);
    const allowed = row ? await this.#readable(credentials, row.runKey) : [];
    if (!row || allowed.length === 0) throw notFound(id);
    const readable = allowed.map(entity => stringifyEntityRef(entity));
    const caller = await callers.of(credentials);
    const [[approval], chosen] = await Promise.all([
      summaries.of([row], { services: () => readable, caller }),
      this.#decidedAs(credentials, allowed),
    ]);
    if (!approval) throw notFound(id);
    return details.of({ row, approval, caller, ...chosen });
  }

  /** Those that wait, of one service, oldest first; the same for everybody who may read it. */
  async openOf(entityRef: string): Promise<ApprovalSummary[]> {
    const { approvals, summaries } = this.#options;
    const rows = await approvals.approvals({
      ...{ scope: 'open', entityRefs: [entityRef], limit: FEW },
    });
    return summaries.of(rows, { services: () => [entityRef] });
  }

  /**
   * Those of one run, of every attempt, newest first; the same for everybody who may read the same services.
   *
   * @param services - services of the run that may be told
   */
  async ofRun(
    runKey: string,
    services: string[] = [],
  ): Promise<ApprovalSummary[]> {
    const { approvals, summaries } = this.#options;
    const rows = await approvals.approvalsOfRuns([runKey]);
    return summaries.of(rows.slice(0, FEW), { services: () => services });
  }

  /** Services of the run that the caller may read; none: to them there is no such run. */
  async #readable(
    credentials: BackstageCredentials,
    runKey: string,
  ): Promise<Entity[]> {
    const { access, runAccess } = this.#options;
    const permission = deliveryRunReadPermission;
    try {
      const { services } = await runAccess.require(
        credentials,
        runKey,
        permission,
      );
      if (services.length === 0) return [];
      return (await access.sort(credentials, services, permission)).allowed;
    } catch (error) {
      const isRefusal =
        error instanceof NotFoundError || error instanceof NotAllowedError;
      if (isRefusal) return [];
      throw error;
    }
  }

  /** The service it would be decided as: the first that the caller may decide about, as the decision itself looks for it. */
  async #decidedAs(
    credentials: BackstageCredentials,
    allowed: Entity[],
  ): Promise<{
    entity: Entity;
    may: Awaited<ReturnType<ActAccess['may']>>['decide'];
  }> {
    const answers = await Promise.all(
      allowed.map(async entity => ({
        entity,
        may: (await this.#options.actAccess.may(credentials, entity)).decide,
      })),
    );
    return answers.find(({ may }) => may.allowed) ?? answers[0];
  }

  #visibleTo(credentials: BackstageCredentials): Promise<Set<string>> {
    // The whole principal: an actor or a restricted token must not profit from what the plain user may do.
    const caller = JSON.stringify(credentials.principal);
    return this.#visible.get(caller, async () => {
      const services = await this.#options.visible.of(credentials);
      return new Set(services.map(({ entityRef }) => entityRef));
    });
  }

  async #mine(
    entityRefs: string[],
    caller: Caller | undefined,
  ): Promise<ApprovalRow[]> {
    if (!caller || entityRefs.length === 0) return [];
    const { approvals, directory } = this.#options;
    const open: ApprovalRow[] = [];
    let after: { at: number; id: string } | undefined;
    while (open.length < MAX_OPEN) {
      const page = await approvals.approvals({
        ...{ scope: 'open', entityRefs, after, limit: READ },
      });
      open.push(...page);
      const last = page.at(-1);
      if (!last || page.length < READ) break;
      after = { at: last.openedAt, id: last.id };
    }
    const users = await directory.users(open.map(row => row.requestedBy));
    return open.filter(row => isMine(row, caller, users));
  }
}

function isAfter(
  { openedAt, id }: ApprovalRow,
  after: { at: number; id: string } | undefined,
): boolean {
  if (!after) return true;
  return openedAt > after.at || (openedAt === after.at && id > after.id);
}

function cursorOf(text: string): { at: number; id: string } {
  const { createdAt, runKey } = decodeCursor(text);
  return { at: createdAt, id: runKey };
}

function toCursor({ state, openedAt, closedAt, id }: ApprovalRow): string {
  const at = state === 'waiting' ? openedAt : closedAt ?? openedAt;
  return encodeCursor({ createdAt: at, runKey: id });
}

function notFound(id: string): NotFoundError {
  return withCode(
    new NotFoundError(
      `There is no approval ${id} of a service that you may see.`,
    ),
    'approval_not_found',
    { approval: id },
  );
}
