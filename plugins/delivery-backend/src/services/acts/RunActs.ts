import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  type Act,
  type CancelBody,
  deliveryRunCancelPermission,
  deliveryRunDispatchPermission,
  deliveryRunRerunPermission,
  type DispatchBody,
  type RerunBody,
} from 'backstage-plugin-delivery-common';
import type { UserToken } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { PipelineRow, RepositoryRow, RunRow } from '../../database/rows';
import type { EntityIndex } from '../EntityIndex';
import { withCode } from '../errors';
import { type ActAccess, callerOf } from './ActAccess';
import { runNotFound, stale } from './actErrors';
import { actorOfRun } from './actorOfRun';
import type { ActRunner, ActSubject } from './ActRunner';
import { CANCEL_STEPS, CancelWork } from './CancelWork';
import { DISPATCH_STEPS, DispatchWork } from './DispatchWork';
import {
  ProductionRules,
  type ProductionRulesOptions,
} from './ProductionRules';
import type { TargetsOptions } from './productionTargets';
import { RERUN_STEPS, RerunWork } from './RerunWork';
import type { RunOrder, RunWorkOptions } from './RunWork';
import { ownPipelines } from './serviceWorkflows';

/** What {@link RunActs} is made of. */
export interface RunActsOptions
  extends RunWorkOptions,
    Pick<TargetsOptions, 'files'>,
    Pick<ProductionRulesOptions, 'policyOf'> {
  access: Pick<ActAccess, 'actor' | 'repositoryOf'>;
  environments: TargetsOptions['environments'] &
    ProductionRulesOptions['environments'];
  index: Pick<EntityIndex, 'requireClaim'>;
  runner: ActRunner;
  store: TargetsOptions['store'] &
    Pick<DeliveryStore, 'run' | 'repository' | 'pipelines'>;
}

interface OnRun {
  kind: Act;
  permission: ResourcePermission<'catalog-entity'>;
  body: Pick<RerunBody, 'attempt' | 'comment'>;
  token: UserToken;
}

type Ready = RunOrder & { run: RunRow; subject: ActSubject };

/** Names that git takes for branches and tags, as far as it matters here: nothing that could be read as something else. */
// eslint-disable-next-line no-control-regex
const NO_REF = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|^[-/.]|[/.]$/;

/** Runs again, cancels and starts, with the person's own token: the vendor's rules still see the human. */
export class RunActs {
  readonly #options: RunActsOptions;
  readonly #rules: ProductionRules;

  constructor(options: RunActsOptions) {
    this.#options = options;
    this.#rules = new ProductionRules(options);
  }

  /** @throws `NotFoundError` `run_not_found`, `ConflictError` `stale_view`; what `ActAccess.actor` and `ActRunner.start` throw */
  async rerun(
    credentials: BackstageCredentials,
    runKey: string,
    body: RerunBody,
    token: UserToken,
  ): Promise<{ operationId: string }> {
    const kind = body.failedOnly ? 'rerun_failed' : 'rerun';
    const permission = deliveryRunRerunPermission;
    const ready = await this.#onRun(credentials, runKey, {
      ...{ kind, permission, body, token },
    });
    return this.#start(
      kind,
      ready,
      body.idempotencyKey,
      RERUN_STEPS,
      () => new RerunWork({ ...ready, body }, this.#options, this.#rules),
    );
  }

  /** @throws as {@link RunActs.rerun} */
  async cancel(
    credentials: BackstageCredentials,
    runKey: string,
    body: CancelBody,
    token: UserToken,
  ): Promise<{ operationId: string }> {
    const kind = 'cancel';
    const permission = deliveryRunCancelPermission;
    const ready = await this.#onRun(credentials, runKey, {
      ...{ kind, permission, body, token },
    });
    return this.#start(
      kind,
      ready,
      body.idempotencyKey,
      CANCEL_STEPS,
      () => new CancelWork({ ...ready, body }, this.#options),
    );
  }

  /** @throws `NotFoundError` `pipeline_not_found`, `InputError` `ref_invalid`; what `ActAccess.actor` and `ActRunner.start` throw */
  async dispatch(
    credentials: BackstageCredentials,
    entityRef: string,
    body: DispatchBody,
    token: UserToken,
  ): Promise<{ operationId: string }> {
    const { runner } = this.#options;
    const subject: ActSubject = {
      entityRef,
      ...(body.comment ? { comment: body.comment } : {}),
    };
    const order = await this.#toDispatch(credentials, entityRef, body).catch(
      error =>
        runner.refused(
          { kind: 'dispatch', subject, actorRef: callerOf(credentials) },
          error,
        ),
    );
    const { repoKey } = order.repository;
    const { pipelineKey } = order.pipeline;
    return runner.start(
      {
        kind: 'dispatch',
        actor: order.actor,
        subject,
        idempotencyKey: body.idempotencyKey,
        leaseKey: `dispatch:${repoKey}:${pipelineKey}:${body.ref}`,
        steps: DISPATCH_STEPS,
        resume: { repoKey, pipelineKey, ref: body.ref },
      },
      context =>
        new DispatchWork(
          { ...order, body, token },
          this.#options,
          this.#rules,
        ).run(context),
    );
  }

  async #toDispatch(
    credentials: BackstageCredentials,
    entityRef: string,
    body: DispatchBody,
  ): Promise<Omit<RunOrder, 'token'> & { pipeline: PipelineRow }> {
    const { access, index } = this.#options;
    const { actor, entity } = await access.actor(
      credentials,
      deliveryRunDispatchPermission,
      entityRef,
    );
    const repository = await access.repositoryOf(entity);
    const { workflows } = index.requireClaim(entity);
    const pipeline = await this.#pipeline(repository, workflows, body.pipeline);
    if (NO_REF.test(body.ref)) throw invalidRef(body.ref);
    return { actor, entity, entityRef, repository, pipeline };
  }

  async #onRun(
    credentials: BackstageCredentials,
    runKey: string,
    { kind, permission, body, token }: OnRun,
  ): Promise<Ready> {
    const { runner, store } = this.#options;
    const run = await store.run(runKey);
    const repository = run && (await store.repository(run.repoKey));
    if (!run || !repository) throw runNotFound(runKey);
    const found = await actorOfRun(this.#options, credentials, permission, run);
    if (found.kind === 'unseen') throw runNotFound(runKey);
    const { entityRef } = found;
    const subject: ActSubject = {
      entityRef,
      runId: runKey,
      attempt: run.attempt,
      sha: run.sha,
      ...(body.comment ? { comment: body.comment } : {}),
    };
    const actorRef = callerOf(credentials);
    if (found.kind === 'refused') {
      return runner.refused({ kind, subject, actorRef }, found.error);
    }
    if (run.attempt !== body.attempt) {
      return runner.refused(
        { kind, subject, actorRef },
        stale(
          `Nothing was sent: the run is at attempt ${run.attempt} now. Look at it again.`,
          { attempt: String(run.attempt) },
        ),
      );
    }
    const { actor, entity } = found;
    return { actor, entity, entityRef, repository, run, subject, token };
  }

  #start(
    kind: Act,
    { actor, run, subject }: Ready,
    idempotencyKey: string,
    steps: string[],
    work: () => RerunWork | CancelWork,
  ): Promise<{ operationId: string }> {
    const { runKey, repoKey, attempt } = run;
    return this.#options.runner.start(
      {
        ...{ kind, actor, subject, idempotencyKey, steps },
        leaseKey: `run:${repoKey}:${runKey}`,
        resume: { runKey, repoKey, attempt: String(attempt) },
      },
      context => work().run(context),
    );
  }

  async #pipeline(
    { repoKey }: RepositoryRow,
    workflows: string[],
    id: string,
  ): Promise<PipelineRow> {
    const all = await this.#options.store.pipelines(repoKey);
    const found = ownPipelines(all, workflows).find(
      ({ pipelineKey }) => pipelineKey === id,
    );
    if (found) return found;
    throw withCode(
      new NotFoundError(
        'Nothing was sent: the service has no such pipeline (any more). Load the page again.',
      ),
      'pipeline_not_found',
    );
  }
}

function invalidRef(ref: string): InputError {
  return withCode(
    new InputError(
      'Nothing was sent: this is not the name of a branch or tag.',
    ),
    'ref_invalid',
    { ref: ref.slice(0, 255) },
  );
}
