import { mockServices } from '@backstage/backend-test-utils';
import type { ConformanceReading } from 'backstage-plugin-delivery-node';
import type {
  StoredConformance,
  StoredReading,
} from '../../database/ConformanceStore';
import { ConformanceReader } from '../../ingestion/ConformanceReader';
import { ConformanceKeeper } from './ConformanceKeeper';
import { ConformanceViews } from './ConformanceViews';

const NOW = Date.UTC(2026, 10, 20);
const API = 'component:default/api';
const REPO = 'gh:1';
const reading: ConformanceReading = {
  ...{ sha: 'a'.repeat(40), called: {}, environments: [] },
  workflows: [
    {
      path: '.github/workflows/ci.yml',
      text: 'on: push\njobs: { a: { steps: [{ uses: x/y@v1 }] } }',
    },
  ],
  catalogInfo: `kind: Component
metadata: { name: api, annotations: { delivery.platform/template: node-ecs-service@1.0.0 } }`,
};
const repository = {
  ...{ repoKey: REPO, host: 'github.com', slug: 'acme/api', deleted: false },
  url: 'https://github.com/acme/api',
};

/** Everything around the parts, in memory. */
function world(read: () => Promise<ConformanceReading> = async () => reading) {
  const readings = new Map<string, StoredReading>();
  const results = new Map<string, StoredConformance>();
  const conformance = {
    due: jest.fn(async () => [REPO]),
    reading: async (repoKey: string) => readings.get(repoKey),
    saveReading: async (
      repoKey: string,
      got: ConformanceReading,
      at: number,
    ) => {
      readings.set(repoKey, { repoKey, reading: got, readAt: at });
    },
    failReading: async (repoKey: string, problem: string) => {
      readings.set(repoKey, { ...readings.get(repoKey), repoKey, problem });
    },
    saveResults: async (_repoKey: string, rows: StoredConformance[]) => {
      rows.forEach(row => results.set(row.entityRef, row));
    },
    results: async (refs?: string[]) =>
      [...results.values()].filter(
        ({ entityRef }) => !refs || refs.includes(entityRef),
      ),
    repoKeys: async () => [...readings.keys()],
  };
  const entities = [API];
  const binding = {
    ...{ entityRef: API, host: 'github.com', slug: 'acme/api' },
    ...{ workflows: [], paths: [] },
  };
  const store = {
    repository: async () => repository,
    repositoryBySlug: async () => repository,
    entitiesOfRepository: async () => entities,
    bindingsOfEntity: async () => [binding],
  };
  const templates = {
    getEntities: async () => ({
      items: [
        {
          metadata: {
            name: 'node',
            annotations: {
              'delivery.platform/template': 'node-ecs-service@1.1.0',
            },
          },
        },
      ],
    }),
  };
  const logger = mockServices.logger.mock();
  const keeper = new ConformanceKeeper({
    ...{ store, conformance, logger, now: () => NOW },
    environments: { environmentsOf: async () => [] },
    catalog: templates as never,
    auth: mockServices.auth(),
  });
  const provider = {
    ...{ id: 'github', hosts: ['github.com'] },
    readConformance: jest.fn(read),
  };
  const allows = jest.fn(() => true);
  const reader = new ConformanceReader({
    ...{ store, conformance, logger, clock: () => NOW },
    providers: [provider as never],
    governor: { allows, pause: () => {} },
    onRead: repoKey => keeper.derive(repoKey),
  });
  const service = { entityRef: API, title: 'API' };
  const views = new ConformanceViews({
    ...{ store, conformance, now: () => NOW },
    callerServices: {
      of: async () => [
        service,
        { entityRef: 'component:default/new', title: 'New' },
      ],
    },
  });
  keeper.onDerived(refs => views.changed(refs));
  const claim = {
    entityRef: API,
    host: 'github.com',
    slug: 'acme/api',
    workflows: [],
    paths: [],
  };
  const tick = () => reader.tick(new AbortController().signal);
  return { allows, claim, entities, keeper, provider, tick, views };
}

describe('conformance', () => {
  it('goes from the repository to the page, with addresses of what it rests on', async () => {
    const { claim, tick, views } = world();
    expect(await views.report(claim)).toMatchObject({ asOf: null, checks: [] });
    expect(await views.score(API)).toBeUndefined();
    await tick();
    const report = await views.report(claim);
    expect(report).toMatchObject({
      asOf: NOW,
      template: { id: 'node-ecs-service', version: '1.0.0', newest: '1.1.0' },
    });
    const pinned = report.checks.find(({ rule }) => rule === 'pinned_actions');
    expect(pinned?.evidence[0].url).toBe(
      `https://github.com/acme/api/blob/${reading.sha}/.github/workflows/ci.yml#L2`,
    );
    expect(await views.score(API)).toMatchObject(report.counts);
  });

  it('lists services that were not read as such', async () => {
    const { tick, views } = world();
    await tick();
    const { items } = await views.table({} as never);
    expect(items.map(({ title, counts }) => [title, counts === null])).toEqual([
      ['API', false],
      ['New', true],
    ]);
  });

  it('keeps what it knows when the vendor fails, and says so in the vendor client’s own sentence', async () => {
    let broken: Error | undefined;
    const { claim, tick, views } = world(async () => {
      if (broken) throw broken;
      return reading;
    });
    await tick();
    broken = Object.assign(new Error('GitHub cannot be reached.'), {
      code: 'vendor_unreachable',
    });
    await tick();
    expect(await views.report(claim)).toMatchObject({
      ...{ asOf: NOW, problem: 'GitHub cannot be reached.' },
    });
    broken = new Error('token ghs_canary leaked');
    await tick();
    expect((await views.report(claim)).problem).not.toContain('ghs_canary');
  });

  it('waits while the budget is for other things', async () => {
    const { allows, provider, tick } = world();
    allows.mockReturnValue(false);
    await tick();
    expect(provider.readConformance).not.toHaveBeenCalled();
  });

  it('judges a service that comes to a repository which was read before', async () => {
    const { entities, keeper, tick, views } = world();
    await tick();
    const second = 'component:default/api-docs';
    entities.push(second);
    expect(await views.score(second)).toBeUndefined();
    await keeper.bound([second]);
    expect(await views.score(second)).toBeDefined();
    expect(await views.score(API)).toBeDefined();
  });
});
