/** A thing that the service keeps. Put your own resource in its place. */
export interface Item {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Where items are kept. */
export interface ItemStore {
  add(name: string): Promise<Item>;
  /** @returns `undefined` when there is none of that id */
  find(id: string): Promise<Item | undefined>;
  /** The newest ones, newest first. */
  newest(count: number): Promise<readonly Item[]>;
  /** @throws when the store does not answer */
  check(): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text can be the id of an item at all. */
export function isItemId(text: string): boolean {
  return UUID.test(text);
}

/**
 * The name in the body of a request that adds an item.
 *
 * @returns `undefined` when the body has no name of 1 to 200 characters
 */
export function readName(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("name" in body)) return undefined;
  const { name } = body;
  if (typeof name !== "string") return undefined;
  const trimmed = name.trim();
  return trimmed.length > 0 && trimmed.length <= 200 ? trimmed : undefined;
}
