import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DecisionBody } from 'backstage-plugin-delivery-common';
import {
  checkGate,
  checkPolicy,
  checkSelfReview,
  decisionComment,
  firstRefusal,
  type GateReading,
  type GateView,
  type KnownCheck,
  type RuleResult,
  type SoakFacts,
  viewDifferences,
} from 'backstage-plugin-delivery-common/domain';
import type {
  UserToken,
  VendorActs,
  VendorIdentity,
} from 'backstage-plugin-delivery-node';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { RepositoryRow } from '../../database/rows';
import type { GateFacts, GateFactsReader } from '../approvals/GateFacts';
import { reasonOf } from './ActExecution';
import type { ActContext, ActOutcome, Actor } from './ActRunner';
import { DecisionAtVendor, type ReadyToDecide } from './DecisionAtVendor';
import { gateEvidence } from './gateEvidence';
import type { PersonIdentity } from './PersonIdentity';
import { recordDecision, type Decided } from './recordDecision';
import { Refusal, refuse } from './Refusal';
import { gateRef, type Pause, runRef } from './vendorRefs';
import { orderOf } from '../approvals/orderOf';

/** What the rules need beside the gate's facts. */
export type DecisionEvidence = (facts: GateFacts) => Promise<{
  soak?: SoakFacts;
  checks: KnownCheck[];
  /** Logins of the actors of runs of the commits that are let in. */
  pushers: string[];
}>;

/** What making one decision needs. */
export interface DecisionWorkOptions {
  acts: VendorActs;
  approvals: Pick<ApprovalStore, 'approval' | 'saveApprovals'>;
  evidence: DecisionEvidence;
  facts: GateFactsReader;
  identity: Pick<PersonIdentity, 'prove'>;
  logger: LoggerService;
  now: () => number;
  pause: Pause;
  onDecided?: (decided: Decided) => void;
  /** A view that was shown, as far as it is still remembered: to say what changed since. */
  seenView?: (viewHash: string) => GateView | undefined;
}

/** Who decides what. */
export interface DecisionOrder {
  approval: ApprovalRow;
  repository: RepositoryRow;
  actor: Actor;
  entityRef: string;
  body: DecisionBody;
  token: UserToken;
}

/** Steps of a decision, in order. */
export const DECISION_STEPS = [
  'identity',
  'fresh_read',
  'rules',
  'sent',
  'confirmed',
];

/** Makes one decision in a person's name; every step is a method of its own. */
export class DecisionWork {
  readonly #options: DecisionWorkOptions;
  readonly #order: DecisionOrder;
  readonly #vendor: DecisionAtVendor;
  readonly #state: 'approved' | 'rejected';

  constructor(order: DecisionOrder, options: DecisionWorkOptions) {
    this.#options = options;
    this.#order = order;
    const { approval, repository, body, token } = order;
    const { acts, logger, now, pause } = options;
    this.#state = body.decision === 'approve' ? 'approved' : 'rejected';
    this.#vendor = new DecisionAtVendor({
      ...{ acts, logger, now, pause, token },
      gate: gateRef(runRef(repository, approval.runKey), approval.environment),
      state: this.#state,
      attemptSeen: approval.attempt,
    });
  }

  async run(context: ActContext): Promise<ActOutcome> {
    const identity = await context.step(
      'identity',
      () => this.#prove(context),
      ({ login, host }) => `You are ${login} at ${host}.`,
    );
    const { facts, gate } = await context.step(
      'fresh_read',
      () => this.#readAgain(context),
      () => 'Everything is as you saw it.',
    );
    const ready = { facts, gate, identity };
    await context.step('rules', () => this.#check(context, ready), inWords);
    // The last moment at which it is certain that nothing has happened.
    context.signal.throwIfAborted();
    const answered = await context.step(
      'sent',
      () => this.#vendor.send(context, ready, this.#comment(context)),
      answer =>
        answer
          ? 'The vendor took it.'
          : 'The vendor did not answer; now it is looked whether it was done.',
    );
    await context.step(
      'confirmed',
      () => this.#vendor.confirm(context, ready),
      () => 'It stands at the vendor.',
    );
    return this.#finish(context, ready, answered);
  }

  async #prove(context: ActContext): Promise<VendorIdentity> {
    const { actor, repository, token } = this.#order;
    const identity = await this.#options.identity.prove(
      actor,
      repository.host,
      token,
      context.signal,
    );
    const { id, login } = identity;
    context.note({ identity, resume: { accountId: id, login } });
    return identity;
  }

  /** Step 4: what the person saw must be what is. */
  async #readAgain(
    context: ActContext,
  ): Promise<{ facts: GateFacts; gate: GateReading }> {
    const { approval, actor, body, entityRef, token } = this.#order;
    const facts = await this.#options.facts.read(
      approval,
      entityRef,
      token,
      context.signal,
    );
    context.note({
      digest: facts.view.digest,
      detail: gateEvidence(facts, actor),
    });
    if (facts.gateRun.attempt !== approval.attempt) {
      refuse(
        'new_attempt',
        409,
        `Nothing was sent: the run was started again meanwhile (attempt ${facts.gateRun.attempt}). Look at it again.`,
        { attempt: String(facts.gateRun.attempt) },
      );
    }
    const { gate } = facts;
    if (!gate || !facts.gateRun.waiting) {
      throw await this.#vendor.whatHappened(context, facts);
    }
    if (facts.viewHash !== body.viewHash) {
      const seen = this.#options.seenView?.(body.viewHash);
      const changes = seen ? viewDifferences(seen, facts.view) : [];
      refuse(
        'stale_view',
        409,
        `Nothing was sent: something changed since you looked. ${
          changes.length > 0 ? changes.join(' ') : 'Look at it again.'
        }`,
        { changes: changes.join(' ') },
      );
    }
    context.note({ resume: { environmentId: gate.environmentId } });
    return { facts, gate };
  }

  /** Steps 4 to 7. Who rejects lets nothing in: order and the portal's own policy do not hold then. */
  async #check(
    context: ActContext,
    { facts, gate, identity }: ReadyToDecide,
  ): Promise<RuleResult[]> {
    const { gateRun, policy, range, requests } = facts;
    const { id, login } = identity;
    const userRef = this.#order.actor.ref;
    const isApproval = this.#state === 'approved';
    const { soak, checks, pushers } = await this.#options.evidence(facts);
    const results = [
      ...checkGate(gate, gateRun, policy, this.#options.now()),
      ...(isApproval ? [orderOf(facts)] : []),
      ...checkSelfReview({
        person: { id, login, userRef },
        run: gateRun,
        ...{ requests, range, policy, pushers },
        reviewers: gate.reviewers,
      }),
      ...(isApproval
        ? checkPolicy({ policy, now: this.#options.now(), soak, checks })
        : []),
    ];
    context.note({ detail: { rules: results.map(inShort), pushers } });
    const refusal = firstRefusal(results);
    if (refusal) throw new Refusal(refusal);
    return results;
  }

  async #finish(
    context: ActContext,
    { facts, identity }: ReadyToDecide,
    answered: boolean,
  ): Promise<ActOutcome> {
    const { approval, actor, body } = this.#order;
    const other = await this.#vendor.differences(context, facts);
    context.note({
      detail: {
        answered,
        ...(other.length > 0 ? { approved_other: other } : {}),
      },
    });
    const decided: Decided = {
      ...{ approval, other },
      actor: actor.ref,
      login: identity.login,
      decision: body.decision,
      comment: body.comment,
      operationId: context.operationId,
    };
    await this.#tell(context, decided);
    const isApproval = this.#state === 'approved';
    return {
      code: this.#state,
      message: [
        `${isApproval ? 'Approved' : 'Rejected'} at ${
          identity.host
        } in the name of ${identity.login}.`,
        ...other,
      ].join(' '),
      runId: approval.runKey,
      url: facts.run.url,
    };
  }

  #comment({ operationId, auditHead }: ActContext): string {
    const { actor, approval, body } = this.#order;
    return decisionComment({
      text: body.comment,
      userRef: actor.ref,
      attempt: approval.attempt,
      ...{ operationId, auditHead },
    });
  }

  /** The decision stands: what fails here heals with the next read of the approval. */
  async #tell(context: ActContext, decided: Decided): Promise<void> {
    const { approvals, now, onDecided } = this.#options;
    try {
      const approval = await recordDecision(approvals, decided, now());
      onDecided?.({ ...decided, approval });
    } catch (error) {
      this.#warn(context, 'A decision could not be stored', error);
    }
  }

  #warn({ operationId }: ActContext, message: string, error: unknown) {
    this.#options.logger.warn(message, {
      operation: operationId,
      reason: reasonOf(error),
    });
  }
}

function inShort(result: RuleResult): string {
  return result.kind === 'refuse'
    ? `refuse ${result.refusal.code}`
    : `${result.kind} ${result.code}`;
}

function inWords(results: RuleResult[]): string {
  const warnings = results.flatMap(result =>
    result.kind === 'warn' ? [result.message] : [],
  );
  return ['All rules are kept.', ...warnings].join(' ');
}
