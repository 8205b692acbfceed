import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  classifyRefusedDecision,
  findDecision,
  type GateReading,
  type GateRun,
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
import type { GateFacts } from '../approvals/GateFacts';
import { reasonOf } from './ActExecution';
import type { ActContext } from './ActRunner';
import { Refusal } from './Refusal';
import type { Pause } from './vendorRefs';

/** What a decision rests on once it may be sent. */
export interface ReadyToDecide {
  facts: GateFacts;
  gate: GateReading;
  identity: VendorIdentity;
}

/** What {@link DecisionAtVendor} works with. */
export interface DecisionAtVendorOptions {
  acts: VendorActs;
  logger: LoggerService;
  now: () => number;
  pause: Pause;
  gate: GateRef;
  state: 'approved' | 'rejected';
  attemptSeen: number;
  token: UserToken;
}

/** How often it is looked for the record of a decision, and how long in between. */
const LOOKS = 5;
const PAUSE_MS = 1_000;

/** One decision as far as the vendor is concerned: sent once, then only looked at. */
export class DecisionAtVendor {
  readonly #options: DecisionAtVendorOptions;

  constructor(options: DecisionAtVendorOptions) {
    this.#options = options;
  }

  /** False: it was sent, and nobody answered. */
  async send(
    context: ActContext,
    ready: ReadyToDecide,
    comment: string,
  ): Promise<boolean> {
    const { acts, gate, state, token } = this.#options;
    const { environmentId } = ready.gate;
    try {
      const { requestId } = await acts.decide(
        gate,
        { environmentId, state, comment },
        { token, identity: ready.identity },
        context.signal,
      );
      context.note({ requestId });
      return true;
    } catch (error) {
      if (!(error instanceof VendorRefusal)) {
        this.#warn(context, 'A decision was sent and not answered', error);
        return false;
      }
      if (error.code !== 'not_pending') throw error;
      return this.#isOursAfterAll(context, ready, error);
    }
  }

  /** It counts when the vendor lists it with our own reference. */
  async confirm(
    context: ActContext,
    ready: ReadyToDecide,
  ): Promise<DecisionRecord> {
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

  /** Why it cannot be decided any more, from what stands at the vendor. */
  async whatHappened(context: ActContext, facts: GateFacts): Promise<Refusal> {
    const { acts, attemptSeen, gate: ref, now, token } = this.#options;
    const { signal } = context;
    const [gateRun, gate, decisions] = await Promise.all([
      acts.readGateRun(ref, token, signal),
      acts.readGate(ref, token, signal),
      acts.readDecisions(ref, token, signal),
    ]);
    return new Refusal(
      classifyRefusedDecision({
        ...{ gateRun, gate, decisions, attemptSeen },
        environmentId: facts.view.environmentId,
        now: now(),
      }),
    );
  }

  /** Between our read and our decision somebody could have started the run again. */
  async differences(
    context: ActContext,
    { gateRun }: GateFacts,
  ): Promise<string[]> {
    const { acts, gate, token } = this.#options;
    let now: GateRun;
    try {
      now = await acts.readGateRun(gate, token, context.signal);
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

  /** "Nothing is pending" is also said of what we did ourselves a moment ago: never conclude from the code. */
  async #isOursAfterAll(
    context: ActContext,
    ready: ReadyToDecide,
    refusal: VendorRefusal,
  ): Promise<boolean> {
    let happened: Refusal;
    try {
      if (await this.#look(context, ready)) return true;
      happened = await this.whatHappened(context, ready.facts);
    } catch (error) {
      this.#warn(context, 'A refused decision could not be explained', error);
      throw refusal;
    }
    throw happened;
  }

  async #look(
    { operationId, signal }: ActContext,
    { gate, identity }: ReadyToDecide,
  ): Promise<DecisionRecord | undefined> {
    const { acts, gate: ref, state, token } = this.#options;
    const decisions = await acts.readDecisions(ref, token, signal);
    return findDecision(decisions, {
      ...{ operationId, state },
      accountId: identity.id,
      environmentId: gate.environmentId,
    });
  }

  #warn({ operationId }: ActContext, message: string, error: unknown) {
    this.#options.logger.warn(message, {
      operation: operationId,
      reason: reasonOf(error),
    });
  }
}
