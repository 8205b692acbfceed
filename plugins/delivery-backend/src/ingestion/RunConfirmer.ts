import { isError } from '@backstage/errors';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { RunRow } from '../database/rows';
import type { BudgetGovernor } from './BudgetGovernor';
import type { ReadingOptions } from './RepositoryReader';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A run or attempt that could not be made whole is not asked for again before this. */
const ASK_AGAIN_MS = 6 * HOUR_MS;
/** Attempts of runs younger than this are completed. */
const GAPS_MS = 2 * 24 * HOUR_MS;

/** Asks the vendor for single runs: where webhooks leave doubts, and where they stopped coming. */
export class RunConfirmer {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly options: ReadingOptions & {
      governor: BudgetGovernor;
      providerOf: (host: string) => DeliveryProvider | undefined;
    },
  ) {}

  /** How long an open run may go without news before it is asked for. */
  static patienceMs(run: RunRow, now: number, watched: boolean): number {
    if (run.needsConfirm) return 0;
    if (watched) return 2 * MINUTE_MS;
    // Whatever is open for days will not move in the next minute.
    if (now - run.createdAt > 24 * HOUR_MS) return 6 * HOUR_MS;
    return run.status === 'waiting' ? 2 * HOUR_MS : HOUR_MS / 2;
  }

  /** Reads a run with its jobs, and applies it. */
  async confirm(runKey: string, signal: AbortSignal): Promise<void> {
    await this.read(runKey, undefined, signal);
  }

  /** Reads what is missing of the newest runs of a repository; a vendor that has not got it is asked once. */
  async closeGaps(repoKey: string, signal: AbortSignal): Promise<void> {
    const now = this.options.clock();
    const found = await this.options.store.gaps(repoKey, now - GAPS_MS);
    for (const { runKey, attempt } of found) {
      if (signal.aborted) return;
      const key = `${runKey} ${attempt}`;
      if (now - (this.asked.get(key) ?? -Infinity) < ASK_AGAIN_MS) continue;
      this.asked.set(key, now);
      await this.read(runKey, attempt, signal);
    }
    for (const [key, at] of this.asked) {
      if (now - at >= ASK_AGAIN_MS) this.asked.delete(key);
    }
  }

  private async read(
    runKey: string,
    attempt: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, logger, governor, onApplied } = this.options;
    const repository = await store.repositoryOfRun(runKey);
    const provider = repository && this.options.providerOf(repository.host);
    if (!repository || !provider || repository.deleted) return;
    const { host, slug, repoKey } = repository;
    if (!governor.allows('openRuns', provider, repository, true)) return;
    const ref = { host, slug, repoKey, runKey };
    try {
      const current = (await store.run(runKey))?.attempt;
      const changes =
        attempt === undefined || attempt === current
          ? await provider.readRun?.(ref, signal)
          : await provider.readAttempt?.(ref, attempt, signal);
      if (changes?.length) {
        const applied = await store.apply(changes);
        onApplied?.(applied);
      }
    } catch (error) {
      if (signal.aborted) return;
      const { retryAt } = error as { retryAt?: number };
      if (retryAt !== undefined) governor.pause(host, retryAt);
      logger.info(
        `Run ${runKey} could not be confirmed: ${
          isError(error) ? error.message : String(error)
        }`,
      );
    }
  }
}
