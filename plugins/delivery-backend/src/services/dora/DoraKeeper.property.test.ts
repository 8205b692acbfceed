import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import {
  ALWAYS,
  API,
  DAY,
  type DoraWorld,
  factsOf,
  HOUR,
  makeDoraWorld,
  NOON,
  REPO,
  shaOf,
} from '../../__testUtils__/dora/makeDoraWorld';

jest.setTimeout(300_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const TABLES = [
  ...['dora_deployment_row', 'dora_deployment', 'dora_change_row'],
  ...['dora_change', 'dora_incident', 'dora_excluded', 'dora_service'],
];

type Arrival = (world: DoraWorld) => Promise<unknown>;

/** A history with every kind of trouble, cut into pieces that arrive one by one. */
function arrivals(): Arrival[] {
  const told = [
    { id: 1, sha: shaOf(1), at: NOON },
    {
      id: 2,
      sha: shaOf(2),
      at: NOON + 5 * HOUR,
      job: 'failure',
      states: ['in_progress', 'failure'],
    },
    { id: 2, sha: shaOf(2), at: NOON + 6 * HOUR, attempt: 2 },
    {
      id: 3,
      sha: shaOf(3),
      at: NOON + DAY,
      job: 'failure',
      environment: '',
      states: [],
    },
    { id: 4, sha: shaOf(1), at: NOON + DAY + HOUR },
    { id: 5, sha: shaOf(5), at: NOON + 2 * DAY },
  ];
  const commit = (sha: string, parents: string[]) => ({
    ...{ sha, parents, author: 'dana', message: `Change ${sha.slice(0, 2)}` },
    ...{ authoredAt: NOON - DAY, committedAt: NOON - HOUR },
  });
  const span = (base: number, head: number, shas: number[]) => ({
    ...{ repoKey: REPO, base: shaOf(base), head: shaOf(head) },
    ...{ status: 'ahead' as const, shas: shas.map(shaOf), complete: true },
  });
  const pull = (number: number, mergeSha: string, updatedAt: number) => ({
    ...{ number, mergeSha, title: `Pull ${number} of ${updatedAt}` },
    ...{ isBot: false, base: 'main', branch: 'feature', labels: [] },
    ...{ openedAt: NOON - DAY, mergedAt: NOON + HOUR, updatedAt },
  });
  const incident = (number: number, updatedAt: number, closedAt?: number) => ({
    ...{ number, title: 'Down', labels: ['incident'], isIncident: true },
    ...{ openedAt: NOON + 2 * DAY + 2 * HOUR, closedAt, updatedAt },
  });
  return [
    ...told.flatMap(factsOf).map(
      (change): Arrival =>
        ({ store }) =>
          store.apply([change]),
    ),
    ({ changes }) => changes.saveSpan(span(1, 2, [20, 2])),
    ({ changes }) => changes.saveSpan(span(2, 5, [5])),
    ({ changes }) =>
      changes.saveCommits(REPO, [
        commit(shaOf(20), [shaOf(1)]),
        commit(shaOf(2), [shaOf(20)]),
      ]),
    ({ changes }) => changes.saveCommits(REPO, [commit(shaOf(5), [shaOf(2)])]),
    ({ changes }) =>
      changes.savePullRequests(REPO, [pull(7, shaOf(2), NOON + HOUR)]),
    ({ changes }) =>
      changes.savePullRequests(REPO, [pull(7, shaOf(2), NOON + DAY)]),
    ({ changes }) => changes.saveIncidents(REPO, [incident(1, NOON + 2 * DAY)]),
    ({ changes }) =>
      changes.saveIncidents(REPO, [
        incident(1, NOON + 4 * DAY, NOON + 3 * DAY),
      ]),
    ({ dora }) =>
      dora.saveOverride(API, {
        ...{
          deploymentId: 'run:github_com.1@production',
          by: 'user:default/mei',
        },
        ...{ verdict: 'failed', reason: 'Nobody could pay', at: NOON + DAY },
      }),
  ];
}

async function rowsOf({ dora }: DoraWorld) {
  const deployments = await dora.deployments([API], ALWAYS);
  const changes = await dora.changes([API], ALWAYS, { excluded: true });
  const incidents = await dora.incidents([API], ALWAYS);
  const excluded = await dora.excluded([API], ALWAYS);
  return { deployments, changes, incidents, excluded };
}

async function worldOn(database: Awaited<ReturnType<typeof databases.init>>) {
  const world = await makeDoraWorld(database);
  await world.bind();
  return world;
}

describe('Rows made bit by bit', () => {
  it('are those that all facts give at once, in whatever order and however often these came', async () => {
    const all = arrivals();
    const whole = await worldOn(await databases.init('SQLITE_3'));
    for (const arrive of all) await arrive(whole);
    await whole.keeper.now(API);
    const expected = await rowsOf(whole);
    expect(expected.deployments).toHaveLength(5);
    expect(expected.changes.length).toBeGreaterThan(1);
    expect(expected.incidents).toHaveLength(1);
    expect(expected.deployments.map(row => row.deployment.failed)).toContain(
      true,
    );

    const places = fc.integer({ min: 0, max: all.length - 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          all.map((_, index) => index),
          { minLength: all.length },
        ),
        fc.array(places, { maxLength: 10 }),
        fc.infiniteStream(fc.nat(9)),
        async (order, again, dice) => {
          const database = await databases.init('SQLITE_3');
          const world = await worldOn(database);
          for (const index of [...order, ...again]) {
            await all[index](world);
            const [roll] = dice.take(1);
            world.clock.at += 1_000;
            if (roll < 5) {
              world.listeners.forEach(listener =>
                listener({ repoKeys: [REPO], runKeys: [], entityRefs: [API] }),
              );
            }
            if (roll < 2) world.keeper.changesRead(REPO);
            if (roll === 0 || roll === 5) await world.fire();
          }
          world.keeper.changed([API]);
          await world.fire();
          expect(await rowsOf(world)).toEqual(expected);

          for (const table of TABLES) await database(table).delete();
          expect((await rowsOf(world)).deployments).toEqual([]);
          await world.keeper.now(API);
          expect(await rowsOf(world)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });
});
