import { isError } from '@backstage/errors';

/** A read that failed, without its time. */
export interface Failure {
  code: string;
  message: string;
}

/** Nobody answered in the time a cluster has. */
export class ClusterTimeoutError extends Error {
  override name = 'ClusterTimeoutError';
  readonly code = 'unreachable';
}

/** Providers give errors with a code and a sentence of their own; these are used as they are. */
export function toFailure(error: unknown, what: string): Failure {
  const message = isError(error) ? error.message : String(error);
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string'
    ? { code, message }
    : { code: 'read_failed', message: `${what} could not be read: ${message}` };
}

/**
 * Ends after `ms` whatever the work does: one that honours no signal must not keep others waiting.
 *
 * @throws {@link ClusterTimeoutError}, what aborts `signal`, or what the work throws
 */
export async function within<TValue>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<TValue>,
): Promise<TValue> {
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  const timer = setTimeout(
    () =>
      ending.abort(
        new ClusterTimeoutError(
          `The runtime did not answer within ${Math.ceil(
            ms / 1_000,
          )} s; it is asked again later.`,
        ),
      ),
    ms,
  );
  timer.unref();
  const ended = new Promise<never>((_resolve, reject) => {
    both.addEventListener('abort', () => reject(both.reason), { once: true });
  });
  try {
    both.throwIfAborted();
    return await Promise.race([work(both), ended]);
  } catch (error) {
    // The client's own word for an abort says nothing of why.
    if (both.aborted) throw both.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    ended.catch(() => {});
  }
}
