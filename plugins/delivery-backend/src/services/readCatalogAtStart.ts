import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EntityIndex } from './EntityIndex';

/** First pause, doubled after every further try. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A catalog that fills up may stand still for a moment; after a pause like this one it is taken to be full. */
const TELLING_PAUSE_MS = 8_000;

/**
 * Reads the catalog at start, and again while it fills up: a portal that has just been installed has an empty catalog, and the
 * schedule alone would leave services without their runs for minutes. A restart finds nothing new and reads once.
 *
 * @param pause - waits that long, or until the signal aborts
 */
export async function readCatalogAtStart(options: {
  index: Pick<EntityIndex, 'refresh'>;
  logger: LoggerService;
  signal: AbortSignal;
  pause: (ms: number) => Promise<void>;
}): Promise<void> {
  const { index, logger, signal, pause } = options;
  let first = true;
  for (
    let wait = FIRST_PAUSE_MS;
    !signal.aborted && wait <= LONGEST_PAUSE_MS;
    wait *= 2
  ) {
    try {
      const { services, changed } = await index.refresh(signal);
      const settled = first || wait >= 2 * TELLING_PAUSE_MS;
      if (services > 0 && changed === 0 && settled) return;
      first = false;
    } catch (error) {
      first = false;
      logger.info('The catalog does not answer yet', { reason: String(error) });
    }
    if (!signal.aborted) await pause(wait);
  }
}
