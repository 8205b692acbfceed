const ANSWER_MS = 60_000;
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** A connection to the inspector of a process on loopback; closed again at once, so that nothing is kept for it. */
async function connect(port) {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [{ webSocketDebuggerUrl }] = await response.json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const waiting = new Map();
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    const one = waiting.get(id);
    if (!one) return;
    waiting.delete(id);
    if (error) one.reject(new Error(error.message));
    else one.resolve(result);
  });
  let last = 0;
  const call = (method, params = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      const timer = setTimeout(
        () => reject(new Error(`${method}: no answer`)),
        ANSWER_MS,
      );
      waiting.set(last, {
        resolve: result => resolve(result, clearTimeout(timer)),
        reject: error => reject(error, clearTimeout(timer)),
      });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return {
    call,
    async evaluate(expression) {
      const { result } = await call('Runtime.evaluate', {
        expression,
        returnByValue: true,
      });
      return result.value;
    },
    close: () => socket.close(),
  };
}

/** Resolves when the event loop had nothing to do for most of two seconds running; false when it still had after `limitMs`. */
async function quiet(evaluate, limitMs) {
  const read = () => evaluate('performance.eventLoopUtilization()');
  const deadline = Date.now() + limitMs;
  let calm = 0;
  for (let before = await read(); calm < 2; ) {
    if (Date.now() > deadline) return false;
    await pause(1000);
    const after = await read();
    const active = after.active - before.active;
    const share = active / (active + after.idle - before.idle);
    calm = share < 0.2 ? calm + 1 : 0;
    before = after;
  }
  return true;
}

/**
 * Memory of a process that listens with `--inspect=127.0.0.1:<port>`, in bytes, after all garbage was collected: the least of three looks,
 * for something may be under way in one of them.
 *
 * @returns {Promise<{heapUsed: number, external: number, rss: number, quiet: boolean}>}
 */
export async function inspectMemory(port, { quietMs = 60_000 } = {}) {
  const { call, evaluate, close } = await connect(port);
  try {
    const calm = await quiet(evaluate, quietMs);
    const looks = [];
    for (let look = 0; look < 3; look += 1) {
      if (look > 0) await pause(1000);
      // The second one finds what finalizers of the first let go.
      await call('HeapProfiler.collectGarbage');
      await call('HeapProfiler.collectGarbage');
      looks.push(await evaluate('({ ...process.memoryUsage() })'));
    }
    const least = name => Math.min(...looks.map(look => look[name]));
    return {
      heapUsed: least('heapUsed'),
      external: least('external'),
      rss: least('rss'),
      quiet: calm,
    };
  } finally {
    close();
  }
}
