import {
  type RollbackBody,
  ROLLBACK_WAYS,
} from 'backstage-plugin-delivery-common';
import type { RollbackWay } from 'backstage-plugin-delivery-common/domain';
import type { UserToken, VendorIdentity } from 'backstage-plugin-delivery-node';
import type { Entity } from '@backstage/catalog-model';
import type { Actor, ActContext, ActOutcome } from '../acts/ActRunner';
import { refuse } from '../acts/Refusal';
import { actsOf } from '../acts/vendorRefs';
import { brokenGlass, withGlassBroken } from './breakGlass';
import { DirectRollback } from './DirectRollback';
import { PipelineRollback } from './PipelineRollback';
import type { RollbackFacts, RollbackTarget } from './RollbackFacts';
import type { RollbackReader } from './RollbackReader';
import type { RollbackRules } from './RollbackRules';
import type { RollbackServiceOptions } from './RollbackServiceOptions';
import type { TargetChecks } from './TargetChecks';
import { named } from './words';

/** Steps of a rollback that the runtime itself does, and of one that a workflow does. */
export const DIRECT_STEPS = ['fresh_read', 'checks', 'sent', 'confirmed'];
export const PIPELINE_STEPS = ['identity', ...DIRECT_STEPS];

/** What somebody asked for. */
export interface RollbackOrder {
  actor: Actor;
  entity: Entity;
  environment: string;
  host: string;
  body: RollbackBody;
  token: UserToken | undefined;
  /** Whose token it is has a step of its own. */
  withIdentity: boolean;
}

interface Parts {
  reader: RollbackReader;
  rules: RollbackRules;
  checks: TargetChecks;
}

/** Ready to be sent. */
interface Prepared {
  send(): Promise<unknown>;
  confirm(sent: unknown): Promise<ActOutcome>;
}

/** One rollback, from the fresh read to the proof. */
export class RollbackWork {
  constructor(
    private readonly options: RollbackServiceOptions,
    private readonly parts: Parts,
    private readonly order: RollbackOrder,
  ) {}

  async run(context: ActContext): Promise<ActOutcome> {
    const { order } = this;
    const identity = order.withIdentity
      ? await context.step(
          'identity',
          () => this.#prove(context),
          ({ login }) => `You are ${login}.`,
        )
      : undefined;
    const facts = await context.step('fresh_read', () => this.#read(context));
    const way = this.#wayOf(facts);
    const target = targetOf(facts, order.body.target);
    let ready: Prepared | undefined;
    await context.step(
      'checks',
      async () => {
        const warnings = await this.#check(context, facts, target);
        ready = await this.#prepare(context, facts, way, target, identity);
        return warnings;
      },
      warnings => ['All checks are passed.', ...warnings].join(' '),
    );
    const prepared = ready as Prepared;
    // The last moment at which it is certain that nothing has happened.
    context.signal.throwIfAborted();
    const sent = await context.step('sent', () =>
      this.#past(context, facts, target, () => prepared.send()),
    );
    return context.step('confirmed', () => prepared.confirm(sent));
  }

  async #prove({ signal }: ActContext): Promise<VendorIdentity> {
    const { actor, host, token } = this.order;
    if (!token) {
      return refuse(
        'user_token_missing',
        403,
        'Nothing was sent: this starts a workflow in your own name. Sign in at the vendor and try again.',
        { host },
      );
    }
    return this.options.identity.prove(actor, host, token, signal);
  }

  async #read(context: ActContext): Promise<RollbackFacts> {
    const { entity, environment, body } = this.order;
    const facts = await this.parts.reader.read(
      ...([entity, environment, true, context.signal] as const),
    );
    if (facts.viewHash === body.viewHash) return facts;
    return refuse(
      'stale_view',
      409,
      'Nothing was sent: what runs there, how it can go back, or to what changed since you looked. Look at it again.',
    );
  }

  #wayOf({ way, emergencyWay }: RollbackFacts): RollbackWay {
    const chosen = this.order.body.way === 'emergency' ? emergencyWay : way;
    if (chosen.way === 'refused') {
      refuse('rollback_refused', 409, `Nothing was sent. ${chosen.message}`);
    }
    return chosen;
  }

  /** Everything that could be looked up again; what is not known does not hinder. */
  async #check(
    context: ActContext,
    facts: RollbackFacts,
    target: RollbackTarget,
  ): Promise<string[]> {
    const { actor, body } = this.order;
    if (body.way === 'emergency') {
      await this.parts.rules.forEmergency(facts, actor);
    }
    const checks = await this.parts.checks.of(
      ...([facts, target, true, context.signal] as const),
    );
    const image = target.commit.image?.digest;
    context.note({
      ...(image ? { digest: image } : {}),
      detail: {
        rollback: {
          asked: body.way,
          target: target.id,
          taskDefinition: target.taskDefinition,
          runningTaskDefinition: facts.running?.taskDefinition,
        },
        checks: checks.map(({ code, state }) => `${state} ${code}`),
      },
    });
    const failed = checks.find(({ state }) => state === 'fail');
    if (failed) {
      refuse(
        'rollback_check_failed',
        409,
        `Nothing was sent. ${failed.message}`,
        { check: failed.code },
      );
    }
    return checks.flatMap(({ state, message }) =>
      state === 'pass' ? [] : [message],
    );
  }

  async #prepare(
    context: ActContext,
    facts: RollbackFacts,
    way: RollbackWay,
    target: RollbackTarget,
    proved: VendorIdentity | undefined,
  ): Promise<Prepared> {
    const { actor, body, host, token } = this.order;
    const { rules } = this.parts;
    const isGlass = body.way === 'emergency';
    const known = ROLLBACK_WAYS.find(one => one === way.way) ?? 'refused';
    context.note({ resume: { way: known }, detail: { way: known } });
    if (way.way !== 'pipeline') {
      if (!isGlass) await rules.forDirect(facts, actor);
      const direct = new DirectRollback(this.options, facts, way, target);
      context.note({ resume: direct.resume });
      const { operationId } = context;
      return {
        send: () => direct.send(context, { userRef: actor.ref, operationId }),
        confirm: () => direct.confirm(context),
      };
    }
    const identity = proved ?? (await this.#prove(context));
    const { id: accountId, login } = identity;
    context.note({ identity, resume: { accountId, login } });
    const pipeline = new PipelineRollback(
      { ...this.options, ...this.parts },
      ...([facts, target] as const),
      {
        ...{ actor, identity },
        token: token as UserToken,
        acts: actsOf(this.options.providerOf, host),
      },
    );
    await pipeline.prepare(context, body.comment, isGlass);
    return {
      send: () => pipeline.send(context),
      confirm: async outcome => outcome as ActOutcome,
    };
  }

  /** Past the rules only with a finding that somebody else reviews. */
  async #past<TResult>(
    { operationId }: ActContext,
    facts: RollbackFacts,
    target: RollbackTarget,
    send: () => Promise<TResult>,
  ): Promise<TResult> {
    const { actor, body } = this.order;
    if (body.way !== 'emergency') return send();
    const at = this.options.now();
    const reason = named(body.comment, 800);
    return withGlassBroken(
      this.options,
      brokenGlass(facts, target, { actor, operationId, reason, at }),
      send,
    );
  }
}

function targetOf({ targets }: RollbackFacts, id: string): RollbackTarget {
  return (
    targets.find(target => target.id === id) ??
    refuse(
      'target_unknown',
      409,
      'Nothing was sent: that deployment is none that can be gone back to. Look at it again.',
    )
  );
}
