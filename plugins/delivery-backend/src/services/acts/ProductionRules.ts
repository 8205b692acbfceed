import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deliveryApprovalDecidePermission,
  deliveryBreakglassPermission,
} from 'backstage-plugin-delivery-common';
import {
  type ChangeRange,
  checkOrder,
  checkPolicy,
  checkSelfReview,
  firstRefusal,
  type GatePolicy,
  type GateRun,
  needsDecision,
  type PortalRequest,
  type RuleRefusal,
} from 'backstage-plugin-delivery-common/domain';
import type {
  RepositoryScope,
  UserToken,
  VendorActs,
  VendorIdentity,
} from 'backstage-plugin-delivery-node';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { ActAccess } from './ActAccess';
import type { Actor } from './ActRunner';
import { codeOf } from './operationRows';
import type { Target, TargetReading } from './productionTargets';
import { Refusal, refuse } from './Refusal';

/** What {@link ProductionRules} asks. */
export interface ProductionRulesOptions {
  access: Pick<ActAccess, 'actor'>;
  environments: Pick<EnvironmentStore, 'environments'>;
  /** What the portal asks of one of the service's environments. */
  policyOf: (entity: Entity, environment: string | undefined) => GatePolicy;
  now: () => number;
}

/** An act that could let something into production. */
export interface ProductionAct {
  actor: Actor;
  entity: Entity;
  entityRef: string;
  repoKey: string;
  scope: RepositoryScope;
  acts: VendorActs;
  identity: VendorIdentity;
  token: UserToken;
  signal: AbortSignal;
  readings: TargetReading[];
  breakGlass: boolean;
  comment: string | undefined;
  /** Absent: a run that does not exist yet, whose initiator is the person themself. */
  run?: { sha: string; gateRun: GateRun; requests: PortalRequest[] };
}

/** `free`: nothing gets into production by it unseen; `decided`: the person decides it as an approver would. */
export type ProductionAnswer =
  | { kind: 'free' | 'decided' }
  | { kind: 'broken'; past: RuleRefusal; target: Target };

/** The rules of an approval, for acts that could let something into production although no gate holds it. */
export class ProductionRules {
  readonly #options: ProductionRulesOptions;

  constructor(options: ProductionRulesOptions) {
    this.#options = options;
  }

  /** @throws `Refusal` when a rule says no and the glass is not, or may not be, broken */
  async check(act: ProductionAct): Promise<ProductionAnswer> {
    const unheld = act.readings.filter(reading => needsDecision([reading]));
    if (unheld.length === 0) return { kind: 'free' };
    for (const { target } of unheld) {
      const past = await this.#refusalOf(act, target);
      if (!past) continue;
      if (!act.breakGlass) {
        throw new Refusal({
          ...past,
          message: `Nothing was sent: this can change production, and no gate at the vendor holds it. ${past.message}`,
        });
      }
      await this.#mayBreak(act);
      return { kind: 'broken', past, target };
    }
    return { kind: 'decided' };
  }

  async #refusalOf(
    act: ProductionAct,
    target: Target,
  ): Promise<RuleRefusal | undefined> {
    const missing = await this.#permission(
      act,
      deliveryApprovalDecidePermission,
    );
    if (missing) return missing;
    const { entity, entityRef, identity, run, actor } = act;
    if (!run) return ownReview(identity.login);
    const policy = this.#options.policyOf(entity, target.environment);
    const rows = await this.#options.environments.environments(entityRef);
    const runningSha = rows.find(
      ({ environment }) => environment.name === target.environment,
    )?.environment.commit?.sha;
    const range = await this.#range(act, runningSha, run.sha);
    return firstRefusal([
      checkOrder(range, runningSha, run.sha),
      ...checkSelfReview({
        person: {
          id: identity.id,
          login: identity.login,
          userRef: actor.ref,
        },
        run: run.gateRun,
        requests: run.requests,
        ...{ range, policy, pushers: [] },
      }),
      // Checks and soak are of a candidate that waits; what is frozen is frozen for everybody.
      ...checkPolicy({
        policy: { ...policy, requiredChecks: [], soak: undefined },
        now: this.#options.now(),
        checks: [],
      }),
    ]);
  }

  async #range(
    { acts, scope, token, signal }: ProductionAct,
    base: string | undefined,
    head: string,
  ): Promise<ChangeRange | undefined> {
    if (base === undefined) return undefined;
    return acts.readRange(scope, { base, head }, token, signal);
  }

  async #mayBreak(act: ProductionAct): Promise<void> {
    const missing = await this.#permission(act, deliveryBreakglassPermission);
    if (missing) throw new Refusal(missing);
    if (!act.comment) {
      refuse(
        'comment_missing',
        409,
        'Nothing was sent: say why it has to be done past the rules for production.',
      );
    }
  }

  /** Asked anew, with the credentials of the click. */
  async #permission(
    { actor, entityRef, repoKey }: ProductionAct,
    permission: ResourcePermission<'catalog-entity'>,
  ): Promise<RuleRefusal | undefined> {
    const credentials: BackstageCredentials = actor.credentials;
    try {
      await this.#options.access.actor(
        credentials,
        permission,
        entityRef,
        repoKey,
      );
      return undefined;
    } catch (error) {
      const known = codeOf(error);
      if (!known) throw error;
      const { message } = error as Error;
      return { ...known, status: 403, message };
    }
  }
}

function ownReview(login: string): RuleRefusal {
  return {
    code: 'self_review',
    status: 403,
    message:
      'Whoever starts it lets it in, without anybody else. Let the environment have reviewers at the vendor who may not be the ones who start it.',
    params: { why: 'actor', login },
  };
}
