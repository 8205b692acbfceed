const asText = value => (typeof value === 'string' && value !== '' ? value : undefined);

const parse = body => {
  let message;
  try {
    message = JSON.parse(body);
  } catch {
    throw new Error('The message is not JSON.');
  }
  const id = asText(message?.id);
  const kind = asText(message?.kind);
  if (id === undefined || kind === undefined) {
    throw new Error('A message wants the texts "id" and "kind".');
  }
  return { id, kind, payload: message.payload };
};

/**
 * Makes the function that does what one message asks, once: SQS delivers at least once, so the sender's own id of
 * the message decides, never that of the delivery.
 *
 * @param {{store: {once: Function}, handlers: Record<string, Function>}} options
 * @returns {(body: string) => Promise<{id: string, kind: string, result: 'done' | 'repeated'}>} rejects when the
 *   message cannot be understood or its handler fails; nothing has been changed then
 */
export function createProcessor({ store, handlers }) {
  return async body => {
    const { id, kind, payload } = parse(body);
    const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
    if (handler === undefined) {
      throw new Error(`There is no handler for messages of the kind "${kind}".`);
    }
    const result = await store.once({ id, kind }, tx => handler(payload, tx));
    return { id, kind, result };
  };
}
