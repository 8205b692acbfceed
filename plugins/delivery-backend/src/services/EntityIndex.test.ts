import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { BindingRow } from '../database/rows';
import { service } from '../__testUtils__/startDelivery';
import { EntityIndex } from './EntityIndex';
import { readCatalogAtStart } from './readCatalogAtStart';

const never = new AbortController().signal;

function make(entities: Entity[], hosts = ['github.com']) {
  const bindings = new Map<string, BindingRow>();
  const replaceBindings = jest.fn(
    async (rows: BindingRow[], complete: boolean) => {
      if (complete) bindings.clear();
      rows.forEach(row => bindings.set(row.entityRef, row));
      return rows.map(row => row.entityRef);
    },
  );
  const logger = mockServices.logger.mock();
  const onBound = jest.fn();
  const environments = { replaceAll: jest.fn(), bind: jest.fn() };
  const index = new EntityIndex({
    catalog: catalogServiceMock({ entities }),
    auth: mockServices.auth(),
    store: {
      replaceBindings,
      bindingsOfEntity: async ref =>
        [bindings.get(ref)].filter(row => row !== undefined),
    },
    environments,
    logger,
    hosts,
    grants: [
      { entityRef: 'component:default/granted', repository: 'acme/shared' },
    ],
  });
  index.onBound(onBound);
  return {
    ...{ index, bindings, replaceBindings, logger, onBound },
    environments,
  };
}

describe('EntityIndex', () => {
  it('binds what services have earned and remembers what was refused', async () => {
    const { index, bindings, logger, onBound, environments } = make([
      service('api', 'acme/api'),
      service('granted', 'acme/shared', 'acme/granted'),
      service('thief', 'acme/api', 'acme/thief'),
    ]);
    expect(await index.refresh(never)).toEqual({ services: 2, changed: 2 });
    expect([...bindings.values()].map(b => [b.entityRef, b.slug])).toEqual([
      ['component:default/api', 'acme/api'],
      ['component:default/granted', 'acme/shared'],
    ]);
    expect(index.findings()).toMatchObject([
      { entityRef: 'component:default/thief', code: 'foreign_repository' },
    ]);
    expect(onBound).toHaveBeenCalledTimes(1);
    expect(
      environments.replaceAll.mock.calls[0][0].map(
        (entity: Entity) => entity.metadata.name,
      ),
    ).toEqual(['api', 'granted']);
    await index.refresh(never);
    // Said once, not with every round.
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('binds an entity that somebody looks at before the schedule met it', async () => {
    const { index, replaceBindings } = make([]);
    const entity = service('api', 'acme/api');
    await index.bind(entity);
    await index.bind(entity);
    expect(replaceBindings.mock.calls).toEqual([
      [
        [expect.objectContaining({ entityRef: 'component:default/api' })],
        false,
      ],
    ]);
    await index.bind(service('api', 'acme/other'));
    expect(replaceBindings).toHaveBeenCalledTimes(2);
  });

  it('says which line is missing', async () => {
    const { index } = make([]);
    const entity = service('api', 'acme/api');
    entity.metadata.annotations = {};
    await expect(index.bind(entity)).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'annotation_missing',
      message: expect.stringContaining('github.com/project-slug: owner/name'),
    });
  });

  it('does not blame the entity when no vendor is configured', async () => {
    const { index } = make([], []);
    await expect(index.bind(service('api', 'acme/api'))).rejects.toMatchObject({
      code: 'provider_missing',
    });
  });

  it('changes nothing when the reading is broken off', async () => {
    const { index, replaceBindings } = make([service('api', 'acme/api')]);
    await expect(index.refresh(AbortSignal.abort())).rejects.toThrow();
    expect(replaceBindings).not.toHaveBeenCalled();
  });
});

describe('readCatalogAtStart', () => {
  const logger = mockServices.logger.mock();
  const start = async (...reads: ([number, number] | Error)[]) => {
    const pauses: number[] = [];
    const refresh = jest.fn(async () => {
      const read = reads[Math.min(pauses.length, reads.length - 1)];
      if (read instanceof Error) throw read;
      return { services: read[0], changed: read[1] };
    });
    const pause = async (ms: number) => {
      pauses.push(ms);
    };
    await readCatalogAtStart({
      index: { refresh },
      logger,
      signal: never,
      pause,
    });
    return pauses;
  };

  it('reads once when nothing is new', async () => {
    expect(await start([3, 0])).toEqual([]);
  });

  it('goes on while the catalog is away, empty or filling up', async () => {
    const away = new Error('not ready');
    expect(await start(away, [0, 0], [2, 2], [2, 0], [5, 3], [5, 0])).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000,
    ]);
  });

  it('leaves the rest to the schedule after a while, and stops at shutdown', async () => {
    expect(await start([0, 0])).toHaveLength(6);
    const index = {
      refresh: jest.fn(async () => ({ services: 0, changed: 0 })),
    };
    const pause = async () => {};
    const signal = AbortSignal.abort();
    await readCatalogAtStart({ index, logger, signal, pause });
    expect(index.refresh).not.toHaveBeenCalled();
  });
});
