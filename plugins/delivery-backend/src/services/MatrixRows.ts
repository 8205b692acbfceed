import type {
  Matrix,
  MatrixService,
  Tier,
} from 'backstage-plugin-delivery-common';
import { TIERS } from 'backstage-plugin-delivery-common';
import { lagOf, matrixCellOf } from 'backstage-plugin-delivery-common/domain';
import type {
  EnvironmentRow,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import type { ChangeFeed } from './ChangeFeed';

/** What other replicas derived is seen after this at the latest. */
const WHOLE_MS = 10_000;
/** Above this the whole is read again. */
const MOST_DIRTY = 100;

/** What a service has in the matrix, apart from its name. */
export interface MatrixRow {
  lag: number;
  cells: MatrixService['cells'];
  columns: { name: string; tier: Tier; position: number }[];
}

/** Cells of all services, kept ready: which of them a caller gets to see is another question. */
export class MatrixRows {
  readonly #store: Pick<EnvironmentStore, 'allEnvironments' | 'environments'>;
  readonly #now: () => number;
  readonly #dirty = new Set<string>();
  #rows = new Map<string, MatrixRow>();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;
  #version = 0;

  constructor(options: {
    environments: Pick<EnvironmentStore, 'allEnvironments' | 'environments'>;
    feed: Pick<ChangeFeed, 'listen'>;
    now: () => number;
  }) {
    this.#store = options.environments;
    this.#now = options.now;
    options.feed.listen(({ entityRefs, derived }) => {
      if (derived) entityRefs.forEach(ref => this.#dirty.add(ref));
    });
  }

  /** By entity ref, with a number that changes whenever a row may be different. */
  async current(): Promise<{
    rows: ReadonlyMap<string, MatrixRow>;
    version: number;
  }> {
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
    return { rows: this.#rows, version: this.#version };
  }

  async #refresh(): Promise<void> {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    const whole = this.#now() - this.#readAt >= WHOLE_MS;
    if (!whole && dirty.length === 0) return;
    try {
      if (whole || dirty.length > MOST_DIRTY) await this.#readAll();
      else await this.#readSome(dirty);
      this.#version += 1;
    } catch (error) {
      dirty.forEach(ref => this.#dirty.add(ref));
      throw error;
    }
  }

  async #readAll() {
    const at = this.#now();
    const byEntity = new Map<string, EnvironmentRow[]>();
    for (const row of await this.#store.allEnvironments()) {
      const known = byEntity.get(row.entityRef);
      if (known) known.push(row);
      else byEntity.set(row.entityRef, [row]);
    }
    this.#rows = new Map(
      [...byEntity].map(([ref, rows]) => [ref, toRow(rows)]),
    );
    this.#readAt = at;
  }

  async #readSome(entityRefs: string[]) {
    for (const ref of entityRefs) {
      const rows = await this.#store.environments(ref);
      if (rows.length > 0) this.#rows.set(ref, toRow(rows));
      else this.#rows.delete(ref);
    }
  }
}

function toRow(rows: EnvironmentRow[]): MatrixRow {
  const sorted = [...rows].sort((a, b) => a.position - b.position);
  const environments = sorted.map(row => row.environment);
  return {
    lag: lagOf(environments),
    cells: Object.fromEntries(
      environments.map(item => [item.name, matrixCellOf(item)]),
    ),
    columns: sorted.map(({ environment: { name, tier }, position }) => ({
      ...{ name, tier, position },
    })),
  };
}

/** Columns of the rows together: by tier, then by place on the way to production, then by name. */
export function columnsOf(rows: MatrixRow[]): Matrix['environments'] {
  const columns = new Map<string, MatrixRow['columns'][number]>();
  for (const column of rows.flatMap(row => row.columns)) {
    const known = columns.get(column.name);
    if (!known || rank(column) < rank(known)) columns.set(column.name, column);
  }
  return [...columns.values()]
    .sort(
      (a, b) =>
        TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) ||
        a.position - b.position ||
        (a.name < b.name ? -1 : 1),
    )
    .map(({ name, tier }) => ({ name, tier }));
}

function rank({ tier, position }: MatrixRow['columns'][number]): number {
  return TIERS.indexOf(tier) * 1_000 + position;
}
