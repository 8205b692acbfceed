import type { AuditorService } from '@backstage/backend-plugin-api';
import { NotFoundError, NotImplementedError } from '@backstage/errors';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import { withCode } from './errors';
import type { ReadableRun } from './RunAccess';

type AuditedRequest = Parameters<AuditorService['createEvent']>[0]['request'];

/** What the service works with. */
export interface LogServiceOptions {
  store: Pick<DeliveryStore, 'jobs'>;
  auditor: AuditorService;
  providerOf: (host: string) => DeliveryProvider | undefined;
  /** Of the text that is handed on. */
  maxBytes: number;
  /** Makes a redactor of one log: it gets line after line, because a secret may span several. */
  redactor: () => (line: string) => string;
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
      const stream = await provider.openLog(
        { host: repository.host, slug: repository.slug, ...keysOf(run) },
        jobKey,
        call.signal,
      );
      await event.success();
      return this.#redacted(stream);
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  }

  async *#redacted(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
    const redact = this.#options.redactor();
    let left = this.#options.maxBytes;
    for await (const line of lines(stream)) {
      const text = `${redact(line)}\n`;
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

/** A line that never ends must not fill the memory: it is cut into pieces of this many characters. */
const MAX_LINE = 64 * 1024;

async function* lines(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const parts = rest.split(/\r?\n/);
    rest = parts.pop() ?? '';
    yield* parts.flatMap(pieces);
    while (rest.length > MAX_LINE) {
      yield rest.slice(0, MAX_LINE);
      rest = rest.slice(MAX_LINE);
    }
  }
  rest += decoder.decode();
  if (rest) yield rest;
}

function pieces(line: string): string[] {
  if (line.length <= MAX_LINE) return [line];
  return line.match(new RegExp(`.{1,${MAX_LINE}}`, 'gsu')) ?? [line];
}

function keysOf(run: { runKey: string; repoKey: string }) {
  return { runKey: run.runKey, repoKey: run.repoKey };
}
