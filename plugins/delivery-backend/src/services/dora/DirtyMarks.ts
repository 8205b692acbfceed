import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DoraStore } from '../../database/DoraStore';

/** What it works with. */
export interface DirtyMarksOptions {
  dora: Pick<DoraStore, 'markDirty'>;
  /** Told after the marks are stored, or could not be. */
  onMarked: (entityRefs: string[]) => void;
  logger: LoggerService;
  now: () => number;
}

/** Writes marks of services, many at once while the database is busy, and one for a burst. */
export class DirtyMarks {
  readonly #options: DirtyMarksOptions;
  readonly #open = new Set<string>();
  /** Marked, or about to be, and not begun since. */
  readonly #marked = new Set<string>();
  #writing: Promise<void> | undefined;

  constructor(options: DirtyMarksOptions) {
    this.#options = options;
  }

  add(entityRefs: string[]): void {
    for (const ref of entityRefs) {
      if (this.#marked.has(ref)) continue;
      this.#marked.add(ref);
      this.#open.add(ref);
    }
    if (this.#open.size === 0) return;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** True while a mark of this process waits for the work on it. */
  has(entityRef: string): boolean {
    return this.#marked.has(entityRef);
  }

  /** Facts that arrive from now on need another mark. */
  begun(entityRef: string): void {
    this.#marked.delete(entityRef);
  }

  async idle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    const { dora, logger, now, onMarked } = this.#options;
    while (this.#open.size > 0) {
      const refs = [...this.#open];
      this.#open.clear();
      try {
        await dora.markDirty(
          refs.map(service => ({ service, fromAt: 0 })),
          now(),
        );
      } catch (error) {
        // Only a portal that is stopped before the work is done forgets it, until its next start.
        logger.warn('Services could not be marked for their metrics', {
          ...{ code: 'dora_not_marked', services: refs.length },
          reason: String(error).slice(0, 300),
        });
      }
      onMarked(refs);
    }
  }
}
