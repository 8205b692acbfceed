import { trim } from '../../services/trim';
import {
  ASK_AGAIN_MS,
  isGone,
  isSenseless,
  type ChangeReadingOptions,
  type Done,
  type ReadStates,
  type Target,
} from './reading';

const MOST_POSTPONED = 1_000;

/** Things of a repository that are read once, each by itself. */
export interface ItemKind<TItem, TAnswer> {
  /** Row of the state that says whether they may be asked for. */
  scopeOf(host: string, slug: string): string;
  /** Names one of them within its repository. */
  keyOf(item: TItem): string;
  /** How many in one turn of a repository. */
  perTurn: number;
  /** Calls one may cost, and without how many it is not begun. */
  calls: { most: number; least: number };
  ask(target: Target, item: TItem, signal: AbortSignal): Promise<TAnswer>;
  /** Calls an answer did cost, where that can be told. */
  costOf?(answer: TAnswer): number;
  /** @param answer - undefined: the vendor does not know it any more */
  save(target: Target, item: TItem, answer: TAnswer | undefined): Promise<void>;
}

/** Reads things one after the other, within the budget; one that cannot be read does not stand in the way of the others. */
export class ItemReading<TItem, TAnswer> {
  private readonly postponed = new Map<string, number>();

  constructor(
    private readonly options: ChangeReadingOptions,
    private readonly kind: ItemKind<TItem, TAnswer>,
  ) {}

  /** Without those whose answer made no sense a while ago; `retryAt`: when the first of them may be asked for again. */
  askable(
    { scope }: Target,
    items: TItem[],
  ): { items: TItem[]; retryAt: number } {
    const now = this.options.clock();
    let retryAt = Infinity;
    const askable = items.filter(item => {
      const key = this.keyOf(scope.repoKey, item);
      const until = this.postponed.get(key) ?? -Infinity;
      if (until <= now) return true;
      retryAt = Math.min(retryAt, until);
      return false;
    });
    return { items: askable, retryAt };
  }

  /** @param items - those to read, the most urgent first */
  async read(
    target: Target,
    items: TItem[],
    states: ReadStates,
    signal: AbortSignal,
  ): Promise<Done> {
    const scope = this.kind.scopeOf(target.scope.host, target.scope.slug);
    const heldUntil = states.heldUntil(scope);
    const done: Done = { changed: false, left: items.length };
    if (items.length === 0) return done;
    if (heldUntil !== undefined) return { ...done, heldUntil };
    try {
      for (const item of items.slice(0, this.kind.perTurn)) {
        if (signal.aborted) break;
        const outcome = await this.one(target, item, signal);
        if (outcome === 'no budget') break;
        if (outcome === 'stored') done.changed = true;
        else done.retryAt ??= outcome;
        done.left -= 1;
      }
      if (done.changed) await states.clear(scope);
    } catch (error) {
      if (signal.aborted) return done;
      await states.fail([scope], target, error);
      done.heldUntil = states.heldUntil(scope);
    }
    return done;
  }

  /** Gives the moment of another try where the answer made no sense. */
  private async one(
    target: Target,
    item: TItem,
    signal: AbortSignal,
  ): Promise<'stored' | 'no budget' | number> {
    const { calls, ask, costOf, save } = this.kind;
    const { governor, provider } = { ...this.options, ...target };
    const booking = governor.book(
      ...([provider, target.scope, calls.most, 'changes'] as const),
    );
    if (booking.calls < calls.least) {
      booking.settle(0);
      return 'no budget';
    }
    let answer: TAnswer | undefined;
    try {
      answer = await ask(target, item, signal);
      booking.settle(costOf?.(answer) ?? calls.most);
    } catch (error) {
      if (isSenseless(error)) return this.postpone(target, item, error);
      if (!isGone(error)) throw error;
      booking.settle(1);
    }
    await save(target, item, answer);
    return 'stored';
  }

  private postpone({ scope }: Target, item: TItem, error: unknown): number {
    const { clock, logger } = this.options;
    const key = this.keyOf(scope.repoKey, item);
    const until = clock() + ASK_AGAIN_MS.refused;
    this.postponed.set(key, until);
    // What falls out is asked again a little earlier.
    trim(this.postponed, MOST_POSTPONED);
    logger.warn(`An answer about ${key} makes no sense: ${error}`);
    return until;
  }

  private keyOf(repoKey: string, item: TItem): string {
    return `${this.kind.keyOf(item)} of ${repoKey}`;
  }
}
