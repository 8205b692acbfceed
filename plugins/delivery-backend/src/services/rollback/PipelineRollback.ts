import { decisionComment } from 'backstage-plugin-delivery-common/domain';
import type {
  UserToken,
  VendorActs,
  VendorIdentity,
} from 'backstage-plugin-delivery-node';
import type { Actor, ActContext, ActOutcome } from '../acts/ActRunner';
import { reasonOf } from '../acts/ActExecution';
import { Refusal } from '../acts/Refusal';
import { versionOf } from './DirectRollback';
import { fillInputs, type KnownValues } from './fillInputs';
import type { RollbackFacts, RollbackTarget } from './RollbackFacts';
import type { RollbackReader } from './RollbackReader';
import type { RollbackRules } from './RollbackRules';
import type { RollbackServiceOptions } from './RollbackServiceOptions';
import type { TargetChecks } from './TargetChecks';
import { gateEnvironment } from './workflowGate';

type Options = Pick<
  RollbackServiceOptions,
  'approvals' | 'logger' | 'onStarted'
> & {
  reader: RollbackReader;
  rules: RollbackRules;
  checks: TargetChecks;
};

/** Who starts it, as the vendor proved it. */
export interface Starter {
  actor: Actor;
  identity: VendorIdentity;
  token: UserToken;
  acts: VendorActs;
}

/** What is dispatched. */
interface Prepared {
  workflow: string;
  ref: string;
  inputs: Record<string, string>;
  /** Somebody else still has to let it in. */
  waits: boolean;
}

/** Starts the workflow that rolls back, in the person's own name. */
export class PipelineRollback {
  #prepared?: Prepared;

  constructor(
    private readonly options: Options,
    private readonly facts: RollbackFacts,
    private readonly target: RollbackTarget,
    private readonly starter: Starter,
  ) {}

  /**
   * Fills the inputs, reads the gate with the person's token, and asks the rules.
   *
   * @param glass - true: the rules were broken knowingly
   * @throws `Refusal`
   */
  async prepare(
    context: ActContext,
    reason: string,
    glass: boolean,
  ): Promise<void> {
    const { facts, target, starter } = this;
    const { workflow, binding } = facts;
    if (workflow.kind !== 'found') throw notReadable();
    const { file, branch, jobs } = workflow;
    const known = await this.#known(context, reason);
    const inputs = fillInputs(file, workflow.inputs, known);
    const gated = gateEnvironment(file, jobs, inputs, binding.match);
    const { acts, token, actor, identity } = starter;
    const { signal } = context;
    const gate =
      gated === undefined
        ? undefined
        : await acts.readEnvironment(this.#scope, gated, token, signal);
    const waits = glass
      ? Boolean(gate && gate.reviewers.length > 0)
      : await this.options.rules.forPipeline(
          ...([facts, gate, actor, identity] as const),
          async () => this.#range(signal),
        );
    context.note({
      resume: { workflow: file, ref: branch },
      detail: {
        workflow: file,
        ref: branch,
        inputs: { ...inputs },
        gate: gate
          ? {
              environment: gated,
              preventSelfReview: gate.preventSelfReview,
              reviewers: gate.reviewers.map(({ kind, id, name }) => ({
                ...{ kind, id, name },
              })),
            }
          : null,
        running: facts.running?.commit.sha,
        target: target.commit.sha,
      },
    });
    this.#prepared = { workflow: file, ref: branch, inputs, waits };
  }

  async send(context: ActContext): Promise<ActOutcome> {
    const { acts, token, identity, actor } = this.starter;
    const { workflow, ref, inputs, waits } = this.#prepared as Prepared;
    const started = await acts.dispatch(
      this.#scope,
      { workflow, ref, inputs },
      { token, identity },
      context.signal,
    );
    const { requestId, runKey, url } = started;
    context.note({ requestId, ...(runKey ? { resume: { runKey } } : {}) });
    if (runKey) await this.#remember(runKey, actor, identity, context);
    const version = versionOf(this.target);
    const { name, repository } = this.facts;
    this.options.onStarted?.({ repository, runKey });
    return {
      code: 'rollback_started',
      message: `${
        runKey
          ? `The workflow that rolls ${name} back to ${version} runs`
          : `The vendor took the workflow that rolls ${name} back to ${version}, and does not say which run it is`
      }, started in the name of ${identity.login}.${
        waits ? ' It waits for its approver.' : ''
      }`,
      ...(runKey ? { runId: runKey } : {}),
      ...(url ? { url } : {}),
    };
  }

  /** Who asked for it may not approve it, also where the vendor would let them. */
  async #remember(
    runKey: string,
    actor: Actor,
    identity: VendorIdentity,
    { operationId }: ActContext,
  ): Promise<void> {
    const { approvals, logger } = this.options;
    const { entityRef } = this.facts;
    const request = {
      ...{ userRef: actor.ref, accountId: identity.id, attempt: 1 },
      entityRef,
    };
    try {
      await approvals.saveRequest(runKey, request);
    } catch (error) {
      // The vendor itself knows whose token it was.
      logger.error('Who asked for a rollback could not be stored', {
        ...{ operation: operationId, run: runKey, reason: reasonOf(error) },
      });
    }
  }

  async #known(context: ActContext, text: string): Promise<KnownValues> {
    const { entity, runtime } = this.facts;
    const { commit, taskDefinition } = this.target;
    const { operationId, auditHead } = context;
    const image = mainImage(this.target);
    return {
      environment: await this.options.reader.vendorNames(this.facts),
      service: [
        ...(runtime ? [runtime.ref.service] : []),
        entity.metadata.name,
      ],
      sha: commit.sha,
      image: image && `${image.repository}@${image.digest}`,
      digest: image?.digest,
      taskDefinition,
      reason: decisionComment({
        ...{ text, userRef: this.starter.actor.ref },
        ...{ operationId, auditHead },
      }),
    };
  }

  async #range(signal: AbortSignal) {
    const base = this.facts.running?.commit.sha;
    const head = this.target.commit.sha;
    if (!base || !head) return undefined;
    const { token } = this.starter;
    return this.options.checks.range(this.facts, { base, head }, token, signal);
  }

  get #scope() {
    const { host, slug, repoKey } = this.facts.repository;
    return { host, slug, repoKey };
  }
}

function notReadable(): Refusal {
  return new Refusal({
    ...{ code: 'rollback_refused', status: 409, params: {} },
    message:
      'Nothing was sent: the workflow that rolls back could not be read.',
  });
}

/** The image whose commit is the deployment's; undefined when its digest is not known: a tag may be another image by now. */
function mainImage({
  commit,
  images,
}: RollbackTarget): { repository: string; digest: string } | undefined {
  const wanted = commit.image?.digest;
  const only = images.length === 1 ? images[0] : undefined;
  const found = wanted ? images.find(item => item.digest === wanted) : only;
  return found?.digest
    ? { repository: found.repository, digest: found.digest }
    : undefined;
}
