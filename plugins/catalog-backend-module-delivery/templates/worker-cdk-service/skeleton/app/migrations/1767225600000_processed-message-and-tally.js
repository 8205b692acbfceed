/** @param {import('node-pg-migrate').MigrationBuilder} pgm */
export const up = pgm => {
  pgm.createTable('processed_message', {
    id: { type: 'text', primaryKey: true },
    kind: { type: 'text', notNull: true },
    processed_at: { type: 'timestamptz', notNull: true, default: pgm.func('now()') },
  });
  pgm.createTable('tally', {
    item: { type: 'text', primaryKey: true },
    amount: { type: 'bigint', notNull: true },
  });
};

// Expand and contract: the code before this migration runs with the schema after it, so nothing is ever undone.
export const down = false;
