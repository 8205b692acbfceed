/** Reads under way at the same time. */
const PARALLEL = 5;

/** Works on several at a time; what one throws ends all. */
export async function parallel<T>(
  items: T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item && !signal.aborted; ) {
      await work(item);
      item = queue.shift();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
