import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  commit,
  NOON,
  REPO,
  sha,
} from '../../database/DatabaseChangeStore/testChanges';
import type { ChangeStore } from '../../database/ChangeStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { RepositoryRow } from '../../database/rows';
import { BudgetGovernor } from '../BudgetGovernor';
import { ChangeReader, type WantedChanges } from '../ChangeReader';
import { TestVendor } from './testVendor';

const DAY = 24 * 60 * 60_000;
const { signal } = new AbortController();

export function repository(more: Partial<RepositoryRow> = {}): RepositoryRow {
  return {
    ...{ repoKey: REPO, host: 'github.com', slug: 'acme/vaultex' },
    url: 'https://github.com/acme/vaultex',
    deleted: false,
    ...more,
  };
}

/** The n-th and another commit. */
export function pair(base: number, head: number) {
  return { base: sha(base), head: sha(head) };
}

export function wanted(
  pairs: { base: string; head: string }[],
  more: Partial<WantedChanges> = {},
): WantedChanges {
  return { pairs, since: NOON - 90 * DAY, files: false, ...more };
}

/** A reader with a clock that is set by hand, and a vendor in memory. For tests. */
export class TestReading {
  now = NOON;
  readonly vendor = new TestVendor();
  /** Repositories that were told to be different. */
  readonly changed: string[] = [];
  reader: ChangeReader;

  constructor(
    readonly store: DeliveryStore & { changes: ChangeStore },
    private readonly logger: LoggerService,
  ) {
    this.reader = this.restart();
  }

  /** Forgets all that is kept in memory. */
  restart(): ChangeReader {
    this.reader = new ChangeReader({
      ...{ store: this.store, changes: this.store.changes },
      clock: () => this.now,
      providers: [this.vendor.provider],
      governor: new BudgetGovernor(() => this.now),
      labels: { incident: [] },
      logger: this.logger,
      mode: 'webhook',
    });
    this.reader.onChanged(repoKey => this.changed.push(repoKey));
    return this.reader;
  }

  /** Commits `from+1` to `to`, one after the other; the head is the last one. */
  span(from: number, to: number): void {
    this.vendor.spans.set(
      `${sha(from)}...${sha(to)}`,
      Array.from({ length: to - from }, (_, n) => commit(from + n + 1)),
    );
  }

  /** The calls of one tick. */
  async tick(stop = signal): Promise<string[]> {
    await this.reader.tick(stop);
    return this.vendor.taken();
  }

  /** Calls until a tick makes none. */
  async settle(): Promise<string[]> {
    const calls: string[] = [];
    for (let rounds = 0; rounds < 200; rounds++) {
      const some = await this.tick();
      if (some.length === 0) return calls;
      calls.push(...some);
    }
    throw new Error('It never ends.');
  }
}
