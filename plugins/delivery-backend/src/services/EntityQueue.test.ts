import { EntityQueue } from './EntityQueue';

function make(parallel = 2) {
  const timers: { run: () => void; cancelled: boolean }[] = [];
  const started: string[] = [];
  const open = new Map<string, () => void>();
  const queue = new EntityQueue({
    ...{ quietMs: 500, parallel },
    later: (_ms, run) => {
      const timer = { run, cancelled: false };
      timers.push(timer);
      return {
        cancel: () => {
          timer.cancelled = true;
        },
      };
    },
    work: ref => {
      started.push(ref);
      return new Promise(resolve => open.set(ref, resolve));
    },
  });
  const fire = () => {
    const due = timers.splice(0).filter(timer => !timer.cancelled);
    due.forEach(timer => timer.run());
  };
  const end = async (ref: string) => {
    open.get(ref)?.();
    await new Promise(process.nextTick);
  };
  return { queue, timers, started, fire, end };
}

describe('EntityQueue', () => {
  it('works once on what happens to one service within the quiet time', () => {
    const { queue, timers, started, fire } = make();
    queue.add(['a']);
    queue.add(['a', 'a']);
    expect([timers.length, started]).toEqual([1, []]);
    fire();
    expect(started).toEqual(['a']);
  });

  it('works on a few at once, and again on one that changed meanwhile', async () => {
    const { queue, started, end } = make();
    queue.now(['a', 'b', 'c']);
    expect(started).toEqual(['a', 'b']);
    queue.now(['a']);
    await end('b');
    // Never twice on the same at the same time.
    expect(started).toEqual(['a', 'b', 'c']);
    await end('a');
    expect(started).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not wait for the quiet time when somebody waits', () => {
    const { queue, timers, started, fire } = make();
    queue.add(['a']);
    queue.now(['a']);
    expect(timers[0].cancelled).toBe(true);
    fire();
    expect(started).toEqual(['a']);
  });

  it('ends after what is under way, and takes nothing more', async () => {
    const { queue, timers, started, end } = make(1);
    queue.now(['a', 'b']);
    queue.add(['c']);
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    queue.now(['d']);
    expect([closed, timers[0].cancelled]).toEqual([false, true]);
    await end('a');
    await closing;
    expect(started).toEqual(['a']);
  });
});
