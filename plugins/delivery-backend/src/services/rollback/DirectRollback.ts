import {
  type ActingPerson,
  VendorRefusal,
  VendorSilence,
} from 'backstage-plugin-delivery-node';
import type { RollbackWay } from 'backstage-plugin-delivery-common/domain';
import { reasonOf } from '../acts/ActExecution';
import type { ActContext, ActOutcome } from '../acts/ActRunner';
import { refuse } from '../acts/Refusal';
import type {
  RollbackFacts,
  RollbackRuntime,
  RollbackTarget,
} from './RollbackFacts';
import { isUnderWay } from './rollbackWays';
import type { RollbackServiceOptions } from './RollbackServiceOptions';
import { lookAt, type Progress, type SentRollback } from './verifyRollback';
import { named } from './words';

const LOOKS = 13;
const PAUSE_MS = 5_000;

type Options = Pick<RollbackServiceOptions, 'logger' | 'onActed' | 'pause'>;

/** Tells the runtime itself to go back, in the person's own session, and looks whether it did. */
export class DirectRollback {
  readonly #runtime: RollbackRuntime;
  readonly #sent: SentRollback;

  constructor(
    private readonly options: Options,
    private readonly facts: RollbackFacts,
    private readonly way: RollbackWay,
    private readonly target: RollbackTarget,
  ) {
    this.#runtime = requireRuntime(facts);
    this.#sent = whatIsSent(way, target);
  }

  /** Enough to find out later whether it was done. */
  get resume(): Record<string, string> {
    const { taskDefinition, deploymentKey } = this.#sent;
    return {
      runtimeKey: this.#runtime.runtimeKey,
      ...(taskDefinition ? { taskDefinition } : {}),
      ...(deploymentKey ? { deploymentKey } : {}),
    };
  }

  async send(context: ActContext, person: ActingPerson): Promise<void> {
    const { provider, ref, runtimeKey } = this.#runtime;
    const { taskDefinition = '' } = this.#sent;
    const { signal } = context;
    const acts =
      provider.acts ??
      refuse(
        'acts_unsupported',
        409,
        'Nothing was sent: nobody can act on this runtime from here.',
      );
    try {
      const { way } = this;
      const { requestId } = isUnderWay(way)
        ? await acts[
            way.way === 'continue_hook'
              ? 'continueWithRollback'
              : 'stopWithRollback'
          ](ref, way.deploymentKey, person, signal)
        : await acts.putTaskDefinition(ref, taskDefinition, person, signal);
      context.note({ requestId });
    } catch (error) {
      if (error instanceof VendorRefusal) throw error;
      // Not answered is not "not done": what comes next looks.
      this.options.logger.warn('A rollback was sent and not answered', {
        ...{ operation: context.operationId, reason: reasonOf(error) },
      });
    }
    this.options.onActed?.(runtimeKey);
  }

  /** @throws `VendorSilence` when nothing of it is to be seen in time */
  async confirm(context: ActContext): Promise<ActOutcome> {
    let best: Progress = 'unseen';
    for (let look = 1; look <= LOOKS; look++) {
      const progress = await this.#look(context);
      if (progress !== 'unseen') best = progress;
      if (best === 'done') break;
      context.signal.throwIfAborted();
      if (look < LOOKS) await this.options.pause(PAUSE_MS, context.signal);
    }
    this.options.onActed?.(this.#runtime.runtimeKey);
    if (best === 'unseen') {
      throw new VendorSilence('The rollback is not to be seen (yet)');
    }
    return outcomeOf(best, this.facts.name, this.target);
  }

  async #look(context: ActContext): Promise<Progress> {
    try {
      return await lookAt(this.#runtime, this.#sent, context.signal);
    } catch (error) {
      if (error instanceof VendorRefusal) throw error;
      this.options.logger.warn('A rollback could not be looked for', {
        ...{ operation: context.operationId, reason: reasonOf(error) },
      });
      return 'unseen';
    }
  }
}

/** @throws `Refusal` when there is nothing to act on */
function requireRuntime({ runtime }: RollbackFacts): RollbackRuntime {
  return (
    runtime ??
    refuse(
      'rollback_refused',
      409,
      'Nothing was sent: nothing is read from a runtime here, so there is nothing to act on.',
    )
  );
}

/** @throws `Refusal` when it is not known what to go back to */
function whatIsSent(
  way: RollbackWay,
  { taskDefinition }: RollbackTarget,
): SentRollback {
  if (isUnderWay(way)) {
    return { taskDefinition, deploymentKey: way.deploymentKey };
  }
  if (taskDefinition !== undefined) return { taskDefinition };
  return refuse(
    'task_definition_unknown',
    409,
    'Nothing was sent: which task definition that deployment ran is not known. Choose another one.',
  );
}

/** How a rollback of a runtime that is to be seen ends. */
export function outcomeOf(
  progress: Exclude<Progress, 'unseen'>,
  environment: string,
  target: Pick<RollbackTarget, 'commit' | 'taskDefinition'>,
): ActOutcome {
  const version = versionOf(target);
  return progress === 'done'
    ? {
        code: 'rolled_back',
        message: `Rolled back: ${environment} runs ${version} again.`,
      }
    : {
        code: 'rollback_started',
        message: `Rolling back: ${environment} goes to ${version}. Its page shows when that serves.`,
      };
}

export function versionOf({
  commit,
  taskDefinition,
}: Pick<RollbackTarget, 'commit' | 'taskDefinition'>): string {
  if (commit.sha) return commit.sha.slice(0, 7);
  return named(taskDefinition?.split('/').at(-1) ?? 'the earlier version');
}
