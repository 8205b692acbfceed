import { useSyncExternalStore } from 'react';

// One clock for all, so that everything on the page ticks together; it stands still while nobody looks.
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  now = Date.now();
  listeners.forEach(listener => listener());
}

function run() {
  if (document.hidden || listeners.size === 0) {
    if (timer !== undefined) clearInterval(timer);
    timer = undefined;
    return;
  }
  if (timer !== undefined) return;
  timer = setInterval(tick, 1000);
}

function onVisibility() {
  run();
  if (!document.hidden) tick();
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    document.addEventListener('visibilitychange', onVisibility);
  }
  listeners.add(listener);
  run();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      document.removeEventListener('visibilitychange', onVisibility);
    }
    run();
  };
}

function read() {
  // Nobody kept the clock going: what it says is old. Not finer than its tick, as React reads twice and wants the same answer.
  if (listeners.size === 0 && Math.abs(Date.now() - now) >= 1000) {
    now = Date.now();
  }
  return now;
}

/** The present moment, once a second. Use it in leaves: whoever calls it renders every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}
