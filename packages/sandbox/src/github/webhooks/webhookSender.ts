import { randomUUID } from 'crypto';
import { DeliveryFiles, StoredDelivery } from '../../store/deliveryFiles';
import { DeliveryRecord } from '../../store/records';
import { SandboxStore } from '../../store/sandboxStore';
import { Faults } from '../faults';
import { GitHubApp } from '../gitHubApp';
import { signatureOf } from '../tokens';

/** One webhook to send. */
export interface Outgoing {
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  payload: object;
}

interface Queued {
  guid: string;
  redelivery: boolean;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  body: string;
}

/** Deliveries are listed and can be sent again this long. */
export const KEEP_DELIVERIES_MS = 3 * 24 * 3600_000;
/** The receiver must answer within this time. */
const TIMEOUT_MS = 10_000;

/**
 * Sends webhooks, one after the other, never on the path of the request that caused them. Like GitHub it tries
 * once: what fails is in the log and stays there until somebody asks for a redelivery.
 */
export class WebhookSender {
  private readonly queue: Queued[] = [];
  private readonly held: Queued[] = [];
  private running: Promise<void> | undefined;
  private closed = false;
  private lastForgotten = 0;

  constructor(
    private readonly store: SandboxStore,
    private readonly faults: Faults,
    private readonly app: GitHubApp,
    private readonly files: DeliveryFiles,
    readonly url: string,
    private readonly secret: string,
  ) {}

  /** Deliveries not sent yet. */
  get waiting(): number {
    return this.queue.length + this.held.length + (this.running ? 1 : 0);
  }

  /** Puts a webhook in the queue; faults may lose, double, delay or reorder it. */
  send(outgoing: Outgoing): void {
    const { payload, ...rest } = outgoing;
    const item: Queued = {
      ...rest,
      guid: randomUUID(),
      redelivery: false,
      body: JSON.stringify(payload),
    };
    if (this.faults.strike('webhooks-drop')) {
      void this.log(item, {
        statusCode: 0,
        status: 'failed to connect to host',
        seconds: 0,
        responseHeaders: null,
        responsePayload: null,
      });
      return;
    }
    const late = this.faults.strike('webhooks-late');
    if (late) {
      this.store.clock.after(late.ms ?? 30_000, () => this.enqueue(item));
      return;
    }
    if (this.faults.strike('webhooks-reorder')) {
      // waits until the next one went out, so that two neighbours change places
      this.held.push(item);
      this.store.clock.after(5000, () => this.releaseHeld());
      return;
    }
    this.enqueue(item);
    if (this.faults.strike('webhooks-duplicate')) this.enqueue(item);
    this.releaseHeld();
  }

  /** Sends a logged delivery again, with the same guid and body. @returns false when its body is gone */
  async redeliver(record: DeliveryRecord): Promise<boolean> {
    const stored = await this.read(record);
    if (!stored) return false;
    const { guid, event, action, installationId, repositoryId } = record;
    this.enqueue({
      guid,
      event,
      action,
      installationId,
      repositoryId,
      redelivery: true,
      body: stored.payload,
    });
    return true;
  }

  newestFirst(): DeliveryRecord[] {
    const since = this.store.clock.now() - KEEP_DELIVERIES_MS;
    return this.store.deliveries.filter(d => d.deliveredAt >= since).reverse();
  }

  find(id: number): DeliveryRecord | undefined {
    return this.newestFirst().find(delivery => delivery.id === id);
  }

  async read(record: DeliveryRecord): Promise<StoredDelivery | undefined> {
    return record.stored ? this.files.read(record.stored) : undefined;
  }

  /** Resolves when nothing is left to send (held and late ones apart). */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.queue.splice(0);
    await this.idle();
  }

  private releaseHeld(): void {
    this.held.splice(0).forEach(item => this.enqueue(item));
  }

  private enqueue(item: Queued): void {
    if (this.closed) return;
    this.queue.push(item);
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    for (let item = this.queue.shift(); item; item = this.queue.shift()) {
      await this.deliver(item);
    }
  }

  private async deliver(item: Queued): Promise<void> {
    const started = process.hrtime.bigint();
    const seconds = () => Number(process.hrtime.bigint() - started) / 1e9;
    const headers = this.headers(item);
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers,
        body: item.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      await this.log(item, {
        statusCode: response.status,
        status: response.ok
          ? 'OK'
          : response.statusText || 'Invalid HTTP Response',
        seconds: seconds(),
        responseHeaders: Object.fromEntries(response.headers),
        responsePayload: text.slice(0, 10_000),
      });
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError';
      await this.log(item, {
        statusCode: late ? 504 : 502,
        status: late ? 'timed out' : 'failed to connect to host',
        seconds: seconds(),
        responseHeaders: null,
        responsePayload: null,
      });
    }
  }

  private headers(item: Queued): Record<string, string> {
    return {
      'Content-Type': 'application/json',
      Accept: '*/*',
      'User-Agent': 'GitHub-Hookshot/sandbox',
      'X-GitHub-Event': item.event,
      'X-GitHub-Delivery': item.guid,
      'X-GitHub-Hook-ID': String(this.app.hookId),
      'X-GitHub-Hook-Installation-Target-Type': 'integration',
      'X-GitHub-Hook-Installation-Target-ID': String(this.app.id),
      'X-Hub-Signature-256': signatureOf(this.secret, item.body),
    };
  }

  private async log(
    item: Queued,
    result: {
      statusCode: number;
      status: string;
      seconds: number;
      responseHeaders: Record<string, string> | null;
      responsePayload: string | null;
    },
  ): Promise<void> {
    const now = this.store.clock.now();
    const record: DeliveryRecord = {
      id: this.store.nextId(),
      guid: item.guid,
      event: item.event,
      action: item.action,
      deliveredAt: now,
      redelivery: item.redelivery,
      duration: Math.round(result.seconds * 100) / 100,
      status: result.status,
      statusCode: result.statusCode,
      installationId: item.installationId,
      repositoryId: item.repositoryId,
      stored: null,
    };
    this.store.deliveries.push(record);
    record.stored = await this.files.append(now, {
      requestHeaders: this.headers(item),
      payload: item.body,
      responseHeaders: result.responseHeaders,
      responsePayload: result.responsePayload,
    });
    await this.forgetOld(now);
    this.store.changed();
  }

  private async forgetOld(now: number): Promise<void> {
    if (now - this.lastForgotten < 3600_000) return;
    this.lastForgotten = now;
    const { deliveries } = this.store;
    const old = deliveries.findIndex(
      d => d.deliveredAt >= now - KEEP_DELIVERIES_MS,
    );
    if (old > 0) deliveries.splice(0, old);
    await this.files.forget(now, KEEP_DELIVERIES_MS);
  }
}
