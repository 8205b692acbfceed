/**
 * What is done for each kind of message. A handler changes the database through `tx` only: then its work and the
 * record that it was done are one transaction. Effects elsewhere must bear being repeated.
 * @type {Record<string, (payload: unknown, tx: {query: Function}) => Promise<void>>}
 */
export const handlers = {
  'item.counted': async (payload, tx) => {
    const { item, amount } = payload ?? {};
    if (typeof item !== 'string' || item === '' || !Number.isSafeInteger(amount)) {
      throw new Error('item.counted wants a payload {"item": text, "amount": whole number}.');
    }
    await tx.query(
      `INSERT INTO tally (item, amount) VALUES ($1, $2)
       ON CONFLICT (item) DO UPDATE SET amount = tally.amount + excluded.amount`,
      [item, amount],
    );
  },
  // Sent by scripts/synthetic-message.sh: its row in processed_message proves the way through.
  'synthetic.ping': async () => {},
};
