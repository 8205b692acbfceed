import type { Ingestion } from 'backstage-plugin-delivery-common';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { RunRow } from '../database/rows';

/** How fresh what a page shows is, and by which way it came. */
export class IngestionView {
  readonly #options: {
    store: Pick<DeliveryStore, 'syncState'>;
    mode: Ingestion['mode'];
    /** A repository that was not confirmed for so long is called delayed. */
    delayedAfterMs: number;
    now: () => number;
  };

  constructor(options: {
    store: Pick<DeliveryStore, 'syncState'>;
    mode: Ingestion['mode'];
    delayedAfterMs: number;
    now: () => number;
  }) {
    this.#options = options;
  }

  /** @param slug - `owner/name`, in any case */
  async of(host: string, slug: string): Promise<Ingestion> {
    const { store, mode, delayedAfterMs, now } = this.#options;
    const state = await store.syncState(`repo:${host}/${slug.toLowerCase()}`);
    if (!state) {
      return {
        mode,
        health: 'unknown',
        backfill: { state: 'pending', runs: 0 },
      };
    }
    const { confirmedAt, lastEventAt, problem, dataSince } = state;
    const late =
      confirmedAt !== undefined && now() - confirmedAt > delayedAfterMs;
    const known = confirmedAt !== undefined ? 'ok' : 'unknown';
    return {
      mode,
      health: problem ? 'error' : (late && 'delayed') || known,
      confirmedAt,
      lastEventAt,
      problem,
      backfill: { state: state.backfill, runs: state.runs },
      dataSince,
    };
  }

  /**
   * Since when every deployment of a repository is known, as far as this run is concerned; undefined when that cannot be said.
   *
   * @param slug - `owner/name`, in any case
   */
  async deploymentsKnownSince(
    host: string,
    slug: string,
    run: Pick<RunRow, 'completedAt'>,
  ): Promise<number | undefined> {
    const { store, mode } = this.#options;
    const state = await store.syncState(
      `deployments:${host}/${slug.toLowerCase()}`,
    );
    // Where no event arrives, nothing tells of deployments that are made after they were read.
    const later =
      mode === 'poll' &&
      (run.completedAt ?? Infinity) >= (state?.confirmedAt ?? 0);
    return later ? undefined : state?.dataSince;
  }
}
