import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deliveryApprovalDecidePermission,
  deliveryBreakglassPermission,
} from 'backstage-plugin-delivery-common';
import {
  type ChangeRange,
  checkSelfReview,
  firstRefusal,
  type GateReading,
  type GateRun,
  needsDecision,
  type RuleRefusal,
} from 'backstage-plugin-delivery-common/domain';
import type { VendorIdentity } from 'backstage-plugin-delivery-node';
import type { ActAccess } from '../acts/ActAccess';
import type { Actor } from '../acts/ActRunner';
import { codeOf } from '../acts/operationRows';
import { Refusal } from '../acts/Refusal';
import type { RollbackFacts } from './RollbackFacts';

/** Nothing was started yet: only whose change comes in counts. The vendor gives nobody the id 0. */
const NO_RUN: GateRun = {
  ...{ waiting: false, status: 'none', headSha: '', attempt: 0 },
  ...{ actor: { id: '0' }, triggeringActors: [] },
  ...{ deploymentCreators: [], pendingDeployments: [] },
};

/** Who may let a rollback into production. */
export class RollbackRules {
  readonly #access: Pick<ActAccess, 'actor'>;

  constructor(options: { access: Pick<ActAccess, 'actor'> }) {
    this.#access = options.access;
  }

  /**
   * Stopping a deployment, or going back from it, is done at once: in production by somebody who may decide.
   *
   * @throws `Refusal`
   */
  async forDirect(facts: RollbackFacts, actor: Actor): Promise<void> {
    if (facts.binding.tier !== 'production') return;
    const missing = await this.#missing(
      ...([actor, deliveryApprovalDecidePermission, facts] as const),
    );
    if (missing) throw decisionNeeded(missing);
  }

  /**
   * A workflow behind a gate that stands waits for its approver. Any other lets its version in, so whoever starts it has to be one who may
   * decide, and not the author of what comes in.
   *
   * @param gate - of the environment that the workflow certainly waits for; undefined: none
   * @param range - what the chosen version has and the running one has not
   * @returns true when somebody else still decides
   * @throws `Refusal`
   */
  async forPipeline(
    facts: RollbackFacts,
    gate: GateReading | undefined,
    actor: Actor,
    identity: VendorIdentity,
    range: () => Promise<ChangeRange | undefined>,
  ): Promise<boolean> {
    const { name: environment, policy } = facts;
    const { tier } = facts.binding;
    if (!needsDecision([{ environment, tier, gate }])) {
      return gate !== undefined && gate.reviewers.length > 0;
    }
    const missing = await this.#missing(
      ...([actor, deliveryApprovalDecidePermission, facts] as const),
    );
    if (missing) throw decisionNeeded(missing);
    const { id, login } = identity;
    const refusal = firstRefusal(
      checkSelfReview({
        person: { id, login, userRef: actor.ref },
        run: NO_RUN,
        range: await range(),
        ...{ requests: [], policy, pushers: [] },
      }),
    );
    if (refusal) throw decisionNeeded(refusal);
    return false;
  }

  /** @throws `Refusal` without the permission */
  async forEmergency(facts: RollbackFacts, actor: Actor): Promise<void> {
    const missing = await this.#missing(
      ...([actor, deliveryBreakglassPermission, facts] as const),
    );
    if (missing) throw new Refusal(missing);
  }

  /** Asked anew, with the credentials of the click. */
  async #missing(
    actor: Actor,
    permission: ResourcePermission<'catalog-entity'>,
    { entityRef, repository }: RollbackFacts,
  ): Promise<RuleRefusal | undefined> {
    const credentials: BackstageCredentials = actor.credentials;
    try {
      await this.#access.actor(
        ...([credentials, permission, entityRef, repository.repoKey] as const),
      );
      return undefined;
    } catch (error) {
      const known = codeOf(error);
      if (!known) throw error;
      return { ...known, status: 403, message: (error as Error).message };
    }
  }
}

function decisionNeeded(refusal: RuleRefusal): Refusal {
  return new Refusal({
    ...refusal,
    message: `Nothing was sent: this changes production at once, without anybody else deciding. ${refusal.message} Whoever may break the glass can do it as an emergency.`,
  });
}
