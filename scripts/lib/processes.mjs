import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const running = new Set();

/** Starts a program whose output goes to a file; remembered, so that it never outlives this one. */
export function startProcess(name, command, args, { cwd, env, logFile }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const handle = {
    name,
    logFile,
    child,
    exited: undefined,
    done: new Promise(resolve => {
      child.on('exit', (code, signal) => {
        handle.exited = { code, signal };
        running.delete(handle);
        resolve(handle.exited);
      });
    }),
    /** Asks the process to end; insists after `ms`. */
    async stop(ms = 10_000) {
      if (handle.exited) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), ms);
      await handle.done;
      clearTimeout(timer);
    },
  };
  running.add(handle);
  return handle;
}

/** Waits until `url` answers with 2xx, or says why it never will. */
export async function waitFor(
  url,
  handle,
  { timeoutMs = 120_000, stepMs = 100 } = {},
) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (handle.exited) {
      throw new Error(
        `${handle.name} stopped (${JSON.stringify(
          handle.exited,
        )}). Its last words:\n${tail(handle.logFile)}`,
      );
    }
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${handle.name} did not answer on ${url} within ${
          timeoutMs / 1000
        } s. Its last words:\n${tail(handle.logFile)}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, stepMs));
  }
}

export function tail(file, lines = 30) {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-lines).join('\n');
  } catch {
    return '(no output)';
  }
}

export async function stopAll() {
  await Promise.all([...running].map(handle => handle.stop()));
}

/** True once somebody asked this program to end; its children's ends are no news then. */
export const asked = { toEnd: false };

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    asked.toEnd = true;
    stopAll().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  });
}
process.on('exit', () => {
  for (const handle of running) handle.child.kill('SIGKILL');
});
