import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  deliveryApprovalDecidePermission,
  deliveryAuditReadAllPermission,
  deliveryAuditReadPermission,
  type Finding,
  type Findings,
} from 'backstage-plugin-delivery-common';
import type { ApprovalStore } from '../../database/ApprovalStore';
import type { Access } from '../Access';
import type { ActAccess } from '../acts/ActAccess';
import type { Actor } from '../acts/ActRunner';
import type { AccountDirectory } from '../approvals/AccountDirectory';
import { ANNOTATION_LOGIN } from '../approvals/AccountDirectory';
import type { AuditLog } from '../auditing/AuditLog';
import { withCode } from '../errors';
import type { VisibleServices } from '../VisibleServices';

/** Services whose permission is asked together. */
const TOGETHER = 500;

/** What it works with. */
export interface FindingViewsOptions {
  approvals: Pick<ApprovalStore, 'finding' | 'findings' | 'reviewFinding'>;
  access: Pick<Access, 'require' | 'sort'>;
  actAccess: Pick<ActAccess, 'actor'>;
  visible: Pick<VisibleServices, 'of'>;
  permissions: Pick<PermissionsService, 'authorize'>;
  directory: Pick<AccountDirectory, 'user'>;
  audit: Pick<AuditLog, 'append'>;
  now: () => number;
}

/** Findings as people see and review them. */
export class FindingViews {
  readonly #options: FindingViewsOptions;

  constructor(options: FindingViewsOptions) {
    this.#options = options;
  }

  /**
   * Newest first, 500 at most: of one service, or of all whose audit the caller may read.
   *
   * @param query - `state`: `open` (default) or `all`
   * @throws `NotFoundError`, `NotAllowedError` for a service whose audit the caller may not read
   */
  async list(
    credentials: BackstageCredentials,
    { entity, state = 'open' }: { entity?: string; state?: 'open' | 'all' },
  ): Promise<Findings> {
    const { approvals, now } = this.#options;
    const entityRefs = await this.#readable(credentials, entity);
    return {
      items: await approvals.findings({
        entityRefs,
        state: state === 'open' ? 'open' : undefined,
      }),
      asOf: now(),
    };
  }

  /**
   * Somebody else looked into it.
   *
   * @throws `NotFoundError` `finding_not_found`; `NotAllowedError` `same_person`, and those of `ActAccess.actor`; `ConflictError`
   * `already_reviewed`
   */
  async review(
    credentials: BackstageCredentials,
    id: string,
    { comment }: { comment: string },
  ): Promise<Finding> {
    const { actAccess, approvals, audit, now } = this.#options;
    const finding = await approvals.finding(id);
    if (!finding) throw notFound(id);
    const { actor } = await actAccess
      .actor(credentials, deliveryApprovalDecidePermission, finding.entityRef)
      .catch((error: unknown) => {
        // Who cannot see the service does not hear that there is a finding.
        throw error instanceof NotFoundError ? notFound(id) : error;
      });
    if (await this.#isSame(actor, finding.by)) {
      throw withCode(
        new NotAllowedError(
          'This was your own act; somebody else has to look into it.',
        ),
        'same_person',
        { finding: id },
      );
    }
    if (finding.state !== 'open') throw reviewed(finding);
    // Written first: nothing counts as reviewed that is not on record.
    await audit.append({
      ...{ actor: actor.ref, action: 'finding.reviewed', phase: 'recorded' },
      ...{ entityRef: finding.entityRef, environment: finding.environment },
      ...{ runId: finding.runId, sha: finding.sha, comment },
      detail: { finding: id, kind: finding.kind, by: finding.by },
    });
    const review = { by: actor.ref, at: now(), comment };
    const saved = await approvals.reviewFinding(id, review);
    if (!saved) throw reviewed((await approvals.finding(id)) ?? finding);
    return saved;
  }

  /** Undefined: everything, also services that are not in the catalog any more. */
  async #readable(
    credentials: BackstageCredentials,
    entity: string | undefined,
  ): Promise<string[] | undefined> {
    const { access, permissions, visible } = this.#options;
    const permission = deliveryAuditReadPermission;
    const [all] = await permissions.authorize(
      [{ permission: deliveryAuditReadAllPermission }],
      { credentials },
    );
    if (all.result === AuthorizeResult.ALLOW)
      return entity ? [entity] : undefined;
    if (entity !== undefined) {
      const found = await access.require(credentials, entity, permission);
      return [stringifyEntityRef(found)];
    }
    const services = await visible.of(credentials);
    const refs: string[] = [];
    for (let from = 0; from < services.length; from += TOGETHER) {
      const { allowed } = await access.sort(
        credentials,
        services.slice(from, from + TOGETHER).map(item => item.entityRef),
        permission,
      );
      refs.push(...allowed.map(item => stringifyEntityRef(item)));
    }
    return refs;
  }

  /** `by` is a ref of a user or a login at the vendor. */
  async #isSame(actor: Actor, by: string | undefined): Promise<boolean> {
    if (by === undefined) return false;
    const login = actor.user.metadata.annotations?.[ANNOTATION_LOGIN];
    const name = by.toLowerCase();
    return (
      name === actor.ref.toLowerCase() ||
      name === login?.toLowerCase() ||
      (await this.#options.directory.user(by)) === actor.ref
    );
  }
}

function notFound(id: string): NotFoundError {
  return withCode(
    new NotFoundError(`There is no finding ${id} of a service you may see.`),
    'finding_not_found',
    { finding: id },
  );
}

function reviewed({ id, review }: Finding): ConflictError {
  return withCode(
    new ConflictError(
      review
        ? `${review.by} has looked into this already.`
        : 'This does not need a review any more.',
    ),
    'already_reviewed',
    { finding: id },
  );
}
