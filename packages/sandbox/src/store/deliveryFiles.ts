import { appendFile, mkdir, open, readdir, rm, stat } from 'fs/promises';
import { join } from 'path';

/** What was sent and what came back. */
export interface StoredDelivery {
  requestHeaders: Record<string, string>;
  /** The JSON text, exactly as signed. */
  payload: string;
  responseHeaders: Record<string, string> | null;
  responsePayload: string | null;
}

const DAY = 24 * 3600_000;

/** Bodies of deliveries: one file of JSON lines for each day, so that a snapshot need not hold them. */
export class DeliveryFiles {
  private readonly memory: string[] = [];

  constructor(
    /** `undefined`: memory only. */
    private readonly folder: string | undefined,
  ) {}

  /** @returns where it lies, for {@link read} */
  async append(
    at: number,
    delivery: StoredDelivery,
  ): Promise<{ file: string; offset: number; length: number }> {
    const line = `${JSON.stringify(delivery)}\n`;
    if (!this.folder) {
      this.memory.push(line);
      return { file: '', offset: this.memory.length - 1, length: line.length };
    }
    await mkdir(this.folder, { recursive: true });
    const file = `${new Date(at).toISOString().slice(0, 10)}.jsonl`;
    const path = join(this.folder, file);
    const offset = await stat(path).then(
      found => found.size,
      () => 0,
    );
    await appendFile(path, line);
    return { file, offset, length: Buffer.byteLength(line) };
  }

  async read(where: {
    file: string;
    offset: number;
    length: number;
  }): Promise<StoredDelivery | undefined> {
    if (!this.folder) {
      const line = this.memory[where.offset];
      return line === undefined ? undefined : JSON.parse(line);
    }
    const handle = await open(join(this.folder, where.file), 'r').catch(
      () => undefined,
    );
    if (!handle) return undefined;
    try {
      const bytes = Buffer.alloc(where.length);
      await handle.read(bytes, 0, where.length, where.offset);
      return JSON.parse(bytes.toString('utf8'));
    } finally {
      await handle.close();
    }
  }

  /** Removes the files of days that ended before `now - keepMs`. */
  async forget(now: number, keepMs: number): Promise<void> {
    if (!this.folder) return;
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) {
      const day = Date.parse(name.slice(0, 10));
      if (day + DAY < now - keepMs) {
        await rm(join(this.folder, name), { force: true });
      }
    }
  }
}
