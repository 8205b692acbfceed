/** One line of the list, as the backend sends it. */
export interface Item {
  readonly id: string;
  readonly title: string;
  readonly createdAt: string;
}

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

function isItem(value: unknown): value is Item {
  if (typeof value !== 'object' || value === null) return false;
  const { id, title, createdAt } = value as Partial<
    Record<keyof Item, unknown>
  >;
  return (
    typeof id === 'string' &&
    typeof title === 'string' &&
    typeof createdAt === 'string'
  );
}

async function json(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => null);
  const fields =
    typeof body === 'object' && body !== null
      ? (body as Record<string, unknown>)
      : {};
  if (response.ok) return fields;
  throw new Error(
    typeof fields.error === 'string'
      ? fields.error
      : `the server answered ${response.status}`,
  );
}

/**
 * Calls of the page to the backend, on the same origin.
 * Every call rejects with a sentence for the person in front of the page.
 */
export class Api {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async list(): Promise<readonly Item[]> {
    const { items } = await json(await this.#fetch('/api/items'));
    if (!Array.isArray(items) || !items.every(isItem))
      throw new Error('the server sent no list');
    return items;
  }

  async add(title: string): Promise<void> {
    const body = JSON.stringify({ title });
    await json(
      await this.#fetch('/api/items', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }),
    );
  }
}
