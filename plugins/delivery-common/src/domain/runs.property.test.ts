import * as fc from 'fast-check';
import type { Change } from '../model';
import { canonical } from './canonical';
import { mergeRun } from './runs';
import type { RunState } from './runState';
import { Random } from './testUtils/Random';
import { hint, jobFact, runFact } from './testUtils/facts';
import { simulateVendor, sweep } from './testUtils/simulateVendor';
import { viewOfState, viewOfTruth } from './testUtils/visibleTruth';

function applyAll(batches: Change[][], from?: RunState): RunState | undefined {
  return batches.reduce<RunState | undefined>(
    (state, batch) => mergeRun(state, batch).state,
    from,
  );
}

function oneByOne(changes: Change[]): Change[][] {
  return changes.map(change => [change]);
}

function inBatches(random: Random, changes: Change[]): Change[][] {
  const batches: Change[][] = [];
  for (let i = 0; i < changes.length; ) {
    const size = random.int(1, 5);
    batches.push(changes.slice(i, i + size));
    i += size;
  }
  return batches;
}

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map(rest => [
      item,
      ...rest,
    ]),
  );
}

const STATUS_WORDS = [
  'requested',
  'queued',
  'pending',
  'waiting',
  'in_progress',
  'completed',
  'hibernating',
];

const raw = fc.record({
  status: fc.constantFrom(...STATUS_WORDS),
  conclusion: fc.constantFrom(undefined, 'success', 'failure', 'splendid'),
});
const moment = fc.integer({ min: 0, max: 3 });

/** Facts that need not fit together at all: few values, so that everything ties with everything. */
const anyHint = fc.oneof(
  fc
    .record({
      raw,
      attempt: fc.integer({ min: 1, max: 3 }),
      updatedAt: moment,
      startedAt: fc.option(moment, { nil: undefined }),
      triggeringActor: fc.constantFrom(undefined, 'mona', 'hubot'),
      title: fc.constantFrom('a', 'b'),
      at: moment,
    })
    .map(({ raw: words, at, ...part }) => hint(runFact(words, part), at)),
  fc
    .record({
      raw,
      attempt: fc.integer({ min: 1, max: 2 }),
      jobKey: fc.constantFrom('gh.201', 'gh.202'),
      startedAt: fc.option(moment, { nil: undefined }),
      environment: fc.constantFrom(undefined, 'staging', 'production'),
      at: moment,
    })
    .map(({ raw: words, at, ...part }) => hint(jobFact(words, part), at)),
);

describe('mergeRun, whatever happens on the way', () => {
  it('gives one state for all 720 orders of a two-attempt run', () => {
    const events = [
      runFact({ status: 'queued' }, { updatedAt: 1_000 }),
      runFact({ status: 'in_progress' }, { updatedAt: 2_000 }),
      runFact(
        { status: 'completed', conclusion: 'failure' },
        { updatedAt: 3_000 },
      ),
      runFact({ status: 'queued' }, { attempt: 2, updatedAt: 4_000 }),
      runFact({ status: 'in_progress' }, { attempt: 2, updatedAt: 5_000 }),
      runFact(
        { status: 'completed', conclusion: 'success' },
        { attempt: 2, updatedAt: 6_000 },
      ),
    ].map((fact, i) => hint(fact, 10_000 + i));
    const orders = permutations(events);
    const states = new Set(
      orders.map(order => canonical(applyAll(oneByOne(order)))),
    );

    expect(orders).toHaveLength(720);
    expect(states.size).toBe(1);
    expect(applyAll(oneByOne(orders[719]))).toMatchObject({
      run: { attempt: 2, state: { conclusion: 'success' } },
      attempts: [
        { attempt: 1, completedAt: 3_000, state: { conclusion: 'failure' } },
        { attempt: 2, completedAt: 6_000, state: { conclusion: 'success' } },
      ],
    });
  });

  it('gives one state for any order, duplication and batching of any webhooks', () => {
    fc.assert(
      fc.property(
        fc.array(anyHint, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        (changes, seed) => {
          const random = new Random(seed);
          const again = changes.filter(() => random.chance(0.5));
          const disturbed = random.shuffle([...changes, ...again]);
          const expected = canonical(mergeRun(undefined, changes).state);
          expect(canonical(applyAll(oneByOne(disturbed)))).toBe(expected);
          expect(canonical(applyAll(inBatches(random, disturbed)))).toBe(
            expected,
          );
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('is idempotent: told again, nothing changes', () => {
    fc.assert(
      fc.property(
        fc.array(anyHint, { minLength: 1, maxLength: 8 }),
        changes => {
          const { state } = mergeRun(undefined, changes);
          const again = mergeRun(state, changes);
          expect(again.touched).toBe(false);
          expect(again.changed).toBe(false);
          expect(canonical(again.state)).toBe(canonical(state));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('equals the vendor after one sweep in 10,000 histories of loss, duplicates and disorder', () => {
    let open = 0;
    let repaired = 0;
    for (let seed = 0; seed < 10_000; seed++) {
      const random = new Random(seed);
      const sent = simulateVendor(random, 0);
      const truth = sent[sent.length - 1].truth;
      const arrived = sent
        .filter(() => !random.chance(0.25))
        .flatMap(event => (random.chance(0.2) ? [event, event] : [event]))
        .map(event => hint(event.fact, event.at + random.int(0, 20_000)));
      if (random.chance(0.3)) {
        arrived.push(
          hint(
            runFact(
              { status: 'completed', conclusion: 'success' },
              { attempt: 999_999, updatedAt: truth.at * 2 },
            ),
            truth.at,
          ),
        );
      }
      const before = applyAll(inBatches(random, random.shuffle(arrived)));
      const swept = mergeRun(before, sweep(truth, truth.at + 20_001)).state;

      if (viewOfState(swept) !== viewOfTruth(truth)) {
        throw new Error(`History ${seed} did not converge`);
      }
      if (swept?.needsConfirm !== false) {
        throw new Error(`History ${seed} still asks for a confirmation`);
      }
      if (swept.run?.state.status !== 'completed') open++;
      if (viewOfState(before) !== viewOfTruth(truth)) repaired++;
    }
    // The histories are of the kind they are meant to be.
    expect(open).toBeGreaterThan(1_000);
    expect(repaired).toBeGreaterThan(5_000);
  }, 60_000);

  it('never rolls back when a read races with newer webhooks', () => {
    const rolledBack: number[] = [];
    let sure = 0;
    for (let seed = 0; seed < 2_000; seed++) {
      const random = new Random(seed);
      const sent = simulateVendor(random, 1_000);
      const last = sent[sent.length - 1].truth;
      const arrived = sent.map(event =>
        hint(event.fact, event.at + random.int(0, 5_000)),
      );
      // The vendor answers with what it holds somewhere between the start and the end of the read.
      const answered = random.pick(sent);
      const readAt = answered.at - random.int(0, 500);
      const reading = sweep(answered.truth, readAt);
      const order = random.shuffle([
        ...oneByOne(arrived),
        // A batch of its own: the answer of one read is applied at once.
        reading,
      ]);
      const state = applyAll(order);
      if (state?.needsConfirm) continue;
      sure++;
      if (viewOfState(state) !== viewOfTruth(last)) rolledBack.push(seed);
    }
    expect(rolledBack).toEqual([]);
    expect(sure).toBeGreaterThan(1_500);
  });
});
