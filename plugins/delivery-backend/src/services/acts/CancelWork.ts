import type { CancelBody } from 'backstage-plugin-delivery-common';
import type { GateRun } from 'backstage-plugin-delivery-common/domain';
import {
  type RunRef,
  type VendorActs,
  VendorSilence,
} from 'backstage-plugin-delivery-node';
import type { RunRow } from '../../database/rows';
import type { ActContext, ActOutcome } from './ActRunner';
import { refuse } from './Refusal';
import {
  lookFor,
  proveStep,
  type RunOrder,
  type RunWorkOptions,
  sendStep,
} from './RunWork';
import { actsOf, gateRef, runRef } from './vendorRefs';

export const CANCEL_STEPS = ['identity', 'fresh_read', 'sent', 'confirmed'];

/** Any name will do where only the run itself is asked for. */
const NO_ENVIRONMENT = 'production';

/** Cancels a run in a person's name. */
export class CancelWork {
  readonly #options: RunWorkOptions;
  readonly #order: RunOrder & { run: RunRow; body: CancelBody };
  readonly #acts: VendorActs;
  readonly #ref: RunRef;

  constructor(
    order: RunOrder & { run: RunRow; body: CancelBody },
    options: RunWorkOptions,
  ) {
    this.#order = order;
    this.#options = options;
    this.#acts = actsOf(options.providerOf, order.repository.host);
    this.#ref = runRef(order.repository, order.run.runKey);
  }

  async run(context: ActContext): Promise<ActOutcome> {
    const { repository, run, token } = this.#order;
    const identity = await proveStep(context, this.#order, this.#options);
    await context.step(
      'fresh_read',
      () => this.#readAgain(context),
      () => 'The run still goes on.',
    );
    const receipt = await sendStep(
      context,
      () => this.#acts.cancel(this.#ref, { token, identity }, context.signal),
      this.#options.logger,
    );
    this.#options.onActed?.({ repository, runKey: run.runKey });
    const outcome = await context.step('confirmed', () =>
      this.#confirm(context, receipt !== undefined),
    );
    this.#options.onActed?.({ repository, runKey: run.runKey });
    return outcome;
  }

  async #readAgain(context: ActContext): Promise<void> {
    const now = await this.#read(context);
    if (now.attempt !== this.#order.body.attempt) {
      refuse(
        'stale_view',
        409,
        `Nothing was sent: the run was started again meanwhile (attempt ${now.attempt}). Look at it again.`,
        { attempt: String(now.attempt) },
      );
    }
    if (now.status === 'completed') {
      refuse(
        'already_completed',
        409,
        'Nothing was sent: the run is completed already.',
      );
    }
  }

  /** What the vendor takes is a request: jobs may clean up for a while. */
  async #confirm(context: ActContext, answered: boolean): Promise<ActOutcome> {
    const { run, body } = this.#order;
    const place = { runId: run.runKey, url: run.url };
    const ended = await lookFor(
      context,
      async () => {
        const now = await this.#read(context);
        const isEnded =
          now.attempt > body.attempt || now.status === 'completed';
        return isEnded ? now : undefined;
      },
      this.#options,
    );
    if (ended?.conclusion === 'cancelled') {
      return { code: 'cancelled', message: 'The run is cancelled.', ...place };
    }
    if (!answered) throw new VendorSilence('The run is not cancelled (yet)');
    return ended
      ? {
          code: 'cancel_too_late',
          message: 'The vendor took it, but the run was completed before.',
          ...place,
        }
      : {
          code: 'cancel_requested',
          message: 'The vendor took it; the run ends when its jobs have.',
          ...place,
        };
  }

  #read(context: ActContext): Promise<GateRun> {
    return this.#acts.readGateRun(
      gateRef(this.#ref, NO_ENVIRONMENT),
      this.#order.token,
      context.signal,
    );
  }
}
