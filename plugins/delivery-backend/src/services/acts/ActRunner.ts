import type { Entity } from '@backstage/catalog-model';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Act } from 'backstage-plugin-delivery-common';
import type { VendorIdentity } from 'backstage-plugin-delivery-node';
import type { AuditContent } from '../../database/AuditStore';

/** A signed-in person, read anew for this one act. */
export interface Actor {
  /** `user:default/cleo` */
  ref: string;
  user: Entity;
  /** Refs of the groups the person is a member of, now. */
  memberOf: string[];
  credentials: BackstageCredentials;
}

/** What an act is about; goes into every entry of the audit. */
export type ActSubject = Pick<
  AuditContent,
  | 'entityRef'
  | 'environment'
  | 'runId'
  | 'attempt'
  | 'sha'
  | 'digest'
  | 'decision'
  | 'comment'
> & { entityRef: string };

/** One thing that somebody wants done. */
export interface ActRequest {
  kind: Act;
  actor: Actor;
  subject: ActSubject;
  idempotencyKey: string;
  /** One at a time of these; `decision:<repository>:<run>:<attempt>:<environment>`. */
  leaseKey: string;
  /** True: after one that succeeded, or of which nobody knows, there is never another (a decision). */
  onlyOnce?: boolean;
  approvalId?: string;
  /** Codes of the steps, in order, for the page. */
  steps: string[];
  /** Enough to find out later whether it was done; never a token. */
  resume: Record<string, string>;
}

/** How it ended well. */
export interface ActOutcome {
  code: string;
  message: string;
  params?: Record<string, string>;
  runId?: string;
  url?: string;
}

/** What the work of an act is given. */
export interface ActContext {
  operationId: string;
  /** Hash of the "attempted" entry: goes into the vendor's comment, as an anchor outside the database. */
  auditHead: string;
  signal: AbortSignal;
  /** Runs one step; the page sees it begin and end. `message` may be made of what the step gave. */
  step<TResult>(
    code: string,
    work: () => Promise<TResult>,
    message?: (result: TResult) => string,
  ): Promise<TResult>;
  /** Adds to the entry that will be written at the end. */
  note(detail: {
    identity?: VendorIdentity;
    requestId?: string;
    digest?: string;
    detail?: Record<string, unknown>;
    /** Adds to {@link ActRequest.resume} what only the work could find out; stored with the next step. */
    resume?: Record<string, string>;
  }): void;
}

/**
 * Does something in a person's name so that it is provable afterwards: one entry before, one after, one at a time, each click once.
 *
 * - the operation and its lease are stored first, so that an "attempted" of a portal that was killed always has something that settles it;
 *   the same click again gives the same operation. Somebody else's lease is refused with 409 `act_in_progress`, an earlier decision with
 *   409 `already_decided`, one of which nobody knows with 409 `decision_unknown`.
 * - "attempted" is written before any vendor is asked; when either cannot be written the act is refused (503 `audit_not_writable`) and the
 *   core auditor told. Without a key of the audit nobody acts (403 `audit_not_configured`).
 * - the answer is given as soon as both stand; the work goes on. {@link Refusal}: `refused`. `VendorRefusal`: `failed`.
 *   `VendorSilence` and everything unexpected after the step `sent` began: `unknown`, reconciled later.
 */
export interface ActRunner {
  /** @throws the errors above, after they were written to the audit */
  start(
    request: ActRequest,
    work: (context: ActContext) => Promise<ActOutcome>,
  ): Promise<{ operationId: string }>;
  /** Writes the entry of an act that was refused before it began, then throws the refusal as an HTTP error. */
  refused(
    request: Pick<ActRequest, 'kind' | 'subject'> & { actorRef: string },
    error: unknown,
  ): Promise<never>;
}
