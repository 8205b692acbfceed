/** One line of the list. */
export interface Item {
  readonly id: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Where items are kept. */
export interface ItemStore {
  /** The newest first, 100 at most. */
  list(): Promise<readonly Item[]>;
  add(title: string): Promise<Item>;
  /** Resolves when the store answers, rejects when it does not. */
  ping(): Promise<void>;
}

/** The body is not what was asked for; the message is for who sent it. */
export class InvalidItem extends Error {}

const MAX_TITLE = 200;

/**
 * Title of a new item, without space around it.
 *
 * @throws InvalidItem when the body holds no usable title.
 */
export function parseNewItem(body: unknown): string {
  const value =
    typeof body === 'object' && body !== null && 'title' in body
      ? body.title
      : undefined;
  if (typeof value !== 'string') throw new InvalidItem('title must be a text');
  const title = value.trim();
  if (title === '') throw new InvalidItem('title must not be empty');
  if (title.length > MAX_TITLE)
    throw new InvalidItem(`title must have ${MAX_TITLE} characters at most`);
  return title;
}
