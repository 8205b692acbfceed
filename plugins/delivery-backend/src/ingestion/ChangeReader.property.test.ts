import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import fc from 'fast-check';
import type { Knex } from 'knex';
import {
  commit,
  NOON,
  pull,
  REPO,
  sha,
} from '../database/DatabaseChangeStore/testChanges';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import type { RepositoryRow } from '../database/rows';
import { BudgetGovernor } from './BudgetGovernor';
import { ChangeReader } from './ChangeReader';
import { TestVendor } from './changes/testVendor';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const HOUR = 60 * 60_000;
const LAST = 8;
const TABLES = [
  ...['pull_request', 'change_commit', 'commit_files', 'commit_span'],
  ...['incident_issue', 'sync_state'],
];
const repository: RepositoryRow = {
  ...{ repoKey: REPO, host: 'github.com', slug: 'acme/vaultex' },
  ...{ url: 'https://github.com/acme/vaultex', deleted: false },
};
const pairOf = (n: number) => ({ base: sha(n - 1), head: sha(n) });
const all = Array.from({ length: LAST }, (_, n) => n + 1);

/** What may happen while changes are read. */
type Step =
  | { kind: 'want'; service: number; upTo: number; files: boolean }
  | { kind: 'tick' }
  | { kind: 'killed'; after: number }
  | { kind: 'restart' }
  | { kind: 'outage'; of: string };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('want' as const),
      service: fc.integer({ min: 0, max: 2 }),
      upTo: fc.integer({ min: 0, max: LAST }),
      files: fc.boolean(),
    }),
    fc.constant<Step>({ kind: 'tick' }),
    fc.record({
      kind: fc.constant('killed' as const),
      after: fc.integer({ min: 1, max: 6 }),
    }),
    fc.constant<Step>({ kind: 'restart' }),
    fc.record({
      kind: fc.constant('outage' as const),
      of: fc.constantFrom('pulls', 'span', 'parts', 'files', 'incidents'),
    }),
  ),
  { maxLength: 12 },
);

describe('whatever happens on the way', () => {
  let db: Knex;
  let store: DatabaseDeliveryStore;

  beforeAll(async () => {
    db = await databases.init('SQLITE_3');
    store = await DatabaseDeliveryStore.create({ database: db });
  });

  /** Does the steps, then what is left, and gives what is stored and what was asked after the last step. */
  async function play(path: Step[]) {
    for (const table of TABLES) await db(table).delete();
    let now = NOON;
    const vendor = new TestVendor();
    vendor.pageSize = 2;
    for (const n of all) {
      vendor.spans.set(`${sha(n - 1)}...${sha(n)}`, [commit(n)]);
    }
    vendor.pulls = all.filter(n => n % 3 !== 0).map(n => pull(n));
    vendor.parts.set(2, { commits: [commit(50)] });
    const make = () =>
      new ChangeReader({
        ...{ store, changes: store.changes, clock: () => now },
        providers: [vendor.provider],
        governor: new BudgetGovernor(() => now),
        labels: { incident: ['incident'] },
        logger: mockServices.logger.mock(),
        mode: 'webhook',
      });
    let reader = make();
    const want = (service: number, upTo: number, files: boolean) =>
      reader.want(repository, `s${service}`, {
        pairs: all.filter(n => n <= upTo).map(pairOf),
        since: NOON,
        files,
      });
    for (const step of path) {
      const stop = new AbortController();
      now += 1000;
      if (step.kind === 'want') want(step.service, step.upTo, step.files);
      if (step.kind === 'restart') reader = make();
      if (step.kind === 'outage') {
        vendor.failures.set(step.of, new ServiceUnavailableError('down'));
      }
      if (step.kind === 'killed') {
        let calls = 0;
        vendor.onCall = () => {
          calls += 1;
          if (calls === step.after) stop.abort();
        };
      }
      if (step.kind !== 'want' && step.kind !== 'restart') {
        await reader.tick(stop.signal);
      }
      vendor.onCall = () => {};
      vendor.failures.clear();
    }
    now += HOUR;
    want(9, LAST, true);
    for (let turns = 0; turns < 20; turns++) {
      await reader.tick(new AbortController().signal);
    }
    vendor.taken();
    await reader.tick(new AbortController().signal);
    const { changes } = store;
    return {
      idle: vendor.taken(),
      pending: reader.pendingOf(REPO),
      spans: await changes.spans(REPO, all.map(pairOf)),
      commits: [...(await changes.commits(REPO, all.map(sha)))],
      pulls: await changes.pullRequests(REPO, { numbers: all }),
    };
  }

  it('the same is known in the end, and then nothing is asked', async () => {
    const straight = await play([]);
    expect(straight).toMatchObject({ idle: [], pending: 0 });
    expect(straight.spans).toHaveLength(LAST);
    expect(straight.pulls.every(({ parts }) => parts?.files)).toBe(true);
    await fc.assert(
      fc.asyncProperty(steps, async path => {
        expect(await play(path)).toEqual(straight);
      }),
      { numRuns: 60 },
    );
  });
});
