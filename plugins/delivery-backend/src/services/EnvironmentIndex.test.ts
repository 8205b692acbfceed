import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import { EnvironmentIndex } from './EnvironmentIndex';

const entity = (name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name },
});

const aws = { accountId: '111122223333', region: 'eu-west-1', cluster: 'c' };
const sets = [
  {
    name: 'default',
    environments: [
      {
        name: 'production',
        tier: 'production' as const,
        match: ['production'],
        stacks: [],
        aws,
      },
    ],
  },
];

function setup(entityTag: string | undefined) {
  const saved: Parameters<EnvironmentStore['replaceEnvironments']>[] = [];
  const logger = mockServices.logger.mock();
  const index = new EnvironmentIndex({
    sets,
    entityTag,
    logger,
    store: {
      replaceEnvironments: async (...args) => {
        saved.push(args);
        return args[0].map(row => row.entityRef);
      },
      runtimesWithTag: async key => [
        {
          runtimeKey: 'ecs/111122223333/eu-west-1/c/one',
          tags: { [key]: 'component:default/one' },
        },
      ],
    },
  });
  const bound: string[][] = [];
  index.onBound(refs => bound.push(refs));
  return { index, saved, bound, logger };
}

const runtimes = (rows: EnvironmentBinding[]) =>
  rows.map(row => [row.entityRef, row.runtimeKey, row.problem?.code]);

describe('EnvironmentIndex', () => {
  it('binds what carries the tag, and says once why the rest has nothing', async () => {
    const { index, saved, bound, logger } = setup('whose');
    await index.replaceAll([entity('one'), entity('two')]);
    await index.bind(entity('two'));
    expect(saved[0][1]).toEqual({ complete: true });
    expect(runtimes(saved[0][0])).toEqual([
      ['component:default/one', 'ecs/111122223333/eu-west-1/c/one', undefined],
      ['component:default/two', undefined, 'runtime_not_found'],
    ]);
    expect(saved[1][1]).toEqual({ entityRefs: ['component:default/two'] });
    expect(bound).toEqual([
      ['component:default/one', 'component:default/two'],
      ['component:default/two'],
    ]);
    expect(index.findings()).toHaveLength(1);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('only declares when no runtime is read', async () => {
    const { index, saved } = setup(undefined);
    await index.replaceAll([entity('one')]);
    expect(runtimes(saved[0][0])).toEqual([
      ['component:default/one', undefined, undefined],
    ]);
  });
});
