import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  deliveryDoraOverridePermission,
  type DoraOverrideBody,
} from 'backstage-plugin-delivery-common';
import {
  type OverrideFact,
  redactLine,
} from 'backstage-plugin-delivery-common/domain';
import type { AuditContent } from '../../database/AuditStore';
import type { DoraStore, StoredDeployment } from '../../database/DoraStore';
import { type ActAccess, callerOf } from '../acts/ActAccess';
import { notAtAll } from '../acts/actErrors';
import { codeOf } from '../acts/operationRows';
import type { AuditLog } from '../auditing/AuditLog';
import { withCode } from '../errors';
import type { DoraKeeper } from './DoraKeeper';

const ACTION = 'dora_override';

/** What it works with. */
export interface DoraOverridesOptions {
  access: Pick<ActAccess, 'actor'>;
  audit: AuditLog;
  dora: Pick<
    DoraStore,
    'clearOverride' | 'deployment' | 'overrides' | 'saveOverride'
  >;
  keeper: Pick<DoraKeeper, 'changed' | 'now'>;
  logger: LoggerService;
  now: () => number;
}

type Entry = Omit<AuditContent, 'at' | 'phase'>;

/** The word of a person on a deployment. It is on record before it counts, and does not count when its end cannot be recorded. */
export class DoraOverrides {
  readonly #options: DoraOverridesOptions;

  constructor(options: DoraOverridesOptions) {
    this.#options = options;
  }

  /**
   * Says that a deployment failed, or did not, or takes back what was said; gives it as it counts now, and the number of the entry.
   *
   * @throws `NotAllowedError` of `ActAccess.actor` and `audit_not_configured`; `NotFoundError` `entity_not_found`,
   * `deployment_not_found`; `ServiceUnavailableError` `audit_not_writable`, `override_not_stored`, `dora_not_derived`
   */
  async set(
    credentials: BackstageCredentials,
    body: DoraOverrideBody,
  ): Promise<{ row: StoredDeployment; auditSeq: number }> {
    const { dora, keeper } = this.#options;
    const { entry, service } = await this.#allowed(credentials, body);
    await this.#recordOrRefuse({ ...entry, phase: 'attempted' });
    const before = await this.#store(service, body, entry);
    const auditSeq = await this.#recordEnd(entry, service, before);
    // Whatever happens next: it counts after the next derivation.
    keeper.changed([service]);
    try {
      await keeper.now(service);
    } catch {
      throw notDerived();
    }
    const row = await dora.deployment(service, body.deploymentId);
    if (!row) throw notFound(body);
    return { row, auditSeq };
  }

  /** Everything that is asked before the first entry; a refusal is an entry itself. */
  async #allowed(
    credentials: BackstageCredentials,
    body: DoraOverrideBody,
  ): Promise<{ entry: Entry; service: string }> {
    const { access, audit, dora } = this.#options;
    if (!audit.enabled) throw notAtAll('audit_not_configured');
    const entry: Entry = {
      ...{ actor: callerOf(credentials), action: ACTION },
      ...{ entityRef: body.entityRef, comment: body.reason },
      decision: body.verdict,
      detail: { verdict: body.verdict, deploymentId: body.deploymentId },
    };
    try {
      const { actor, entity } = await access.actor(
        credentials,
        deliveryDoraOverridePermission,
        body.entityRef,
      );
      const service = stringifyEntityRef(entity);
      const row = await dora.deployment(service, body.deploymentId);
      if (!row) throw notFound(body);
      const { environment, run, sha } = row.deployment;
      return {
        service,
        entry: {
          ...{ ...entry, actor: actor.ref, entityRef: service, environment },
          ...(run ? { runId: run.id } : {}),
          ...(sha === undefined ? {} : { sha }),
        },
      };
    } catch (error) {
      const code = codeOf(error)?.code;
      if (code === undefined) throw error;
      const outcome = { code, message: (error as Error).message };
      await audit
        .append({ ...entry, phase: 'refused', outcome })
        // It stays refused; nobody is let in because the log is full.
        .catch(cause => this.#log('A refusal could not be recorded', cause));
      throw error;
    }
  }

  /** Gives what was said before. */
  async #store(
    service: string,
    { deploymentId, verdict, reason }: DoraOverrideBody,
    entry: Entry,
  ): Promise<() => Promise<void>> {
    const { audit, dora, now } = this.#options;
    try {
      const known = await dora.overrides(service);
      const before = known.find(item => item.deploymentId === deploymentId);
      const word: OverrideFact | undefined =
        verdict === 'clear'
          ? undefined
          : { deploymentId, verdict, reason, by: entry.actor, at: now() };
      await this.#put(service, deploymentId, word);
      return () => this.#put(service, deploymentId, before);
    } catch (error) {
      this.#log('The word of a person could not be stored', error);
      const failure = notStored();
      const outcome = {
        ...{ code: 'override_not_stored', message: failure.message },
      };
      await audit
        .append({ ...entry, phase: 'failed', outcome })
        .catch(cause => this.#log('Nor could that be recorded', cause));
      throw failure;
    }
  }

  #put(
    service: string,
    deploymentId: string,
    word: OverrideFact | undefined,
  ): Promise<void> {
    const { dora } = this.#options;
    return word
      ? dora.saveOverride(service, word)
      : dora.clearOverride(service, deploymentId);
  }

  /** What is not on record must not count. */
  async #recordEnd(
    entry: Entry,
    service: string,
    undo: () => Promise<void>,
  ): Promise<number> {
    try {
      return await this.#recordOrRefuse({
        ...{ ...entry, phase: 'succeeded' },
        outcome: { code: 'stored', message: 'It counts from now on.' },
      });
    } catch (error) {
      await undo().catch(cause =>
        this.#log(`The word on ${service} could not be taken back`, cause),
      );
      throw error;
    }
  }

  async #recordOrRefuse(
    content: Parameters<AuditLog['append']>[0],
  ): Promise<number> {
    try {
      return (await this.#options.audit.append(content)).seq;
    } catch (error) {
      this.#log('The word of a person cannot be recorded', error);
      throw notWritable();
    }
  }

  #log(message: string, error: unknown) {
    this.#options.logger.error(message, {
      ...{ action: ACTION, reason: redactLine(String(error).slice(0, 500)) },
    });
  }
}

function notFound({ deploymentId, entityRef }: DoraOverrideBody): Error {
  return withCode(
    new NotFoundError(
      `${entityRef} has no deployment ${deploymentId} to production (any more). Load the page again.`,
    ),
    'deployment_not_found',
    { deployment: deploymentId, entityRef },
  );
}

function notWritable(): Error {
  return withCode(
    new ServiceUnavailableError(
      'Nothing was changed: the portal cannot write to its audit now. Try again in a moment; if it stays, tell the platform team.',
    ),
    'audit_not_writable',
  );
}

function notStored(): Error {
  return withCode(
    new ServiceUnavailableError(
      'Nothing was changed: it could not be stored. Try again in a moment; if it stays, tell the platform team.',
    ),
    'override_not_stored',
  );
}

function notDerived(): Error {
  return withCode(
    new ServiceUnavailableError(
      'It is stored, but the metrics could not be made anew yet; they will be in a few minutes. Load the page again then.',
    ),
    'dora_not_derived',
  );
}
