import type { Pool } from "pg";
import type { Item, ItemStore } from "./items.ts";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly created_at: Date;
}

/** Items in the table `items`, which the migrations make. */
export class PostgresItems implements ItemStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async add(name: string): Promise<Item> {
    const { rows } = await this.#pool.query<Row>(
      "insert into items (name) values ($1) returning id, name, created_at",
      [name],
    );
    const [row] = rows;
    if (!row) throw new Error("The database did not return the new item.");
    return toItem(row);
  }

  async find(id: string): Promise<Item | undefined> {
    const { rows } = await this.#pool.query<Row>(
      "select id, name, created_at from items where id = $1",
      [id],
    );
    return rows[0] && toItem(rows[0]);
  }

  async newest(count: number): Promise<readonly Item[]> {
    const { rows } = await this.#pool.query<Row>(
      "select id, name, created_at from items order by created_at desc, id limit $1",
      [count],
    );
    return rows.map(toItem);
  }

  async check(): Promise<void> {
    await this.#pool.query("select 1");
  }
}

function toItem(row: Row): Item {
  return { id: row.id, name: row.name, createdAt: row.created_at.toISOString() };
}
