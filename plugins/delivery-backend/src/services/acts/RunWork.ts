import { createHash } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { Act, Finding } from 'backstage-plugin-delivery-common';
import {
  type UserToken,
  type VendorIdentity,
  type VendorReceipt,
  VendorRefusal,
} from 'backstage-plugin-delivery-node';
import type { ApprovalStore } from '../../database/ApprovalStore';
import type { RepositoryRow } from '../../database/rows';
import { reasonOf } from './ActExecution';
import type { ActContext, Actor } from './ActRunner';
import type { PersonIdentity } from './PersonIdentity';
import type { ProductionAnswer } from './ProductionRules';
import type { Pause, ProviderOf } from './vendorRefs';

/** What the work of every act on runs needs. */
export interface RunWorkOptions {
  approvals: Pick<
    ApprovalStore,
    'saveRequest' | 'requests' | 'addFindings' | 'dropFindings'
  >;
  identity: Pick<PersonIdentity, 'prove'>;
  logger: LoggerService;
  now: () => number;
  pause: Pause;
  providerOf: ProviderOf;
  /** So that the portal reads what was changed soon. */
  onActed?: (acted: { repository: RepositoryRow; runKey?: string }) => void;
  /** Somebody went past the rules for production: the owners should hear of it. */
  onBreakGlass?: (finding: Finding) => void;
}

/** Who acts where. */
export interface RunOrder {
  actor: Actor;
  entity: Entity;
  entityRef: string;
  repository: RepositoryRow;
  token: UserToken;
}

/** How often it is looked whether the vendor did what it took. */
const LOOKS = 4;
const PAUSE_MS = 1_000;

/** First step of every act in a person's name. */
export function proveStep(
  context: ActContext,
  { actor, repository, token }: RunOrder,
  options: Pick<RunWorkOptions, 'identity'>,
): Promise<VendorIdentity> {
  return context.step(
    'identity',
    async () => {
      const identity = await options.identity.prove(
        actor,
        repository.host,
        token,
        context.signal,
      );
      const { id, login } = identity;
      context.note({ identity, resume: { accountId: id, login } });
      return identity;
    },
    ({ login, host }) => `You are ${login} at ${host}.`,
  );
}

/** Sends once. Undefined: nobody answered, so it has to be looked. */
export async function sendStep<TReceipt extends VendorReceipt>(
  context: ActContext,
  send: () => Promise<TReceipt>,
  logger: LoggerService,
): Promise<TReceipt | undefined> {
  // The last moment at which it is certain that nothing has happened.
  context.signal.throwIfAborted();
  return context.step(
    'sent',
    async () => {
      try {
        const receipt = await send();
        context.note({ requestId: receipt.requestId });
        return receipt;
      } catch (error) {
        if (error instanceof VendorRefusal) throw error;
        logger.warn('An act was sent and not answered', {
          operation: context.operationId,
          reason: reasonOf(error),
        });
        return undefined;
      }
    },
    receipt =>
      receipt
        ? 'The vendor took it.'
        : 'The vendor did not answer; now it is looked whether it was done.',
  );
}

/** Looks a few times until it is there; undefined: it is not (yet). */
export async function lookFor<TFound>(
  context: ActContext,
  look: () => Promise<TFound | undefined>,
  { logger, pause }: Pick<RunWorkOptions, 'logger' | 'pause'>,
): Promise<TFound | undefined> {
  for (let count = 1; count <= LOOKS; count++) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      logger.warn('What an act did could not be read', {
        operation: context.operationId,
        reason: reasonOf(error),
      });
    }
    context.signal.throwIfAborted();
    if (count < LOOKS) await pause(count * PAUSE_MS, context.signal);
  }
  return undefined;
}

/**
 * Keeps that somebody goes past the rules, before it is done: a portal that is killed must not lose it.
 *
 * @returns takes it back when the vendor said no
 */
export async function breakGlass(
  context: ActContext,
  options: RunWorkOptions,
  order: RunOrder,
  act: { kind: Act; answer: ProductionAnswer; runKey?: string; sha?: string },
): Promise<() => Promise<void>> {
  const { answer, kind, runKey, sha } = act;
  if (answer.kind !== 'broken') return async () => {};
  const { actor, entityRef } = order;
  const { past, target } = answer;
  const where = target.environment ?? target.vendorName;
  const finding: Finding = {
    id: createHash('sha256')
      .update(`break_glass ${context.operationId}`)
      .digest('hex')
      .slice(0, 24),
    kind: 'break_glass',
    ...{ entityRef, sha, runId: runKey },
    environment: where,
    at: options.now(),
    message: `${actor.ref} went past the rules for ${
      where ?? 'production'
    } (${kind}). The rule said: ${past.message}`,
    by: actor.ref,
    state: 'open',
  };
  await options.approvals.addFindings([finding]);
  context.note({ detail: { breakGlass: past.code } });
  options.onBreakGlass?.(finding);
  return () => options.approvals.dropFindings([finding.id]);
}

/** Takes the finding back when it was not done after all. */
export async function orTakeBack<TResult>(
  work: () => Promise<TResult>,
  takeBack: () => Promise<void>,
): Promise<TResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VendorRefusal) await takeBack().catch(() => {});
    throw error;
  }
}
