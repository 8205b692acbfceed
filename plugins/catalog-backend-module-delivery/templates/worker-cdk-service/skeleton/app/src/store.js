/**
 * The memory of what has been done, in PostgreSQL.
 * @param {{connect: () => Promise<{query: Function, release: Function}>}} pool
 */
export function postgresStore(pool) {
  return {
    /**
     * Runs `work` in a transaction unless a message of this id was done before. Two deliveries at the same time:
     * the second waits at the INSERT until the first has ended.
     * @returns {Promise<'done' | 'repeated'>}
     */
    async once({ id, kind }, work) {
      const client = await pool.connect();
      let broken;
      try {
        await client.query('BEGIN');
        const { rowCount } = await client.query(
          'INSERT INTO processed_message (id, kind) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING',
          [id, kind],
        );
        if (rowCount === 1) await work(client);
        await client.query('COMMIT');
        return rowCount === 1 ? 'done' : 'repeated';
      } catch (error) {
        await client.query('ROLLBACK').catch(failure => {
          broken = failure;
        });
        throw error;
      } finally {
        // A connection that could not even roll back must not go back to the pool.
        client.release(broken);
      }
    },
  };
}
