import type { AddressInfo } from 'node:net';
import type { Item, ItemStore } from '../../src/items.ts';
import { createApp } from '../../src/server.ts';

/** Keeps items in memory; `broken` makes it fail like a database that is away. */
export class MemoryStore implements ItemStore {
  readonly #items: Item[] = [];
  broken = false;

  async list(): Promise<readonly Item[]> {
    await this.ping();
    return this.#items;
  }

  async add(title: string): Promise<Item> {
    const item = {
      id: String(this.#items.length + 1),
      title,
      createdAt: '2026-01-01T00:00:00.000Z',
    };
    this.#items.unshift(item);
    return item;
  }

  async ping(): Promise<void> {
    if (this.broken) throw new Error('secret host unreachable');
  }
}

/** Starts the API on a free port of the loopback; `errors` collects what must not be told outside. */
export async function startApp(store: ItemStore) {
  const errors: unknown[] = [];
  const server = createApp({ store, onError: (error) => errors.push(error) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    errors,
    stop: () => server.close(),
  };
}

/** POSTs a JSON text. */
export const post = (url: string, body: string, type = 'application/json') =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
