import { isError } from '@backstage/errors';

/** Why something of the vendor is missing on the page. */
export interface Problem {
  code: string;
  message: string;
}

/** The vendor did not answer in the time that a page can wait. */
export class VendorTimeoutError extends Error {
  override name = 'VendorTimeoutError';
}

/**
 * Waits for a read of the vendor, but not longer than a page may take. The read itself goes on, so that the next view has it.
 *
 * @throws {@link VendorTimeoutError}, or what the read throws
 */
export async function patiently<TValue>(
  read: Promise<TValue>,
  waitMs: number,
): Promise<TValue> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new VendorTimeoutError('The vendor did not answer in time')),
      waitMs,
    );
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
    // When the wait is over, nobody else looks at how the read ends.
    read.catch(() => {});
  }
}

/**
 * Words for the page. Providers give errors with a code and a sentence of their own; these are used as they are.
 *
 * @param what - `The list of artifacts`
 */
export function toProblem(error: unknown, what: string): Problem {
  if (error instanceof VendorTimeoutError) {
    return {
      code: 'vendor_slow',
      message: `${what} is not there yet because the vendor takes long to answer; look again in a moment.`,
    };
  }
  const reason = isError(error) ? error.message : String(error);
  const code =
    isError(error) && Object.entries(error).find(([k]) => k === 'code');
  return code
    ? { code: String(code[1]), message: reason }
    : {
        code: 'vendor_failed',
        message: `${what} could not be read: ${reason}`,
      };
}
