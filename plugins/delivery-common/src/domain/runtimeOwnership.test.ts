import type { Entity } from '@backstage/catalog-model';
import type { EnvironmentSet } from './environments/configured';
import { DEFAULT_SET } from './environments/configured';
import { ownedEnvironments, type TaggedRuntime } from './runtimeOwnership';

const TAG = 'delivery.platform/entity';
const ARN = 'aws.amazon.com/amazon-ecs-service-arn';
const TAGS = 'aws.amazon.com/amazon-ecs-service-tags';
const SET = 'delivery.platform/environment-set';

function entity(
  annotations: Record<string, string> = {},
  more: Partial<Entity> & { namespace?: string; name?: string } = {},
): Entity {
  const { namespace, name = 'api', ...rest } = more;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace, annotations, tags: ['node', 'ecs'] },
    spec: { system: 'Payments', owner: 'group:default/payments' },
    ...rest,
  };
}

const place = { accountId: '111122223333', region: 'eu-west-1', cluster: 'c' };
const production = (aws?: object) => ({
  name: 'production',
  tier: 'production' as const,
  match: ['production'],
  stacks: ['{name}-stack'],
  aws: aws && { ...place, ...aws },
});
const set = (
  aws: object | undefined,
  appliesTo?: EnvironmentSet['appliesTo'],
  name = 'payments',
): EnvironmentSet => ({ name, appliesTo, environments: [production(aws)] });

function own(of: Entity, sets: EnvironmentSet[], tagged: TaggedRuntime[] = []) {
  return ownedEnvironments(of, {
    sets: [...sets, DEFAULT_SET],
    entityTag: TAG,
    tagged,
  });
}

const tagged = (
  service: string,
  tags: Record<string, string>,
  cluster = 'c',
) => ({
  runtimeKey: `ecs/111122223333/eu-west-1/${cluster}/${service}`,
  tags,
});
const mine = { [TAG]: 'component:default/api' };
const arnOf = (service: string, cluster = 'c') =>
  `arn:aws:ecs:eu-west-1:111122223333:service/${cluster}/${service}`;

describe('which set an entity has', () => {
  const sets = [
    set(undefined, { 'spec.system': ['payments'] }, 'payments'),
    set(undefined, { 'metadata.tags': ['python'] }, 'python'),
    set(undefined, undefined, 'plain'),
  ];

  it.each<[string, Entity, string]>([
    ['by a path, ignoring case', entity(), 'payments'],
    [
      'by one of several values',
      entity({}, { metadata: { name: 'x', tags: ['a', 'python'] }, spec: {} }),
      'python',
    ],
    ['the last one otherwise', entity({}, { spec: {} }), 'default'],
    ['by annotation', entity({ [SET]: 'plain' }, { spec: {} }), 'plain'],
  ])('%s', (_, of, expected) => {
    expect(own(of, sets).set).toBe(expected);
  });

  it('finds keys that hold dots', () => {
    const bySlug = set(
      undefined,
      { 'metadata.annotations.github.com/project-slug': ['acme/api'] },
      'slug',
    );
    const of = entity({ 'github.com/project-slug': 'acme/api' });
    expect(own(of, [bySlug]).set).toBe('slug');
  });

  it('refuses by annotation a set that is for others, and names those one may have', () => {
    const of = entity({ [SET]: 'python' });
    const result = own(of, sets);
    expect(result.set).toBe('payments');
    expect(result.environments[0].problem?.message).toMatch(
      /payments, plain, default/,
    );
  });

  it('shows environments that are only usual when something was deployed there', () => {
    const { environments } = own(entity({}, { spec: {} }), []);
    expect(environments.map(e => [e.environment, e.onlyWhenSeen])).toEqual([
      ['development', true],
      ['qa', true],
      ['staging', true],
      ['production', true],
    ]);
  });
});

describe('whose a service of the runtime is', () => {
  const all = { 'spec.system': ['payments'] };

  it('is told by configuration, with the name filled in', () => {
    const { environments } = own(entity(), [set({ service: '{name}' }, all)]);
    expect(environments[0].runtimeKey).toBe('ecs/111122223333/eu-west-1/c/api');
    expect(environments[0].stacks).toEqual(['api-stack']);
  });

  it.each([
    ['another namespace', entity({}, { namespace: 'other' })],
    ['another kind', entity({}, { kind: 'Resource' })],
  ])('fills in no name that %s could take as well', (_, of) => {
    const { environments } = own(of, [set({ service: '{name}' }, all)]);
    expect(environments[0].runtimeKey).toBeUndefined();
    expect(environments[0].problem?.code).toBe('runtime_not_found');
    expect(environments[0].stacks).toEqual([]);
  });

  it('is told by the tag on the service', () => {
    const { environments } = own(
      entity(),
      [set({}, all)],
      [
        tagged('foreign', { [TAG]: 'component:default/other' }),
        tagged('elsewhere', mine, 'd'),
        tagged('svc-1', mine),
      ],
    );
    expect(environments[0].runtimeKey).toBe(
      'ecs/111122223333/eu-west-1/c/svc-1',
    );
  });

  it('takes a short reference in the tag', () => {
    const { environments } = own(
      entity(),
      [set({}, all)],
      [tagged('svc-1', { [TAG]: 'api' })],
    );
    expect(environments[0].runtimeKey).toContain('svc-1');
  });

  it('never by the ARN alone', () => {
    const of = entity({ [ARN]: arnOf('treasury') });
    const { environments } = own(
      of,
      [set({}, all)],
      [tagged('treasury', { [TAG]: 'component:default/treasury' })],
    );
    expect(environments[0].runtimeKey).toBeUndefined();
    expect(environments[0].problem?.code).toBe('foreign_runtime');
    expect(environments[0].problem?.message).toContain(
      'delivery.platform/entity=component:default/api',
    );
  });

  it('lets ARN and tags choose among its own', () => {
    const two = [
      tagged('blue', { ...mine, color: 'blue' }),
      tagged('green', { ...mine, color: 'green' }),
    ];
    const pick = (annotations: Record<string, string>) =>
      own(entity(annotations), [set({}, all)], two).environments[0];
    expect(pick({}).problem?.code).toBe('runtime_ambiguous');
    expect(pick({ [ARN]: arnOf('green') }).runtimeKey).toMatch(/green$/);
    expect(pick({ [TAGS]: 'color=blue' }).runtimeKey).toMatch(/blue$/);
    expect(pick({ [TAGS]: 'color=red' }).problem?.code).toBe(
      'runtime_not_found',
    );
    expect(pick({ [ARN]: arnOf('x', 'other') }).problem?.code).toBe(
      'runtime_ambiguous',
    );
  });

  it.each([
    [ARN, 'my-service'],
    [ARN, 'arn:aws:ecs:eu-west-1:1:service/c/x'],
    [TAGS, 'colour'],
  ])('answers a wrong %s with the line to write', (annotation, value) => {
    const { environments } = own(entity({ [annotation]: value }), [
      set({ service: 'x' }, all),
    ]);
    expect(environments[0].runtimeKey).toBeUndefined();
    expect(environments[0].problem).toMatchObject({
      code: 'annotation_invalid',
      message: expect.stringContaining(`"${annotation}: `),
    });
  });

  it('says what the platform team has to write when the portal knows no account', () => {
    const of = entity({ [ARN]: arnOf('api') });
    const { environments } = own(of, [set(undefined, all)]);
    expect(environments[0].problem).toMatchObject({
      code: 'runtime_not_configured',
      message: expect.stringContaining("accountId: '111122223333'"),
    });
  });

  it('survives tags that are no references', () => {
    const { environments } = own(
      entity(),
      [set({}, all)],
      [tagged('a', { [TAG]: '::/::' }), { runtimeKey: 'nonsense', tags: mine }],
    );
    expect(environments[0].problem?.code).toBe('runtime_not_found');
  });
});
