import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EntityIndex } from './EntityIndex';

/** First pause, doubled after every further try. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Reads the catalog at start, and again until it answers and holds a service: a portal that has just started has an empty
 * catalog, and the schedule alone would leave it so for minutes.
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
  for (
    let wait = FIRST_PAUSE_MS;
    !signal.aborted && wait <= LONGEST_PAUSE_MS;
    wait *= 2
  ) {
    try {
      if ((await index.refresh(signal)) > 0) return;
    } catch (error) {
      logger.info('The catalog does not answer yet', { reason: String(error) });
    }
    if (!signal.aborted) await pause(wait);
  }
}
