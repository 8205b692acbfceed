import type { Pool } from 'pg';
import type { Item, ItemStore } from './items.ts';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly created_at: Date;
}

const toItem = ({ id, title, created_at }: Row): Item => ({
  id,
  title,
  createdAt: created_at.toISOString(),
});

/** Items in the table `items` of Postgres. */
export class PgItemStore implements ItemStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async list(): Promise<readonly Item[]> {
    const { rows } = await this.#pool.query<Row>(
      'SELECT id, title, created_at FROM items ORDER BY created_at DESC, id DESC LIMIT 100',
    );
    return rows.map(toItem);
  }

  async add(title: string): Promise<Item> {
    const { rows } = await this.#pool.query<Row>(
      'INSERT INTO items (title) VALUES ($1) RETURNING id, title, created_at',
      [title],
    );
    const [row] = rows;
    if (!row) throw new Error('Postgres returned no row for a new item');
    return toItem(row);
  }

  async ping(): Promise<void> {
    await this.#pool.query('SELECT 1');
  }
}

/** Whether Postgres refuses our password: it has been changed since this process started. */
export function isLockedOut(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === '28P01'
  );
}
