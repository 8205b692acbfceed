/** Runs something after a while; the timer keeps no process alive. */
export function laterByTimer(ms: number, run: () => void): { cancel(): void } {
  const timer = setTimeout(run, ms);
  timer.unref();
  return { cancel: () => clearTimeout(timer) };
}
