import type { DispatchBody } from 'backstage-plugin-delivery-common';
import {
  readWorkflow,
  type Workflow,
} from 'backstage-plugin-delivery-common/domain';
import {
  type RepositoryScope,
  type VendorActs,
  type VendorIdentity,
  VendorSilence,
} from 'backstage-plugin-delivery-node';
import type { PipelineRow } from '../../database/rows';
import type { ActContext, ActOutcome } from './ActRunner';
import { checkInputs } from './dispatchInputs';
import type { ProductionRules } from './ProductionRules';
import {
  readTargets,
  type TargetsOptions,
  targetsOfWorkflow,
} from './productionTargets';
import { refuse } from './Refusal';
import {
  breakGlass,
  orTakeBack,
  proveStep,
  type RunOrder,
  type RunWorkOptions,
  sendStep,
} from './RunWork';
import { reasonOf } from './ActExecution';
import { baseName } from './serviceWorkflows';
import { actsOf } from './vendorRefs';

export const DISPATCH_STEPS = [
  'identity',
  'fresh_read',
  'rules',
  'sent',
  'confirmed',
];

type Order = RunOrder & { pipeline: PipelineRow; body: DispatchBody };
type Options = RunWorkOptions & Pick<TargetsOptions, 'environments'>;

/** Starts a workflow by hand in a person's name. */
export class DispatchWork {
  readonly #options: Options;
  readonly #rules: ProductionRules;
  readonly #order: Order;
  readonly #acts: VendorActs;
  readonly #scope: RepositoryScope;

  constructor(order: Order, options: Options, rules: ProductionRules) {
    this.#order = order;
    this.#options = options;
    this.#rules = rules;
    const { host, slug, repoKey } = order.repository;
    this.#acts = actsOf(options.providerOf, host);
    this.#scope = { host, slug, repoKey };
  }

  async run(context: ActContext): Promise<ActOutcome> {
    const { body, pipeline, repository, token } = this.#order;
    const { signal } = context;
    const identity = await proveStep(context, this.#order, this.#options);
    const { workflow, inputs } = await context.step(
      'fresh_read',
      () => this.#readFile(context),
      () => `${pipeline.name} takes these inputs at ${body.ref}.`,
    );
    const takeBack = await context.step('rules', () =>
      this.#allow(context, { workflow, inputs, identity }),
    );
    const receipt = await orTakeBack(
      () =>
        sendStep(
          context,
          () =>
            this.#acts.dispatch(
              this.#scope,
              { workflow: baseName(pipeline.path), ref: body.ref, inputs },
              { token, identity },
              signal,
            ),
          this.#options.logger,
        ),
      takeBack,
    );
    this.#options.onActed?.({ repository, runKey: receipt?.runKey });
    return context.step('confirmed', async () => {
      if (!receipt) throw new VendorSilence('Nobody knows whether it started');
      const { runKey, url } = receipt;
      await this.#remember(context, runKey, identity);
      return {
        code: 'dispatched',
        message: `${pipeline.name} is started at ${body.ref}.`,
        runId: runKey,
        url,
      };
    });
  }

  /** Inputs are those of the file at the branch that is started, which need not be the one that the page read. */
  async #readFile(
    context: ActContext,
  ): Promise<{ workflow: Workflow; inputs: Record<string, string> }> {
    const { body, pipeline, repository } = this.#order;
    const provider = this.#options.providerOf(repository.host);
    if (!provider?.readWorkflowFile) {
      return refuse(
        'workflow_unsupported',
        409,
        'Nothing was sent: this vendor gives no workflow files, so the inputs cannot be checked.',
      );
    }
    const { text } = await provider.readWorkflowFile(
      this.#scope,
      { path: pipeline.path, sha: body.ref },
      context.signal,
    );
    const { workflow, problem } = readWorkflow(text);
    if (!workflow) {
      return refuse(problem.code, 409, `Nothing was sent. ${problem.message}`);
    }
    if (!workflow.dispatch) {
      return refuse(
        'not_dispatchable',
        409,
        `Nothing was sent: ${pipeline.path} cannot be started by hand at ${body.ref}; it has no workflow_dispatch.`,
        { path: pipeline.path, ref: body.ref },
      );
    }
    return { workflow, inputs: checkInputs(workflow.dispatch, body.inputs) };
  }

  async #allow(
    context: ActContext,
    facts: {
      workflow: Workflow;
      inputs: Record<string, string>;
      identity: VendorIdentity;
    },
  ): Promise<() => Promise<void>> {
    const { body, entityRef, repository, token } = this.#order;
    const { workflow, inputs, identity } = facts;
    // What the person left out, the file fills in.
    const presets = (workflow.dispatch ?? []).flatMap(({ name, ...input }) =>
      input.default === undefined ? [] : [[name, input.default] as const],
    );
    const targets = await targetsOfWorkflow(
      this.#options,
      entityRef,
      workflow,
      { ...Object.fromEntries(presets), ...inputs },
    );
    const readings = await readTargets(
      this.#acts,
      this.#scope,
      targets,
      token,
      context.signal,
    );
    context.note({
      detail: {
        inputs,
        targets: readings.map(({ target }) => ({ ...target })),
      },
    });
    const answer = await this.#rules.check({
      ...this.#order,
      ...{ acts: this.#acts, identity, readings },
      repoKey: repository.repoKey,
      scope: this.#scope,
      signal: context.signal,
      breakGlass: body.breakGlass ?? false,
      comment: body.comment,
    });
    return breakGlass(context, this.#options, this.#order, {
      ...{ kind: 'dispatch', answer },
    });
  }

  /** Its key is known only now; the vendor itself has the person as who started it, because it was their token. */
  async #remember(
    { operationId }: ActContext,
    runKey: string | undefined,
    { id }: VendorIdentity,
  ): Promise<void> {
    if (runKey === undefined) return;
    try {
      await this.#options.approvals.saveRequest(runKey, {
        userRef: this.#order.actor.ref,
        accountId: id,
        attempt: 1,
      });
    } catch (error) {
      this.#options.logger.warn('Who asked for a run could not be stored', {
        operation: operationId,
        reason: reasonOf(error),
      });
    }
  }
}
