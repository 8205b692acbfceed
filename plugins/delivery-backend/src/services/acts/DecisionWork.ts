import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DecisionBody } from 'backstage-plugin-delivery-common';
import {
  checkGate,
  checkOrder,
  checkPolicy,
  checkSelfReview,
  classifyRefusedDecision,
  decisionComment,
  findDecision,
  firstRefusal,
  type GateReading,
  type GateRun,
  type GateView,
  type KnownCheck,
  type RuleResult,
  type SoakFacts,
  viewDifferences,
} from 'backstage-plugin-delivery-common/domain';
import {
  type DecisionRecord,
  type GateRef,
  type UserToken,
  type VendorActs,
  type VendorIdentity,
  VendorRefusal,
  VendorSilence,
} from 'backstage-plugin-delivery-node';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { RepositoryRow } from '../../database/rows';
import type { GateFacts, GateFactsReader } from '../approvals/GateFacts';
import { reasonOf } from './ActExecution';
import type { ActContext, ActOutcome, Actor } from './ActRunner';
import { gateEvidence } from './gateEvidence';
import type { PersonIdentity } from './PersonIdentity';
import { recordDecision, type Decided } from './recordDecision';
import { Refusal, refuse } from './Refusal';
import { gateRef, type Pause, runRef } from './vendorRefs';

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

/** What is remembered while it is made. */
interface Ready {
  facts: GateFacts;
  gate: GateReading;
  identity: VendorIdentity;
}

/** How often it is looked for the record of a decision, and how long in between. */
const LOOKS = 5;
const PAUSE_MS = 1_000;

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
  readonly #gate: GateRef;
  readonly #state: 'approved' | 'rejected';

  constructor(order: DecisionOrder, options: DecisionWorkOptions) {
    this.#options = options;
    this.#order = order;
    const { approval, repository, body } = order;
    this.#gate = gateRef(
      runRef(repository, approval.runKey),
      approval.environment,
    );
    this.#state = body.decision === 'approve' ? 'approved' : 'rejected';
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
      () => this.#send(context, ready),
      answer =>
        answer
          ? 'The vendor took it.'
          : 'The vendor did not answer; now it is looked whether it was done.',
    );
    const record = await context.step(
      'confirmed',
      () => this.#confirm(context, ready),
      () => 'It stands at the vendor.',
    );
    return this.#finish(context, ready, { answered, record });
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
      throw await this.#whatHappened(context, facts);
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
    { facts, gate, identity }: Ready,
  ): Promise<RuleResult[]> {
    const { gateRun, policy, range, requests, runningSha } = facts;
    const { id, login } = identity;
    const userRef = this.#order.actor.ref;
    const isApproval = this.#state === 'approved';
    const { soak, checks, pushers } = await this.#options.evidence(facts);
    const results = [
      ...checkGate(gate, gateRun, policy),
      ...(isApproval ? [checkOrder(range, runningSha, gateRun.headSha)] : []),
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

  /** Step 8. False: it was sent, and nobody answered. */
  async #send(
    context: ActContext,
    { gate, identity, facts }: Ready,
  ): Promise<boolean> {
    const { actor, body, token } = this.#order;
    const { operationId, auditHead, signal } = context;
    try {
      const { requestId } = await this.#options.acts.decide(
        this.#gate,
        {
          environmentId: gate.environmentId,
          state: this.#state,
          comment: decisionComment({
            text: body.comment,
            userRef: actor.ref,
            ...{ operationId, auditHead },
          }),
        },
        { token, identity },
        signal,
      );
      context.note({ requestId });
      return true;
    } catch (error) {
      if (!(error instanceof VendorRefusal)) {
        this.#warn(context, 'A decision was sent and not answered', error);
        return false;
      }
      if (error.code !== 'not_pending') throw error;
      return this.#isOursAfterAll(context, { gate, identity, facts }, error);
    }
  }

  /** "Nothing is pending" is also said of what we did ourselves a moment ago: never conclude from the code. */
  async #isOursAfterAll(
    context: ActContext,
    ready: Ready,
    refusal: VendorRefusal,
  ): Promise<boolean> {
    let happened: Refusal;
    try {
      const record = await this.#look(context, ready);
      if (record) return true;
      happened = await this.#whatHappened(context, ready.facts);
    } catch (error) {
      this.#warn(context, 'A refused decision could not be explained', error);
      throw refusal;
    }
    throw happened;
  }

  async #whatHappened(context: ActContext, facts: GateFacts): Promise<Refusal> {
    const { acts, now } = this.#options;
    const { token, approval } = this.#order;
    const { signal } = context;
    const [gateRun, gate, decisions] = await Promise.all([
      acts.readGateRun(this.#gate, token, signal),
      acts.readGate(this.#gate, token, signal),
      acts.readDecisions(this.#gate, token, signal),
    ]);
    return new Refusal(
      classifyRefusedDecision({
        ...{ gateRun, gate, decisions },
        environmentId: facts.view.environmentId,
        attemptSeen: approval.attempt,
        now: now(),
      }),
    );
  }

  /** It counts when the vendor lists it with our own reference. */
  async #confirm(context: ActContext, ready: Ready): Promise<DecisionRecord> {
    for (let look = 1; look <= LOOKS; look++) {
      try {
        const record = await this.#look(context, ready);
        if (record) return record;
      } catch (error) {
        this.#warn(context, 'A decision could not be looked for', error);
      }
      context.signal.throwIfAborted();
      if (look < LOOKS) {
        await this.#options.pause(look * PAUSE_MS, context.signal);
      }
    }
    throw new VendorSilence('The decision is not among those on record (yet)');
  }

  async #look(
    { operationId, signal }: ActContext,
    { gate, identity }: Ready,
  ): Promise<DecisionRecord | undefined> {
    const decisions = await this.#options.acts.readDecisions(
      this.#gate,
      this.#order.token,
      signal,
    );
    return findDecision(decisions, {
      operationId,
      accountId: identity.id,
      environmentId: gate.environmentId,
      state: this.#state,
    });
  }

  async #finish(
    context: ActContext,
    { facts, identity }: Ready,
    { answered }: { answered: boolean; record: DecisionRecord },
  ): Promise<ActOutcome> {
    const { approval, actor, body } = this.#order;
    const other = await this.#differences(context, facts);
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

  /** Between our read and our decision somebody could have started the run again. */
  async #differences(
    context: ActContext,
    { gateRun }: GateFacts,
  ): Promise<string[]> {
    let now: GateRun;
    try {
      now = await this.#options.acts.readGateRun(
        this.#gate,
        this.#order.token,
        context.signal,
      );
    } catch (error) {
      this.#warn(context, 'A decided run could not be read again', error);
      return [];
    }
    const fresh = now.pendingDeployments.filter(
      id => !gateRun.pendingDeployments.includes(id),
    );
    return [
      ...(now.attempt === gateRun.attempt
        ? []
        : [`The run is at attempt ${now.attempt} now: look at it again.`]),
      ...(now.headSha === gateRun.headSha
        ? []
        : ['The run is of another commit now: look at it again.']),
      ...(fresh.length > 0
        ? ['Other deployments wait now: look at them.']
        : []),
    ];
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
