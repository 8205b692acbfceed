import { ConfigReader } from '@backstage/config';
import { readEnvironmentSets } from './environmentConfig';

const read = (environmentSets: unknown) =>
  readEnvironmentSets(new ConfigReader({ environmentSets } as never));

const aws = { accountId: '111122223333', region: 'eu-west-1', cluster: 'c' };

describe('readEnvironmentSets', () => {
  it('gives the usual names when nothing is written', () => {
    expect(readEnvironmentSets(undefined)).toEqual([
      expect.objectContaining({ name: 'default', onlyWhenSeen: true }),
    ]);
  });

  it('keeps the order, and the default last', () => {
    const sets = read({
      default: { environments: [{ name: 'live' }] },
      b: { environments: [{ name: 'x' }] },
      a: { environments: [{ name: 'y' }] },
    });
    expect(sets.map(set => set.name)).toEqual(['b', 'a', 'default']);
    expect(sets[2].onlyWhenSeen).toBeUndefined();
  });

  it('fills in what is usual', () => {
    const [set] = read({
      payments: {
        appliesTo: { 'spec.system': 'payments', 'metadata.tags': ['a', 'b'] },
        environments: [
          { name: 'Prod-EU', aws: { ...aws, service: '{name}' } },
          { name: 'sandbox', tier: 'testing', match: ['SBX', 'sbx-*'] },
        ],
      },
    });
    expect(set).toEqual({
      name: 'payments',
      appliesTo: { 'spec.system': ['payments'], 'metadata.tags': ['a', 'b'] },
      environments: [
        {
          name: 'Prod-EU',
          tier: 'production',
          match: ['prod-eu'],
          aws: { ...aws, service: '{name}' },
          stacks: [],
        },
        {
          name: 'sandbox',
          tier: 'testing',
          match: ['sbx', 'sbx-*'],
          aws: undefined,
          stacks: [],
        },
      ],
    });
  });

  it('takes an account that YAML read as a number', () => {
    const [set] = read({
      a: { environments: [{ name: 'x', aws: { ...aws, accountId: 12345 } }] },
    });
    expect(set.environments[0].aws?.accountId).toBe('000000012345');
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a list of sets',
      [],
      /^Wrong configuration: delivery.environmentSets must hold sets by their name\.$/,
    ],
    [
      'no environments',
      { a: { environments: [] } },
      /environmentSets\.a\.environments must not be empty/,
    ],
    [
      'an environment without a name',
      { a: { environments: [{}] } },
      /a\.environments\.0\.name is missing/,
    ],
    [
      'an environment twice',
      { a: { environments: [{ name: 'x' }, { name: 'X' }] } },
      /a\.environments must not name x twice/,
    ],
    [
      'an ARN as cluster',
      {
        a: {
          environments: [
            { name: 'x', aws: { ...aws, cluster: 'arn:aws:ecs:x' } },
          ],
        },
      },
      /aws\.cluster must be the name of a cluster, not its ARN/,
    ],
    [
      'a wrong account',
      {
        a: {
          environments: [{ name: 'x', aws: { ...aws, accountId: 'prod' } }],
        },
      },
      /aws\.accountId must be the twelve digits/,
    ],
    [
      'a wrong region',
      {
        a: {
          environments: [{ name: 'x', aws: { ...aws, region: 'Ireland' } }],
        },
      },
      /aws\.region must be a region/,
    ],
    [
      'a wrong tier',
      { a: { environments: [{ name: 'x', tier: 'gold' }] } },
      /tier must be one of development, testing/,
    ],
    [
      'a misspelt key',
      { a: { environments: [{ name: 'x', cluster: 'y' }] } },
      /a\.environments\.0 has unknown keys: cluster/,
    ],
  ])('answers %s with one sentence', (_, written, sentence) => {
    expect(() => read(written)).toThrow(sentence);
  });
});
