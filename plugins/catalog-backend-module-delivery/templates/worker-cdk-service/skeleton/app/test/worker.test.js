import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from '../src/worker.js';

/** A queue that gives each of `batches` once, then tells the worker to stop. */
const scene = ({ batches, process = async id => ({ id }) }) => {
  const stop = new AbortController();
  const seen = { removed: [], released: [], processed: [], pauses: [], logged: [], beats: 0 };
  const rest = [...batches];
  const queue = {
    receive: async () => {
      const next = rest.shift();
      if (next === undefined) {
        stop.abort();
        throw stop.signal.reason;
      }
      if (next instanceof Error) throw next;
      return next.map(body => ({ id: body, body, receipt: `r-${body}`, deliveries: 1 }));
    },
    remove: async receipt => void seen.removed.push(receipt),
    release: async receipt => void seen.released.push(receipt),
  };
  const worker = new Worker({
    queue,
    process: async body => {
      seen.processed.push(body);
      return process(body, stop);
    },
    health: { beat: () => (seen.beats += 1) },
    log: (level, text, fields) => seen.logged.push({ level, text, fields }),
    pause: async milliseconds => void seen.pauses.push(milliseconds),
  });
  return { seen, queue, run: () => worker.run(stop.signal) };
};

test('messages that were processed are removed', async () => {
  const { seen, run } = scene({ batches: [['a'], [], ['b']] });
  await run();
  assert.deepEqual(seen.removed, ['r-a', 'r-b']);
  assert.ok(seen.beats >= 4);
});

test('a message that fails stays in the queue, the next one is taken', async () => {
  const process = async body => {
    if (body === 'bad') throw new Error('no such item');
    return { id: body };
  };
  const { seen, run } = scene({ batches: [['bad'], ['good']], process });
  await run();
  assert.deepEqual(seen.removed, ['r-good']);
  assert.equal(seen.logged.find(({ level }) => level === 'error').fields.error, 'no such item');
});

test('told to stop, it finishes the message in hand and gives back the others', async () => {
  const process = async (body, stop) => {
    stop.abort();
    return { id: body };
  };
  const { seen, run } = scene({ batches: [['in hand', 'other'], ['never']], process });
  await run();
  assert.deepEqual(seen.processed, ['in hand']);
  assert.deepEqual(seen.removed, ['r-in hand']);
  assert.deepEqual(seen.released, ['r-other']);
});

test('a queue that cannot be read is asked again, each time later, at most half a minute', async () => {
  const broken = Array.from({ length: 7 }, () => new Error('throttled'));
  const { seen, run } = scene({ batches: [...broken, ['a'], new Error('again')] });
  await run();
  assert.deepEqual(seen.pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 1000]);
  assert.deepEqual(seen.removed, ['r-a']);
});

test('a message that cannot be removed does not stop the worker', async () => {
  const { seen, queue, run } = scene({ batches: [['a'], ['b']] });
  queue.remove = async receipt => {
    if (receipt === 'r-a') throw new Error('expired');
    seen.removed.push(receipt);
  };
  await run();
  assert.deepEqual(seen.removed, ['r-b']);
  assert.equal(seen.logged.filter(({ level }) => level === 'error').length, 1);
});
