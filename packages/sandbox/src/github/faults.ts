import { Clock } from '../state';

export const FAULT_KINDS = [
  'latency',
  'errors',
  'after-errors',
  'sso',
  'rate-limit',
  'secondary-limit',
  'webhooks-drop',
  'webhooks-duplicate',
  'webhooks-late',
  'webhooks-reorder',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultRequest {
  kind: FaultKind;
  /** Ends after it struck this many times. */
  count?: number;
  /** Ends after this many seconds. */
  seconds?: number;
  /** Share of calls or deliveries it strikes, 0 to 1; 1 when absent. */
  rate?: number;
  /** Delay in milliseconds of `latency` and `webhooks-late`. */
  ms?: number;
  /** Answer of `errors` and `after-errors`; 502 when absent. */
  status?: number;
  /** `errors`, `after-errors` and `sso`: only calls whose method and path have this text in them. */
  route?: string;
}

interface ActiveFault extends FaultRequest {
  until?: number;
  left?: number;
}

/** What goes wrong on purpose. Without count and seconds a fault stays until {@link Faults.clear}. */
export class Faults {
  private active: ActiveFault[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  set(request: FaultRequest): void {
    this.active = this.active.filter(
      ({ kind, route }) => kind !== request.kind || route !== request.route,
    );
    this.active.push({
      ...request,
      left: request.count,
      until:
        request.seconds === undefined
          ? undefined
          : this.clock.now() + request.seconds * 1000,
    });
  }

  clear(kind?: FaultKind): void {
    this.active = kind ? this.active.filter(f => f.kind !== kind) : [];
  }

  list(): FaultRequest[] {
    this.forgetEnded();
    return this.active.map(({ until, left, ...request }) => ({
      ...request,
      ...(left === undefined ? {} : { count: left }),
      ...(until === undefined
        ? {}
        : { seconds: Math.ceil((until - this.clock.now()) / 1000) }),
    }));
  }

  /**
   * The fault, when it strikes this time; counts it.
   * @param names - of the call, for faults that are about some routes only: `POST /repos/acme/app/…`
   */
  strike(
    kind: FaultKind,
    names: readonly string[] = [],
  ):
    | (FaultRequest & { /** Epoch milliseconds. */ until?: number })
    | undefined {
    this.forgetEnded();
    const fault = this.active.find(
      candidate =>
        candidate.kind === kind &&
        (candidate.route === undefined ||
          names.some(name => name.includes(candidate.route ?? ''))),
    );
    if (!fault || this.random() >= (fault.rate ?? 1)) return undefined;
    if (fault.left !== undefined) fault.left -= 1;
    return fault;
  }

  private forgetEnded(): void {
    const now = this.clock.now();
    this.active = this.active.filter(
      fault =>
        (fault.left === undefined || fault.left > 0) &&
        (fault.until === undefined || fault.until > now),
    );
  }
}
