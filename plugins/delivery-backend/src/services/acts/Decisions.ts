import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type DecisionBody,
  deliveryApprovalDecidePermission,
} from 'backstage-plugin-delivery-common';
import type { UserToken } from 'backstage-plugin-delivery-node';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import { type ActAccess, callerOf } from './ActAccess';
import { approvalNotFound } from './actErrors';
import { actorOfRun } from './actorOfRun';
import type { ActRunner, ActSubject } from './ActRunner';
import {
  DECISION_STEPS,
  DecisionWork,
  type DecisionWorkOptions,
} from './DecisionWork';
import { environmentOf } from './environmentOf';
import { actsOf, type ProviderOf } from './vendorRefs';

/** What {@link Decisions} is made of. */
export interface DecisionsOptions extends Omit<DecisionWorkOptions, 'acts'> {
  access: Pick<ActAccess, 'actor'>;
  environments: Pick<EnvironmentStore, 'environmentsOf'>;
  providerOf: ProviderOf;
  runner: ActRunner;
  store: Pick<DeliveryStore, 'entitiesOfRun' | 'repository'>;
}

/** Approves and rejects what waits for production, as a named person: design 3, "Deciding a `github-reviewers` approval". */
export class Decisions {
  readonly #options: DecisionsOptions;

  constructor(options: DecisionsOptions) {
    this.#options = options;
  }

  /**
   * Begins a decision; how it goes on is read at its operation.
   *
   * @param approvalId - ours: repository, run, attempt and environment are looked up by it, never taken from the body
   * @throws `NotFoundError` `approval_not_found`; what `ActAccess.actor` and `ActRunner.start` throw
   */
  async decide(
    credentials: BackstageCredentials,
    approvalId: string,
    body: DecisionBody,
    token: UserToken,
  ): Promise<{ operationId: string }> {
    const { approvals, runner, store } = this.#options;
    const approval = await approvals.approval(approvalId);
    const repository = approval && (await store.repository(approval.repoKey));
    if (!approval || !repository) throw approvalNotFound(approvalId);
    const found = await actorOfRun(
      this.#options,
      credentials,
      deliveryApprovalDecidePermission,
      approval,
    );
    if (found.kind === 'unseen') throw approvalNotFound(approvalId);
    const { entityRef } = found;
    const subject = await this.#subject(approval, entityRef, body);
    if (found.kind === 'refused') {
      const actorRef = callerOf(credentials);
      return runner.refused(
        { kind: body.decision, subject, actorRef },
        found.error,
      );
    }
    const { actor } = found;
    const { runKey, repoKey, attempt, environment } = approval;
    return runner.start(
      {
        kind: body.decision,
        ...{ actor, subject, approvalId },
        idempotencyKey: body.idempotencyKey,
        leaseKey: `decision:${repoKey}:${runKey}:${attempt}:${environment}`,
        onlyOnce: true,
        steps: DECISION_STEPS,
        resume: {
          ...{ runKey, repoKey, environment },
          attempt: String(attempt),
          state: body.decision === 'approve' ? 'approved' : 'rejected',
        },
      },
      context =>
        new DecisionWork(
          { approval, repository, actor, entityRef, body, token },
          {
            ...this.#options,
            acts: actsOf(this.#options.providerOf, repository.host),
          },
        ).run(context),
    );
  }

  async #subject(
    approval: ApprovalRow,
    entityRef: string,
    { decision, comment }: DecisionBody,
  ): Promise<ActSubject> {
    const { runKey, attempt, sha, environment } = approval;
    const ours = await environmentOf(
      this.#options.environments,
      entityRef,
      environment,
    );
    return {
      ...{ entityRef, attempt, sha, decision, comment },
      environment: ours?.environment ?? environment,
      runId: runKey,
    };
  }
}
