import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';

const HOUR_MS = 60 * 60_000;
const EVERY_MS = HOUR_MS / 12;
/** Longer than any vendor keeps what failed. */
const REMEMBER_MS = 8 * 24 * HOUR_MS;

/** Asks vendors to hand over again what they could not: they never try by themselves. */
export class Redelivery {
  private ranAt = -Infinity;
  private readonly tried = new Map<string, number>();

  constructor(
    private readonly options: {
      providers: DeliveryProvider[];
      logger: LoggerService;
      clock: () => number;
    },
  ) {}

  /** Does nothing when it did its work less than five minutes ago. */
  async run(signal: AbortSignal): Promise<void> {
    const now = this.options.clock();
    if (now - this.ranAt < EVERY_MS) return;
    this.ranAt = now;
    for (const provider of this.options.providers) {
      try {
        await this.ask(provider, now, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.options.logger.warn(
          `Failed deliveries could not be asked for: ${
            isError(error) ? error.message : String(error)
          }`,
        );
      }
    }
    for (const [guid, at] of this.tried) {
      if (now - at > REMEMBER_MS) this.tried.delete(guid);
    }
  }

  private async ask(
    provider: DeliveryProvider,
    now: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (!provider.redeliver) return;
    const failed = (await provider.listFailedDeliveries?.(signal)) ?? [];
    for (const delivery of failed) {
      // What fails again would fail for ever; the sweep brings its facts.
      if (signal.aborted || this.tried.has(delivery.guid)) continue;
      this.tried.set(delivery.guid, now);
      await provider.redeliver(delivery, signal);
    }
  }
}
