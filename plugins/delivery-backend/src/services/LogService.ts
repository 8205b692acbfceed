import type { AuditorService } from '@backstage/backend-plugin-api';
import {
  isError,
  NotFoundError,
  NotImplementedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import {
  createLogRedactor,
  MAX_LOG_LINE,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import { withCode } from './errors';
import type { ReadableRun } from './RunAccess';
import { toProblem } from './vendorRead';

type AuditedRequest = Parameters<AuditorService['createEvent']>[0]['request'];

/** What the service works with. */
export interface LogServiceOptions {
  store: Pick<DeliveryStore, 'jobs'>;
  auditor: AuditorService;
  providerOf: (host: string) => DeliveryProvider | undefined;
  /** Of the text that is handed on. */
  maxBytes: number;
}

/** Logs of jobs, as text that holds no known kind of secret and has an end. */
export class LogService {
  readonly #options: LogServiceOptions;

  constructor(options: LogServiceOptions) {
    this.#options = options;
  }

  /**
   * Opens the log of one job of a run; the read is audited.
   *
   * @throws `NotFoundError` when the job is not of that run, or its log is gone at the vendor
   * @throws `NotImplementedError` when the vendor gives no logs
   */
  async open(
    readable: ReadableRun,
    jobKey: string,
    call: { request: AuditedRequest; signal: AbortSignal },
  ): Promise<AsyncIterable<string>> {
    const { run, repository, via } = readable;
    const event = await this.#options.auditor.createEvent({
      eventId: 'log-read',
      request: call.request,
      meta: { run: run.runKey, job: jobKey, entityRef: via },
    });
    try {
      const jobs = await this.#options.store.jobs([run.runKey]);
      if (!jobs.some(job => job.jobKey === jobKey)) {
        throw withCode(
          new NotFoundError(`The run ${run.runKey} has no job ${jobKey}.`),
          'job_not_found',
          { run: run.runKey, job: jobKey },
        );
      }
      const provider = this.#options.providerOf(repository.host);
      if (!provider?.openLog) {
        throw new NotImplementedError(
          `Logs of ${repository.host} cannot be read here; open the job at the vendor.`,
        );
      }
      const stream = await provider
        .openLog(
          { host: repository.host, slug: repository.slug, ...keysOf(run) },
          jobKey,
          call.signal,
        )
        .catch(error => {
          throw ofVendor(error);
        });
      await event.success();
      return this.#redacted(stream);
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  }

  async *#redacted(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
    const redactor = createLogRedactor();
    let left = this.#options.maxBytes;
    for await (const line of lines(stream)) {
      const text = `${redactor.line(line)}\n`;
      const bytes = Buffer.byteLength(text);
      if (bytes > left) {
        yield `[delivery] The log is longer than ${
          this.#options.maxBytes
        } bytes; the rest is at the vendor.\n`;
        return;
      }
      left -= bytes;
      yield text;
    }
  }
}

/**
 * Of a line that does not end only this much is kept, so that it cannot fill the memory. More than what is shown, because the redactor
 * looks beyond the cut.
 */
const KEPT = MAX_LOG_LINE * 4;

async function* lines(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const parts = decoder.decode(chunk, { stream: true }).split(/\r?\n/);
    for (const [index, part] of parts.entries()) {
      if (index > 0) {
        yield rest;
        rest = '';
      }
      rest += part.slice(0, Math.max(0, KEPT - rest.length));
    }
  }
  rest += decoder.decode();
  if (rest) yield rest;
}

function keysOf(run: { runKey: string; repoKey: string }) {
  return { runKey: run.runKey, repoKey: run.repoKey };
}

/** A refusal of the portal's own App at the vendor must not read as if the person lacked a permission here. */
function ofVendor(error: unknown): unknown {
  if (!isError(error) || error.name === 'NotFoundError') return error;
  const { code, message } = toProblem(error, 'The log');
  return withCode(new ServiceUnavailableError(message), code);
}
