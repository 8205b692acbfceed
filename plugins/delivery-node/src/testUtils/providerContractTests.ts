import type { Change } from 'backstage-plugin-delivery-common';
import type { DeliveryProvider, RawEvent } from '../DeliveryProvider';

/**
 * What {@link providerContractTests} needs.
 * @public
 */
export interface ProviderContractFixtures {
  /** Makes the provider; `fetch` is the only way out it may use. */
  createProvider(options: { fetch: typeof fetch }): DeliveryProvider;
  /** Recorded deliveries that the provider understands. */
  events: RawEvent[];
  /** A delivery whose status words nobody has heard of, made from a recorded one; its facts must keep these words. */
  unknownWords: { event: RawEvent; words: string[] };
  /** A delivery with a value of the wrong type. */
  malformed: RawEvent;
  /** The test framework's own; passed in so that this package needs none. */
  framework: {
    describe(name: string, body: () => void): void;
    it(name: string, body: () => Promise<void>): void;
  };
}

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

function changesOf(provider: DeliveryProvider, event: RawEvent): Change[] {
  const parsed = provider.parseEvent(event);
  return parsed.kind === 'changes' ? parsed.changes : [];
}

/**
 * Checks that hold for every provider: parsing is pure, tells repositories with their facts, keeps words it does not know and refuses
 * what is malformed; reading stops when it is told to.
 *
 * @example
 * ```ts
 * providerContractTests({ createProvider, events, unknownWords, malformed, framework: { describe, it } });
 * ```
 * @public
 */
export function providerContractTests(
  fixtures: ProviderContractFixtures,
): void {
  const { describe, it } = fixtures.framework;
  const noNetwork: typeof fetch = async () => {
    throw new Error('The network was used where it may not be.');
  };
  const create = (fetchApi = noNetwork) =>
    fixtures.createProvider({ fetch: fetchApi });

  describe('contract of a delivery provider', () => {
    it('has recorded deliveries to be tested with', async () => {
      const provider = create();
      assert(provider.id.length > 0, 'The provider has no id.');
      assert(provider.hosts.length > 0, 'The provider reads no host.');
      const told = fixtures.events.flatMap(e => changesOf(provider, e));
      assert(told.length > 0, 'No recorded delivery tells a fact.');
    });

    it('gives the same facts every time, and leaves the delivery as it was', async () => {
      for (const event of fixtures.events) {
        const input = frozen(structuredClone(event));
        const first = JSON.stringify(create().parseEvent(input));
        const provider = create();
        fixtures.events.forEach(other => provider.parseEvent(other));
        const later = JSON.stringify(provider.parseEvent(input));
        assert(first === later, `Parsing ${event.name} is not pure.`);
      }
    });

    it('tells the repository of its facts, and when it was observed', async () => {
      const provider = create();
      for (const event of fixtures.events) {
        const changes = changesOf(provider, event);
        const repositories = new Set(
          changes.flatMap(({ fact }) =>
            fact.kind === 'repository' ? fact.repoKey : [],
          ),
        );
        for (const { fact, observed } of changes) {
          assert(
            repositories.has(fact.repoKey),
            `${event.name}: a ${fact.kind} is of a repository that is not told.`,
          );
          assert(
            observed.source === 'webhook' && observed.at === event.receivedAt,
            `${event.name}: a delivery is observed when it arrives.`,
          );
        }
      }
    });

    it('keeps words it does not know', async () => {
      const { event, words } = fixtures.unknownWords;
      const text = JSON.stringify(changesOf(create(), event));
      for (const word of words) {
        assert(
          text.includes(JSON.stringify(word)),
          `The word ${word} is lost.`,
        );
      }
      assert(text.includes('"unknown"'), 'An unknown word reads as unknown.');
    });

    it('ignores events it does not know', async () => {
      const event = { ...fixtures.events[0], name: 'event_of_the_future' };
      assert(
        create().parseEvent(event).kind === 'ignored',
        'An unknown event must be ignored.',
      );
    });

    it('refuses what is malformed with an InputError', async () => {
      for (const event of [
        fixtures.malformed,
        { ...fixtures.malformed, payload: null },
        { ...fixtures.malformed, payload: 'text' },
      ]) {
        let name = '';
        try {
          create().parseEvent(event);
        } catch (error) {
          name = (error as Error).name;
        }
        assert(name === 'InputError', `Malformed body: ${name || 'accepted'}.`);
      }
    });

    it('stops reading when it is told to', async () => {
      const hanging: typeof fetch = (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.throwIfAborted();
          init?.signal?.addEventListener('abort', () =>
            reject(init.signal?.reason),
          );
        });
      const provider = create(hanging);
      const aborting = new AbortController();
      const reading = provider.listChanges({
        scope: { host: provider.hosts[0], slug: 'acme/vaultex' },
        mode: 'sweep',
        since: 0,
        limit: 100,
        signal: aborting.signal,
      });
      const reason = new Error('enough');
      aborting.abort(reason);
      const outcome = await reading.then(
        () => 'answered',
        error => error,
      );
      assert(outcome === reason, `Not stopped: ${String(outcome)}`);
    });
  });
}
