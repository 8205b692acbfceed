const pauseAfter = failures => Math.min(1000 * 2 ** (failures - 1), 30_000);

/**
 * Takes messages from the queue until told to stop. A message that fails is left alone: it comes again after its
 * visibility timeout and goes to the dead-letter queue after the last try.
 */
export class Worker {
  #queue;
  #process;
  #health;
  #log;
  #pause;

  /**
   * @param {object} options
   * @param {import('./queue.js').Queue} options.queue
   * @param {(body: string) => Promise<{id: string, kind: string, result: string}>} options.process
   * @param {{beat: () => void}} options.health
   * @param {(level: string, message: string, fields?: object) => void} options.log
   * @param {(milliseconds: number, signal: AbortSignal) => Promise<void>} options.pause
   */
  constructor({ queue, process, health, log, pause }) {
    this.#queue = queue;
    this.#process = process;
    this.#health = health;
    this.#log = log;
    this.#pause = pause;
  }

  /** Ends after `signal` is aborted and the message in hand is finished; never rejects for a message's fault. */
  async run(signal) {
    let failures = 0;
    while (!signal.aborted) {
      this.#health.beat();
      try {
        const messages = await this.#queue.receive({ signal });
        failures = 0;
        for (const message of messages) await this.#take(message, signal);
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        this.#log('error', 'The queue could not be read.', { error: error.message, failures });
        await this.#pause(pauseAfter(failures), signal);
      }
    }
  }

  async #take(message, signal) {
    this.#health.beat();
    if (signal.aborted) {
      await this.#quietly(message, 'released', () => this.#queue.release(message.receipt));
      return;
    }
    const facts = { message: message.id, deliveries: message.deliveries };
    let done;
    try {
      done = await this.#process(message.body);
    } catch (error) {
      this.#log('error', 'A message failed.', { ...facts, error: error.message });
      return;
    }
    this.#log('info', 'A message was processed.', { ...facts, ...done });
    await this.#quietly(message, 'removed', () => this.#queue.remove(message.receipt));
  }

  // Not removed means delivered again, which does no harm: the processor knows it.
  async #quietly(message, word, action) {
    try {
      await action();
    } catch (error) {
      this.#log('error', `A message could not be ${word}.`, { message: message.id, error: error.message });
    }
  }
}
