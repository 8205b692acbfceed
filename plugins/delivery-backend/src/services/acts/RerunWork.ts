import type { RerunBody } from 'backstage-plugin-delivery-common';
import type { GateRun } from 'backstage-plugin-delivery-common/domain';
import {
  type RunRef,
  type VendorActs,
  type VendorIdentity,
  VendorSilence,
} from 'backstage-plugin-delivery-node';
import type { RunRow } from '../../database/rows';
import type { ActContext, ActOutcome } from './ActRunner';
import type { ProductionRules } from './ProductionRules';
import {
  readTargets,
  type TargetReading,
  targetsOfRun,
  type TargetsOptions,
} from './productionTargets';
import { refuse } from './Refusal';
import {
  breakGlass,
  lookFor,
  orTakeBack,
  proveStep,
  type RunOrder,
  type RunWorkOptions,
  sendStep,
} from './RunWork';
import { actsOf, gateRef, runRef } from './vendorRefs';

export const RERUN_STEPS = [
  'identity',
  'fresh_read',
  'rules',
  'sent',
  'confirmed',
];

/** Any name will do where only the run itself is asked for. */
const NO_ENVIRONMENT = 'production';

/** Runs the jobs of a run again in a person's name. */
export class RerunWork {
  readonly #options: RunWorkOptions & TargetsOptions;
  readonly #rules: ProductionRules;
  readonly #order: RunOrder & { run: RunRow; body: RerunBody };
  readonly #acts: VendorActs;
  readonly #ref: RunRef;

  constructor(
    order: RunOrder & { run: RunRow; body: RerunBody },
    options: RunWorkOptions & TargetsOptions,
    rules: ProductionRules,
  ) {
    this.#order = order;
    this.#options = options;
    this.#rules = rules;
    this.#acts = actsOf(options.providerOf, order.repository.host);
    this.#ref = runRef(order.repository, order.run.runKey);
  }

  async run(context: ActContext): Promise<ActOutcome> {
    const { actor, body, repository, run, token } = this.#order;
    const identity = await proveStep(context, this.#order, this.#options);
    const { gateRun, readings } = await context.step(
      'fresh_read',
      () => this.#readAgain(context),
      () => 'The run is as you saw it.',
    );
    const takeBack = await context.step('rules', () =>
      this.#allow(context, { gateRun, readings, identity }),
    );
    // Before it is sent: whoever asked for a run must never be able to approve it because this was lost.
    await this.#options.approvals.saveRequest(run.runKey, {
      userRef: actor.ref,
      accountId: identity.id,
      attempt: gateRun.attempt + 1,
    });
    const receipt = await orTakeBack(
      () =>
        sendStep(
          context,
          () =>
            this.#acts.rerun(
              this.#ref,
              body.failedOnly,
              { token, identity },
              context.signal,
            ),
          this.#options.logger,
        ),
      takeBack,
    );
    this.#options.onActed?.({ repository, runKey: run.runKey });
    const outcome = await context.step('confirmed', () =>
      this.#confirm(context, gateRun, identity, receipt !== undefined),
    );
    this.#options.onActed?.({ repository, runKey: run.runKey });
    return outcome;
  }

  async #readAgain(
    context: ActContext,
  ): Promise<{ gateRun: GateRun; readings: TargetReading[] }> {
    const { body, repository, run, token } = this.#order;
    const { host, slug, repoKey } = repository;
    const targets = await targetsOfRun(this.#options, run, repository);
    const readings = await readTargets(
      this.#acts,
      { host, slug, repoKey },
      targets,
      token,
      context.signal,
    );
    const gateRun = await this.#read(
      context,
      readings.find(({ gate }) => !gate?.reviewers.length)?.environment,
    );
    if (gateRun.attempt !== body.attempt) {
      refuse(
        'stale_view',
        409,
        `Nothing was sent: the run was started again meanwhile (attempt ${gateRun.attempt}). Look at it again.`,
        { attempt: String(gateRun.attempt) },
      );
    }
    if (gateRun.status !== 'completed') {
      refuse(
        'run_not_completed',
        409,
        'Nothing was sent: the run is not completed. Wait until it is, or cancel it.',
      );
    }
    return { gateRun, readings };
  }

  async #allow(
    context: ActContext,
    facts: {
      gateRun: GateRun;
      readings: TargetReading[];
      identity: VendorIdentity;
    },
  ): Promise<() => Promise<void>> {
    const { body, repository, run } = this.#order;
    const { host, slug, repoKey } = repository;
    const { gateRun, readings, identity } = facts;
    context.note({
      detail: { targets: readings.map(({ target }) => ({ ...target })) },
    });
    const answer = await this.#rules.check({
      ...this.#order,
      ...{ acts: this.#acts, identity, readings, repoKey },
      scope: { host, slug, repoKey },
      signal: context.signal,
      breakGlass: body.breakGlass ?? false,
      comment: body.comment,
      run: {
        sha: gateRun.headSha,
        gateRun,
        requests: await this.#options.approvals.requests(run.runKey),
      },
    });
    return breakGlass(context, this.#options, this.#order, {
      kind: body.failedOnly ? 'rerun_failed' : 'rerun',
      ...{ answer, runKey: run.runKey, sha: gateRun.headSha },
    });
  }

  async #confirm(
    context: ActContext,
    before: GateRun,
    identity: VendorIdentity,
    answered: boolean,
  ): Promise<ActOutcome> {
    const { run } = this.#order;
    const place = { runId: run.runKey, url: run.url };
    const fresh = await lookFor(
      context,
      async () => {
        const now = await this.#read(context);
        const by = now.triggeringActors.at(before.attempt);
        // Without an answer only an attempt of the person's own is proof.
        const isTheirs = answered || by?.id === identity.id;
        return now.attempt > before.attempt && isTheirs ? now : undefined;
      },
      this.#options,
    );
    if (fresh) {
      return {
        code: 'rerun',
        message: `The run is started again: attempt ${fresh.attempt}.`,
        params: { attempt: String(fresh.attempt) },
        ...place,
      };
    }
    if (!answered) throw new VendorSilence('No new attempt is there (yet)');
    return {
      code: 'rerun_requested',
      message: 'The vendor took it; the new attempt is not shown yet.',
      ...place,
    };
  }

  #read(context: ActContext, environment = NO_ENVIRONMENT): Promise<GateRun> {
    const name = environment === '' ? NO_ENVIRONMENT : environment;
    return this.#acts.readGateRun(
      gateRef(this.#ref, name),
      this.#order.token,
      context.signal,
    );
  }
}
