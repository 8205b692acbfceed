import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type {
  CommitRange,
  DeliveryProvider,
} from 'backstage-plugin-delivery-node';
import { FakeRuntime } from '../__testUtils__/FakeRuntime';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import {
  binding,
  hint,
  NOON,
  REPO,
  repositoryFact,
  runFact,
} from '../database/DatabaseDeliveryStore/testFacts';
import { environmentBinding } from '../database/DatabaseEnvironmentStore/testRuntime';
import type { ChangeListener } from './ChangeFeed';
import { Comparisons } from './Comparisons';
import { EnvironmentFactsReader } from './EnvironmentFactsReader';
import { EnvironmentKeeper } from './EnvironmentKeeper';
import { ShortShas } from './ShortShas';
import { WantedOnView } from './WantedOnView';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const API = 'component:default/api';
const [OLD, NEW] = ['a', 'b'].map(letter => letter.repeat(40));
const RANGE: CommitRange = {
  status: 'ahead',
  commits: [{ sha: NEW, title: 'Newest', at: NOON }],
  aheadBy: 3,
  behindBy: 0,
};

async function make(overrides: Partial<DeliveryProvider> = {}) {
  const database = await databases.init('SQLITE_3');
  const store = await DatabaseDeliveryStore.create({ database });
  const { environments } = store;
  const logger = mockServices.logger.mock();
  const timers: (() => void)[] = [];
  const listeners: ChangeListener[] = [];
  const told: string[][] = [];
  const vendor = {
    compareCommits: jest.fn(async () => RANGE),
    resolveCommit: jest.fn(async () => OLD),
    listApprovals: jest.fn(async () => [
      {
        ...{ environments: ['production'], state: 'approved' as const },
        user: 'cleo',
      },
    ]),
  };
  const provider: DeliveryProvider = {
    ...{ id: 'github', hosts: ['github.com'] },
    parseEvent: () => ({ kind: 'changes', changes: [] }),
    listChanges: async () => ({ changes: [] }),
    ...vendor,
    ...overrides,
  };
  const common = {
    ...{ store, environments, logger, now: () => NOON + 60_000 },
    providerOf: () => provider,
    facts: new EnvironmentFactsReader({ store, environments }),
    comparisons: new Comparisons({
      ...{ store: environments, providerOf: () => provider },
    }),
  };
  const keeper = new EnvironmentKeeper({
    ...common,
    shortShas: new ShortShas({ ...common, store: environments }),
    feed: {
      listen: listener => listeners.push(listener),
      environments: refs => told.push(refs),
    },
    later: (_ms, run) => {
      timers.push(run);
      return { cancel: () => {} };
    },
  });
  const wanted = new WantedOnView({ ...common, keeper });
  await store.replaceBindings([binding('api')], true);
  await store.apply([hint(repositoryFact())]);

  /** One deployment of a run of its own into an environment. */
  const deploy = async (
    id: number,
    environment: string,
    sha: string,
    states: string[],
  ) => {
    const createdAt = NOON + id * 1_000;
    await store.apply([
      hint(runFact(id, 'completed', 'success', { sha })),
      hint({
        ...{ kind: 'deployment', deploymentKey: `github_com.${id}` },
        ...{ repoKey: REPO, runKey: `github_com.${id}` },
        ...{ environment, sha, ref: 'main', creator: 'dana', createdAt },
      }),
      ...states.map((state, index) =>
        hint({
          ...{ kind: 'deploymentStatus', repoKey: REPO, state },
          statusKey: `github_com.${id * 10 + index}`,
          deploymentKey: `github_com.${id}`,
          createdAt: createdAt + index,
        }),
      ),
    ]);
  };
  const stored = async () =>
    (await environments.environments(API)).map(row => row.environment);
  const fire = async () => {
    timers.splice(0).forEach(run => run());
    await keeper.idle();
  };
  const bind = (
    ...names: (string | [string, Parameters<typeof environmentBinding>[2]])[]
  ) =>
    environments.replaceEnvironments(
      names.map((item, position) => {
        const [name, more] = typeof item === 'string' ? [item, {}] : item;
        return environmentBinding('api', name, { position, ...more });
      }),
      { complete: true },
    );
  return {
    ...{ store, environments, keeper, wanted, vendor, told, timers },
    ...{ listeners, deploy, stored, fire, bind },
  };
}

describe('EnvironmentKeeper', () => {
  it('derives a service once after a burst, and tells only when something is different', async () => {
    const { keeper, listeners, timers, told, stored, bind, deploy, fire } =
      await make();
    await bind('production');
    await deploy(1, 'production', OLD, ['success']);
    const news = { repoKeys: [REPO], runKeys: [], entityRefs: [API] };
    listeners.forEach(listener => listener(news));
    listeners.forEach(listener => listener(news));
    keeper.changed([API]);
    expect(timers).toHaveLength(1);
    await fire();
    expect(await stored()).toMatchObject([
      { name: 'production', basis: 'declared', commit: { sha: OLD } },
    ]);
    expect(told).toEqual([[API]]);
    keeper.now([API]);
    await keeper.idle();
    expect(told).toHaveLength(1);
    // Its own news is no reason to derive again.
    listeners.forEach(listener => listener({ ...news, derived: true }));
    expect(timers).toEqual([]);
  });

  it('shows an environment of the default set only once something was deployed there', async () => {
    const { keeper, stored, bind, deploy } = await make();
    await bind(['qa', { onlyWhenSeen: true }], ['production', {}]);
    keeper.now([API]);
    await keeper.idle();
    expect((await stored()).map(item => item.name)).toEqual(['production']);
    await deploy(1, 'qa', OLD, ['success']);
    keeper.now([API]);
    await keeper.idle();
    expect((await stored()).map(item => item.name)).toEqual([
      ...['qa', 'production'],
    ]);
  });

  it('follows its runtime, and a read that finds the same is no news', async () => {
    const { keeper, environments, stored, told, bind, fire } = await make();
    const runtime = new FakeRuntime();
    const key = runtime.deploy(FakeRuntime.ref('api'), OLD);
    await bind(['production', { runtimeKey: key }]);
    const read = async (at: number) => {
      const { fact } = runtime.services.get(key)!;
      const facts = [
        ...[fact, ...runtime.definitions.values()],
        ...[...runtime.revisions.values(), ...runtime.deployments.values()],
      ];
      await environments.applyRuntime(facts.map(item => ({ at, fact: item })));
      await environments.saveRuntimeReadStates([
        { runtimeKey: key, observedAt: at, moving: false },
      ]);
      await keeper.runtimesChanged([key]);
      await fire();
    };
    await read(NOON);
    expect(await stored()).toMatchObject([
      { basis: 'observed', commit: { sha: OLD }, tasks: { running: 2 } },
    ]);
    await read(NOON + 60_000);
    expect(told).toHaveLength(1);
  });

  it('derives everything in ten rounds', async () => {
    const { keeper, stored, bind } = await make();
    await bind('production');
    for (let round = 0; round < 10; round++) await keeper.rolling();
    expect(await stored()).toHaveLength(1);
  });
});

describe('WantedOnView', () => {
  it('counts the commits between environments by one question, kept for ever', async () => {
    const { keeper, wanted, vendor, stored, bind, deploy } = await make();
    await bind('staging', 'production');
    await deploy(1, 'production', OLD, ['success']);
    await deploy(2, 'staging', NEW, ['success']);
    keeper.now([API]);
    await keeper.idle();
    expect((await stored())[1].behind).toEqual({ environment: 'staging' });
    for (let view = 0; view < 3; view++) {
      wanted.wanted(API);
      await wanted.idle();
      await keeper.idle();
    }
    expect((await stored())[1].behind).toMatchObject({
      ...{ environment: 'staging', commits: 3 },
    });
    expect(vendor.compareCommits).toHaveBeenCalledTimes(1);
  });

  it('asks who approved what runs, once, and only where somebody had to', async () => {
    const { keeper, wanted, vendor, stored, bind, deploy } = await make();
    await bind('staging', 'production');
    await deploy(1, 'staging', OLD, ['success']);
    await deploy(2, 'production', OLD, ['waiting', 'in_progress', 'success']);
    keeper.now([API]);
    await keeper.idle();
    for (let view = 0; view < 3; view++) {
      wanted.wanted(API);
      await wanted.idle();
      await keeper.idle();
    }
    expect(vendor.listApprovals).toHaveBeenCalledTimes(1);
    expect((await stored())[1].deployment?.approvedBy).toEqual(['cleo']);
  });

  it('leaves the vendor alone when its budget is short', async () => {
    const { keeper, wanted, vendor, bind, deploy } = await make({
      budget: () => ({ remaining: 100, limit: 5_000, resetAt: NOON }),
    });
    await bind('staging', 'production');
    await deploy(1, 'production', OLD, ['success']);
    await deploy(2, 'staging', NEW, ['success']);
    keeper.now([API]);
    await keeper.idle();
    wanted.wanted(API);
    await wanted.idle();
    expect(vendor.compareCommits).not.toHaveBeenCalled();
  });
});
