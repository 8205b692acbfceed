import { createHmac } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  deliveryChannel,
  type DeliverySignal,
} from 'backstage-plugin-delivery-common';
import type { ApplyResult, DeliveryStore } from '../database/DeliveryStore';
import { BoundedCache } from './BoundedCache';

/** Signals of one channel are at least this far apart; the last one of a burst is never lost. */
const QUIET_MS = 300;
/** Pages that show all services hear of everything that happens anywhere. */
const PAGES_QUIET_MS = 1_000;
/** Channel of the pages; its messages are as empty as the others. */
const PAGES = deliveryChannel('pages');
/** Signals of all channels together in a second: each one is signed, sent and checked; in a storm the rest waits a little. */
const MOST_PER_SECOND = 50;
/** How long it is remembered which services a repository has; other replicas may bind one meanwhile. */
const SERVICES_TTL_MS = 5_000;

/** What the feed works with. */
export interface ChangeFeedOptions {
  store: Pick<DeliveryStore, 'entitiesOfRepository'>;
  signals: SignalsService;
  logger: LoggerService;
  /** Key of the channel names; the same in all replicas. */
  channelSecret: string;
  now: () => number;
}

/** Told after facts were applied. */
export type ChangeListener = (changed: {
  repoKeys: string[];
  runKeys: string[];
  entityRefs: string[];
  /** Environments were derived anew; no fact of a pipeline is different. */
  derived?: boolean;
  /** Only metrics were derived anew. */
  metrics?: boolean;
}) => void;

/** Tells caches and open pages that something is different. A signal is empty: whoever gets it reads again. */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #listeners: ChangeListener[] = [];
  readonly #quiet = new Map<string, { timer: NodeJS.Timeout; more: boolean }>();
  readonly #services: BoundedCache<string[]>;
  #sent = 0;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
    this.#services = new BoundedCache({
      maxEntries: 5_000,
      ttlMs: SERVICES_TTL_MS,
      now: options.now,
    });
  }

  /** Listeners run before the signal goes out, so that nobody reads an old answer because of it. */
  listen(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** To be called after every apply; never throws, because the facts are stored already. */
  async applied(
    result: Pick<ApplyResult, 'repoKeys' | 'runKeys'>,
  ): Promise<void> {
    if (result.repoKeys.length === 0 && result.runKeys.length === 0) return;
    try {
      const lists = await Promise.all(
        result.repoKeys.map(key =>
          this.#services.get(key, () =>
            this.#options.store.entitiesOfRepository(key),
          ),
        ),
      );
      this.#tell({ ...result, entityRefs: [...new Set(lists.flat())] });
    } catch (error) {
      this.#options.logger.warn('Open pages could not be told of news', {
        reason: String(error),
      });
    }
  }

  /** Services got another repository, or another part of it. */
  bound(entityRefs: string[]): void {
    this.#services.clear();
    this.#tell({ repoKeys: [], runKeys: [], entityRefs });
  }

  /** What is derived of the environments of these services is different. */
  environments(entityRefs: string[]): void {
    if (entityRefs.length === 0) return;
    this.#tell({ repoKeys: [], runKeys: [], entityRefs, derived: true });
    this.#signal(PAGES);
  }

  /** The metrics of these services are different: open pages read again, nothing is to be derived of it. */
  metrics(entityRefs: string[]): void {
    if (entityRefs.length === 0) return;
    this.#tell({
      ...{ repoKeys: [], runKeys: [], entityRefs },
      ...{ derived: true, metrics: true },
    });
    this.#signal(PAGES);
  }

  /** Name part of an entity's channel: cannot be guessed, only read from the API by those who may. */
  keyOf(entityRef: string): string {
    return createHmac('sha256', this.#options.channelSecret)
      .update(entityRef)
      .digest('hex')
      .slice(0, 32);
  }

  /** Stops the timers; signals that wait are dropped. */
  close(): void {
    this.#quiet.forEach(({ timer }) => clearTimeout(timer));
    this.#quiet.clear();
  }

  #tell(changed: Parameters<ChangeListener>[0]) {
    this.#listeners.forEach(listener => listener(changed));
    changed.entityRefs.forEach(ref =>
      this.#signal(deliveryChannel(this.keyOf(ref))),
    );
  }

  #signal(channel: string) {
    const quiet = this.#quiet.get(channel);
    if (quiet) {
      quiet.more = true;
      return;
    }
    const timer = setTimeout(
      () => {
        const more = this.#quiet.get(channel)?.more;
        this.#quiet.delete(channel);
        if (more) this.#signal(channel);
      },
      channel === PAGES ? PAGES_QUIET_MS : QUIET_MS,
    );
    timer.unref();
    const later = this.#sent >= MOST_PER_SECOND;
    this.#quiet.set(channel, { timer, more: later });
    if (later) return;
    if (this.#sent === 0) {
      setTimeout(() => {
        this.#sent = 0;
      }, 1_000).unref();
    }
    this.#sent += 1;
    const message: DeliverySignal = {};
    this.#options.signals
      .publish({ recipients: { type: 'broadcast' }, channel, message })
      .catch(error =>
        this.#options.logger.warn('A signal could not be sent', {
          reason: String(error),
        }),
      );
  }
}
