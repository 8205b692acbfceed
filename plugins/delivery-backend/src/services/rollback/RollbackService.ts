import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import {
  deliveryDeploymentRollbackPermission,
  type MayAct,
  type MyActs,
  type RollbackBody,
  type RollbackOptions,
} from 'backstage-plugin-delivery-common';
import { needsDecision } from 'backstage-plugin-delivery-common/domain';
import type { UserToken } from 'backstage-plugin-delivery-node';
import type { OperationRow } from '../../database/ApprovalStore';
import { callerOf } from '../acts/ActAccess';
import type { ActSubject } from '../acts/ActRunner';
import { codeOf } from '../acts/operationRows';
import type { Settlement } from '../acts/settleVendor';
import type { RollbackFacts } from './RollbackFacts';
import { RollbackReader } from './RollbackReader';
import { isUnderWay } from './rollbackWays';
import { RollbackRules } from './RollbackRules';
import type { RollbackServiceOptions } from './RollbackServiceOptions';
import { DIRECT_STEPS, PIPELINE_STEPS, RollbackWork } from './RollbackWork';
import { settleRollback } from './settleRollback';
import { TargetChecks } from './TargetChecks';

export type { RollbackServiceOptions } from './RollbackServiceOptions';

/** Longest that a page waits for what a rollback would do. */
const READ_MS = 20_000;

/** Puts an environment back to an earlier deployment: design 4, "Rollback". */
export class RollbackService {
  readonly #options: RollbackServiceOptions;
  readonly #reader: RollbackReader;
  readonly #rules: RollbackRules;
  readonly #checks: TargetChecks;

  constructor(options: RollbackServiceOptions) {
    this.#options = options;
    this.#reader = new RollbackReader(options);
    this.#rules = new RollbackRules(options);
    this.#checks = new TargetChecks(options);
  }

  /**
   * How the environment would go back now, and to what. Reads with the portal's credentials.
   *
   * @throws `NotFoundError` naming the environments there are; `NotAllowedError` when the service has no repository of its own
   */
  async options(
    credentials: BackstageCredentials,
    entity: Entity,
    environment: string,
  ): Promise<RollbackOptions> {
    const signal = AbortSignal.timeout(READ_MS);
    const [facts, may] = await Promise.all([
      this.#reader.read(entity, environment, false, signal),
      this.#options.access.may(credentials, entity),
    ]);
    const [checks, needs] = await Promise.all([
      this.#checks.ofAll(facts, signal),
      this.#needsDecision(facts, signal),
    ]);
    const { entityRef, way, running, targets, viewHash } = facts;
    return {
      ...{ entityRef, environment },
      ...{ way: way.way, message: way.message, running },
      targets: targets.map(({ id, images: _, ...target }, index) => ({
        deploymentId: id,
        ...target,
        checks: checks[index],
        possible: checks[index].every(({ state }) => state !== 'fail'),
      })),
      emergency: emergencyOf(facts, may),
      you: normalOf(may, needs),
      viewHash,
      asOf: this.#options.now(),
    };
  }

  /**
   * Begins a rollback; how it goes on is read at its operation.
   *
   * @param token - the person's own at the vendor of the pipeline; only a workflow needs it
   * @throws what `ActAccess.actor` and `ActRunner.start` throw; `NotFoundError` for an unknown environment
   */
  async rollback(
    credentials: BackstageCredentials,
    entityRef: string,
    environment: string,
    body: RollbackBody,
    token: UserToken | undefined,
  ): Promise<{ operationId: string }> {
    const { access, runner } = this.#options;
    const kind = body.way === 'emergency' ? 'emergency_rollback' : 'rollback';
    const subject: ActSubject = {
      ...{ entityRef, environment, comment: body.comment },
      decision: `to ${body.target}`,
    };
    const { actor, entity } = await access
      .actor(credentials, deliveryDeploymentRollbackPermission, entityRef)
      .catch(error => {
        // To somebody who does not see the service there is none, and nothing to write down.
        if (codeOf(error)?.code === 'entity_not_found') throw error;
        const actorRef = callerOf(credentials);
        return runner.refused({ kind, subject, actorRef }, error);
      });
    const known = await this.#known(entity, environment, body);
    const withIdentity = token !== undefined && known.byWorkflow;
    return runner.start(
      {
        ...{ kind, actor, idempotencyKey: body.idempotencyKey },
        subject: { ...subject, sha: known.sha },
        leaseKey: `rollback:${known.lease}`,
        steps: withIdentity ? PIPELINE_STEPS : DIRECT_STEPS,
        resume: { environment, target: body.target },
      },
      context =>
        new RollbackWork(
          this.#options,
          { reader: this.#reader, rules: this.#rules, checks: this.#checks },
          {
            ...{ actor, entity, environment, body, token, withIdentity },
            host: known.host,
          },
        ).run(context),
    );
  }

  /** What became of a rollback of which nobody knows the end, for `OperationsOptions.settlers`. */
  settle(row: OperationRow, signal: AbortSignal): Promise<Settlement> {
    return settleRollback(this.#options, row, signal);
  }

  /** What can be told without asking anybody: the attempt is not written down yet. */
  async #known(
    entity: Entity,
    environment: string,
    { target, way }: RollbackBody,
  ) {
    const { access } = this.#options;
    const stored = await this.#reader.stored(entity, environment);
    const { host } = await access.repositoryOf(entity);
    return {
      host,
      sha: stored.history.find(item => item.id === target)?.commit.sha,
      lease: stored.runtimeKey ?? `${stored.entityRef}:${environment}`,
      byWorkflow:
        !stored.isMoving && (way === 'normal' || !stored.canActOnRuntime),
    };
  }

  /** As the vendor shows the gate to the portal; the act reads it again. */
  async #needsDecision(
    facts: RollbackFacts,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { way, name, repository, binding } = facts;
    const { tier } = binding;
    if (tier !== 'production' || way.way === 'refused') return false;
    if (isUnderWay(way)) return true;
    const { host, slug, repoKey } = repository;
    const acts = this.#options.providerOf(host)?.acts;
    try {
      const [vendorName = name] = await this.#reader.vendorNames(facts);
      const gate = await acts?.readEnvironment(
        ...([{ host, slug, repoKey }, vendorName, undefined, signal] as const),
      );
      return needsDecision([{ environment: name, tier, gate }]);
    } catch {
      // The button is no protection: the act asks again, and refuses.
      return false;
    }
  }
}

function normalOf(may: MyActs, needsToDecide: boolean): MayAct {
  if (!may.rollback.allowed || !needsToDecide) return may.rollback;
  return may.decide;
}

function emergencyOf({ emergencyWay }: RollbackFacts, may: MyActs): MayAct {
  if (!may.rollback.allowed) return may.rollback;
  if (!may.breakGlass.allowed) return may.breakGlass;
  return emergencyWay.way === 'refused'
    ? {
        allowed: false,
        reason: { code: 'rollback_refused', message: emergencyWay.message },
      }
    : { allowed: true };
}
