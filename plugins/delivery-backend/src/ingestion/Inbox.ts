import { createHash, randomUUID } from 'crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type {
  DeliveryProvider,
  ListHint,
} from 'backstage-plugin-delivery-node';
import type {
  ApplyResult,
  DeliveryStore,
  InboxItem,
} from '../database/DeliveryStore';
import type { InboxRow } from '../database/rows';
import { backoffMs } from './backoff';
import { hintScopesOf, scopesOf } from './scopes';

/** Rows in one transaction: enough that its cost is shared, few enough that a page never waits long for it. */
const BATCH = 100;
/** Longer than any batch takes; after a kill this is how long its rows wait. */
const LEASE_MS = 60_000;
/** How often to look without being poked: for retries, and for rows another replica took in. */
const POLL_MS = 1_000;
/** Tries before a row counts as failed. */
const MAX_ATTEMPTS = 8;
/** Rest after a batch: deliveries come in company, and a batch of many costs little more than a batch of one. */
const GATHER_MS = 25;
/** More deliveries than this since the last batch are a storm: taking them in goes before applying them. */
const STORM = 20;
/** Rest in a storm, as a multiple of the time the batch took: taking in and applying share one thread. */
const GIVE_WAY = 8;
const SHORTEST_WAY_MS = 100;
const LONGEST_WAY_MS = 500;
/** A delivery that has waited this long does not give way any more: no storm may keep pages old for ever. */
const PATIENCE_MS = 30_000;
/** How exact "last event" is. */
const SEEN_EVERY_MS = 15_000;

/** A row with what its provider made of it. */
type Item = InboxItem & { hints?: ListHint[] };

/** A delivery whose sender was checked already. */
export interface Delivery {
  provider: string;
  /** The vendor's id; some ways in have none, then the content alone tells it is the same one. */
  deliveryId?: string;
  event: string;
  /** As received, byte for byte. */
  body: Buffer | string;
  receivedAt: number;
}

export interface InboxOptions {
  store: DeliveryStore;
  providers: Pick<DeliveryProvider, 'id' | 'parseEvent'>[];
  logger: LoggerService;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Told after every transaction, also of one that changed nothing. */
  onApplied?: (result: ApplyResult) => void;
  /** Told after an event said that a list is different: who reads lists finds which one in its state, and need not wait for its next look. */
  onHint?: () => void;
}

/** Takes deliveries in durably and applies them: many in one transaction, and none of them in the way of another. */
export class Inbox {
  private readonly providers: Map<
    string,
    Pick<DeliveryProvider, 'id' | 'parseEvent'>
  >;
  private readonly seen = new Map<string, number>();
  private running: Promise<void> | undefined;
  private stopping = false;
  private pass: Promise<unknown> = Promise.resolve();
  private wake: () => void = () => {};
  private poked = false;
  private taken = 0;
  private oldest = Infinity;

  constructor(private readonly options: InboxOptions) {
    this.providers = new Map(options.providers.map(p => [p.id, p]));
  }

  /** One insert. Resolved means: it is on disk and will be applied. */
  async accept(delivery: Delivery): Promise<'added' | 'duplicate'> {
    const { provider, event, receivedAt } = delivery;
    const bodyHash = createHash('sha256')
      // The event's name is not signed, so the same body under another name is another delivery, which its shape then refuses.
      .update(event)
      .update('\0')
      .update(delivery.body)
      .digest('hex');
    const result = await this.options.store.addToInbox({
      provider,
      event,
      receivedAt,
      bodyHash,
      deliveryId: delivery.deliveryId ?? `none-${randomUUID()}`,
      body: delivery.body.toString('utf8'),
    });
    this.taken += 1;
    if (result === 'added') this.poke();
    return result;
  }

  /** There is something to do: do not wait for the next look. */
  poke(): void {
    this.poked = true;
    this.wake();
  }

  start(): void {
    if (this.running) return;
    this.stopping = false;
    this.running = this.loop();
  }

  /** Ends after the transaction under way; rows that were claimed and not tried are free for others at once. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
    await this.pass;
    this.running = undefined;
  }

  /** Works until nothing is left that may be tried now. For tests, and for the end of a replay. */
  async drain(): Promise<void> {
    while (!this.stopping && (await this.onePass()) > 0);
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      this.poked = false;
      const began = this.options.clock();
      let worked = 0;
      try {
        worked = await this.onePass();
      } catch (error) {
        this.options.logger.error(
          'The inbox cannot reach its tables; deliveries stay where they are.',
          isError(error) ? error : undefined,
        );
      }
      if (this.stopping) return;
      if (worked === 0 && !this.poked) await this.rest(POLL_MS);
      else await this.giveWay(worked, this.options.clock() - began);
    }
  }

  /** GitHub gives up after ten seconds and never sends again; what is taken in can be applied a little later. */
  private async giveWay(worked: number, tookMs: number): Promise<void> {
    const late = this.options.clock() - this.oldest > PATIENCE_MS;
    const storm = this.taken > STORM && !late;
    this.taken = 0;
    if (!storm && worked >= BATCH) return;
    const ms = storm
      ? Math.min(Math.max(tookMs * GIVE_WAY, SHORTEST_WAY_MS), LONGEST_WAY_MS)
      : GATHER_MS;
    await new Promise(resolve => setTimeout(resolve, ms));
  }

  private rest(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(() => this.wake(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }

  /** One batch at a time, whoever asks. */
  private onePass(): Promise<number> {
    const next = this.pass.then(() => this.work());
    this.pass = next.catch(() => {});
    return next;
  }

  private async work(): Promise<number> {
    const { store, clock } = this.options;
    const rows = await store.claimInbox(clock(), BATCH, LEASE_MS);
    if (rows.length === 0) return 0;
    this.oldest = Math.min(...rows.map(row => row.receivedAt));
    const parsed: { row: InboxRow; item: Item }[] = [];
    for (const row of rows) {
      try {
        parsed.push({ row, item: this.parse(row) });
      } catch (error) {
        // Parsing is pure: another try cannot end otherwise.
        await this.fail(row, error, false);
      }
    }
    try {
      await this.apply(parsed.map(({ item }) => item));
    } catch (error) {
      await this.oneByOne(parsed);
    }
    return rows.length;
  }

  private parse(row: InboxRow): Item {
    const provider = this.providers.get(row.provider);
    if (!provider) throw new Error(`There is no provider ${row.provider}.`);
    if (row.attempts > MAX_ATTEMPTS) {
      throw new Error(`Given up after ${MAX_ATTEMPTS} tries.`);
    }
    const parsed = provider.parseEvent({
      name: row.event,
      payload: JSON.parse(row.body),
      receivedAt: row.receivedAt,
    });
    const at = this.options.clock();
    if (parsed.kind === 'ignored') {
      const { reason } = parsed;
      return { id: row.id, at, outcome: 'ignored', note: reason, changes: [] };
    }
    const { changes, hints } = parsed;
    return { id: row.id, at, outcome: 'done', changes, hints };
  }

  private async apply(items: Item[]): Promise<void> {
    if (items.length === 0) return;
    const result = await this.options.store.applyInbox(items);
    this.options.onApplied?.(result);
    const aside = new Set(result.parked);
    await this.noteEvents(items.filter(item => !aside.has(item.id)));
  }

  /** Something in the batch cannot be applied: find out what, and apply all the rest. */
  private async oneByOne(
    parsed: { row: InboxRow; item: Item }[],
  ): Promise<void> {
    for (const [index, { row, item }] of parsed.entries()) {
      if (this.stopping) {
        const rest = parsed.slice(index).map(({ row: { id } }) => id);
        await this.options.store.releaseInbox(rest);
        return;
      }
      try {
        await this.apply([item]);
      } catch (error) {
        await this.fail(row, error, row.attempts < MAX_ATTEMPTS);
      }
    }
  }

  private async fail(
    row: InboxRow,
    error: unknown,
    again: boolean,
  ): Promise<void> {
    const { store, clock, logger } = this.options;
    const message = (isError(error) ? error.message : String(error)).slice(
      0,
      1000,
    );
    logger.warn(
      `Delivery ${row.deliveryId} (${row.event}) cannot be applied${
        again ? ', it will be tried again' : ''
      }: ${message}`,
    );
    await store.failInbox(
      row.id,
      message,
      again ? clock() + backoffMs(row.attempts) : undefined,
    );
  }

  private async noteEvents(items: Item[]): Promise<void> {
    const now = this.options.clock();
    const due = scopesOf(items.flatMap(item => item.changes)).filter(
      scope => now - (this.seen.get(scope) ?? -Infinity) >= SEEN_EVERY_MS,
    );
    // Another replica may be the one that reads, so a hint is kept where it looks; each counts, for what it read may be older.
    const hinted = [...new Set(items.flatMap(hintScopesOf))];
    if (due.length + hinted.length === 0) return;
    await this.options.store.sawEvents([...due, ...hinted], now);
    due.forEach(scope => this.seen.set(scope, now));
    if (hinted.length > 0) this.options.onHint?.();
  }
}
