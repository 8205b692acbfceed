import http from 'node:http';

/**
 * Whether the loop still turns. It says nothing on SQS or the database: replacing the task would not mend those,
 * the alarms on the queue tell of them.
 */
export class Health {
  #last;
  #now;
  #staleMilliseconds;

  /** @param {{now?: () => number, staleMilliseconds: number}} options */
  constructor({ now = Date.now, staleMilliseconds }) {
    this.#now = now;
    this.#staleMilliseconds = staleMilliseconds;
    this.#last = now();
  }

  /** The loop has come round. */
  beat() {
    this.#last = this.#now();
  }

  /** @returns {{healthy: boolean, silentMilliseconds: number}} */
  read() {
    const silentMilliseconds = this.#now() - this.#last;
    return { healthy: silentMilliseconds <= this.#staleMilliseconds, silentMilliseconds };
  }
}

/**
 * Serves the health on loopback only; the container health check is its one reader.
 * @returns {Promise<http.Server>} listening
 */
export async function serveHealth(health, port) {
  const server = http.createServer((_request, response) => {
    const state = health.read();
    response.writeHead(state.healthy ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(state));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** Asks the running worker; no answer counts as unhealthy. */
export async function askHealth({ port, timeoutMilliseconds = 3000 }) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    return response.ok;
  } catch {
    return false;
  }
}
