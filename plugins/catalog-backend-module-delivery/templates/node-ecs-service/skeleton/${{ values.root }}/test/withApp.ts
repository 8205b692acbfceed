import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createApp, type AppOptions } from "../src/app.ts";
import type { Item, ItemStore } from "../src/items.ts";

/** Items in memory, newest first. */
export class MemoryItems implements ItemStore {
  readonly #items: Item[] = [];
  readonly #broken: boolean;

  constructor({ broken = false } = {}) {
    this.#broken = broken;
  }

  async add(name: string): Promise<Item> {
    await this.check();
    const item = { id: crypto.randomUUID(), name, createdAt: "2026-01-01T00:00:00.000Z" };
    this.#items.unshift(item);
    return item;
  }

  async find(id: string): Promise<Item | undefined> {
    await this.check();
    return this.#items.find((item) => item.id === id);
  }

  async newest(count: number): Promise<readonly Item[]> {
    await this.check();
    return this.#items.slice(0, count);
  }

  check(): Promise<void> {
    return this.#broken ? Promise.reject(new Error("secret of the store")) : Promise.resolve();
  }
}

/** A request; `json` is sent as JSON, `text` as it is. */
export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

export type Caller = (
  path: string,
  call?: Call,
) => Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;

/** Runs the service on a free port for the time of a test. */
export async function withApp(
  options: AppOptions,
  use: (call: Caller) => Promise<void>,
): Promise<void> {
  const server = createServer(createApp(options));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  try {
    await use(async (path, { method, headers, json, text } = {}) => {
      const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, {
        method,
        headers: json === undefined ? headers : { "content-type": "application/json", ...headers },
        body: json === undefined ? text : JSON.stringify(json),
      });
      const body = (await response.json()) as Record<string, unknown>;
      return { status: response.status, body };
    });
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}
