import type { ClusterScope } from 'backstage-plugin-delivery-common';
import type { RawEvent } from '../DeliveryProvider';
import type { RuntimeCall, RuntimeProvider } from '../RuntimeProvider';

/**
 * How the vendor behaves that a provider under test is given.
 * - `answers`: it knows every service that is asked for, steady, with its tags
 * - `hangs`: it takes calls and never answers
 * - `future`: it answers like `answers`, in status words nobody has heard of (`unknownWords`)
 * @public
 */
export type RuntimeVendor = 'answers' | 'hangs' | 'future';

/**
 * What {@link runtimeProviderContractTests} needs.
 * @public
 */
export interface RuntimeProviderContractFixtures {
  /** Recorded events that the provider understands. */
  events: RawEvent[];
  /** An event with a value of the wrong type. */
  malformed: RawEvent;
  cluster: ClusterScope;
  /** Services that one call may ask for. */
  servicesPerCall: number;
  /** The words of the vendor `future`; facts must keep them. */
  unknownWords: string[];
  /** The test framework's own; passed in so that this package needs none. */
  framework: {
    describe(name: string, body: () => void): void;
    it(name: string, body: () => Promise<void>): void;
  };
}

/**
 * Makes a provider of a vendor that behaves like that; `onCall` hears of every call.
 * @public
 */
export type MakeRuntimeProvider = (options: {
  vendor: RuntimeVendor;
  onCall(call: RuntimeCall): void;
}) => RuntimeProvider;

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `service-${i}`);
}

/**
 * Checks that hold for every source of what runs where: parsing events is pure, without network, and refuses what is malformed; reading
 * asks no more often than the vendor's batches need, gives the same facts in whatever order they are asked for, keeps words it does not
 * know without taking them for success, and stops when it is told to.
 *
 * @example
 * ```ts
 * runtimeProviderContractTests(make, { events, malformed, cluster, servicesPerCall: 10, unknownWords, framework: { describe, it } });
 * ```
 * @public
 */
export function runtimeProviderContractTests(
  make: MakeRuntimeProvider,
  fixtures: RuntimeProviderContractFixtures,
): void {
  const { cluster, framework } = fixtures;
  const { describe, it } = framework;

  /** A provider with the calls it made. */
  function create(vendor: RuntimeVendor = 'answers') {
    const calls: RuntimeCall[] = [];
    return {
      calls,
      provider: make({ vendor, onCall: call => calls.push(call) }),
    };
  }
  const never = () => new AbortController().signal;

  describe('contract of a runtime provider', () => {
    it('has recorded events to be tested with', async () => {
      const { provider } = create();
      assert(/^[a-z0-9_-]+$/.test(provider.id), 'The id is no key part.');
      const hints = fixtures.events.flatMap(e => provider.parseEvent(e));
      assert(hints.length > 0, 'No recorded event gives a hint.');
      for (const { accountId, region, cluster: of, service } of hints) {
        assert(Boolean(accountId && region), 'A hint says no place.');
        assert(!service || Boolean(of), 'A service is of a cluster.');
      }
    });

    it('gives the same hints every time, without the network, and leaves the event as it was', async () => {
      for (const event of fixtures.events) {
        const input = frozen(structuredClone(event));
        const first = JSON.stringify(create().provider.parseEvent(input));
        const { provider, calls } = create('hangs');
        fixtures.events.forEach(other => provider.parseEvent(other));
        const later = JSON.stringify(provider.parseEvent(input));
        const at = { ...input, receivedAt: input.receivedAt + 86_400_000 };
        const tomorrow = JSON.stringify(provider.parseEvent(at));
        assert(first === later, `Parsing ${event.name} is not pure.`);
        assert(first === tomorrow, `Parsing ${event.name} knows the time.`);
        assert(calls.length === 0, `Parsing ${event.name} called the vendor.`);
      }
    });

    it('refuses what is malformed with an InputError', async () => {
      for (const event of [
        fixtures.malformed,
        { ...fixtures.malformed, payload: null },
        { ...fixtures.malformed, payload: 'text' },
      ]) {
        let name = '';
        try {
          create().provider.parseEvent(event);
        } catch (error) {
          name = (error as Error).name;
        }
        assert(name === 'InputError', `Malformed body: ${name || 'accepted'}.`);
      }
    });

    it('asks no more often than its batches need', async () => {
      const size = fixtures.servicesPerCall;
      for (const count of [0, 1, size, size + 1, 200 * size]) {
        const { provider, calls } = create();
        const names = namesOf(count);
        const reads = await provider.readServices(cluster, names, never());
        const needed = Math.ceil(count / size);
        assert(
          calls.length === needed,
          `${count} services: ${calls.length} calls instead of ${needed}.`,
        );
        assert(
          reads.length === count && reads.every(read => 'fact' in read),
          `${count} services: not all were read.`,
        );
      }
    });

    it('gives the same facts in whatever order services are asked for', async () => {
      const names = namesOf(2 * fixtures.servicesPerCall + 3);
      const read = async (asked: string[]) => {
        const { provider } = create();
        const reads = await provider.readServices(cluster, asked, never());
        return JSON.stringify(
          [...reads].sort((a, b) => (a.service < b.service ? -1 : 1)),
        );
      };
      const [forth, back, again] = await Promise.all([
        read(names),
        read([...names].reverse()),
        read([...names, ...names]),
      ]);
      assert(forth === back, 'The order of the services changes their facts.');
      assert(forth === again, 'A service asked for twice is told twice.');
    });

    it('keeps words it does not know, and takes none for success', async () => {
      const { provider } = create('future');
      const reads = await provider.readServices(cluster, ['one'], never());
      const text = JSON.stringify(reads);
      for (const word of fixtures.unknownWords) {
        assert(
          text.includes(JSON.stringify(word)),
          `The word ${word} is lost.`,
        );
      }
      const [read] = reads;
      assert(
        'fact' in read && read.fact.status === 'unknown',
        'An unknown word reads as unknown.',
      );
    });

    it('stops reading when it is told to', async () => {
      const { provider } = create('hangs');
      const reads: ((signal: AbortSignal) => Promise<unknown>)[] = [
        signal => provider.readServices(cluster, ['one'], signal),
        signal => provider.listServices(cluster, signal),
        signal => provider.readTasks(cluster, signal),
        signal => provider.readAlarms(cluster, ['one'], signal),
        signal =>
          provider.listDeployments(
            { ...cluster, provider: provider.id, service: 'one' },
            0,
            signal,
          ),
        signal => provider.readDeployments(cluster, ['one'], signal),
        signal => provider.readRevisions(cluster, ['one'], signal),
        signal => provider.readTaskDefinition(cluster, 'one', signal),
      ];
      for (const read of reads) {
        const aborting = new AbortController();
        const reason = new Error('enough');
        const reading = read(aborting.signal).then(
          () => 'answered',
          error => error,
        );
        aborting.abort(reason);
        const outcome = await reading;
        assert(outcome === reason, `Not stopped: ${read} ${String(outcome)}`);
      }
    });
  });
}
