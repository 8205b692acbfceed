import type { Entity } from '@backstage/catalog-model';
import { claimOf } from './ownership';

const SLUG = 'github.com/project-slug';
const LOCATION = 'backstage.io/managed-by-location';

function entity(annotations: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'payments', namespace: 'default', annotations },
  };
}

function claim(
  annotations: Record<string, string>,
  granted: { entityRef: string; repository: string }[] = [],
) {
  return claimOf(
    entity(annotations),
    ['github.com', '127.0.0.1:7011'],
    granted,
  );
}

describe('claimOf', () => {
  it('is none without the annotation', () => {
    expect(claim({})).toEqual({ kind: 'none' });
    expect(claim({ [SLUG]: '  ' })).toEqual({ kind: 'none' });
  });

  it('gives an entity the repository its own file comes from', () => {
    expect(
      claim({
        [SLUG]: 'Acme/Payments',
        [LOCATION]:
          'url:https://github.com/acme/payments/blob/main/catalog-info.yaml',
        'github.com/workflows': '.github/workflows/ci.yml, deploy.yml,',
        'delivery.platform/paths': 'services/pay/**',
      }),
    ).toEqual({
      kind: 'owned',
      claim: {
        entityRef: 'component:default/payments',
        host: 'github.com',
        slug: 'acme/payments',
        workflows: ['ci.yml', 'deploy.yml'],
        paths: ['services/pay/**'],
      },
    });
  });

  it('keeps the port of the host', () => {
    expect(
      claim({
        [SLUG]: 'acme/payments',
        [LOCATION]: 'url:http://127.0.0.1:7011/acme/payments/tree/main/x.yaml',
      }),
    ).toMatchObject({ kind: 'owned', claim: { host: '127.0.0.1:7011' } });
  });

  it.each([
    [
      'another repository',
      'url:https://github.com/acme/other/blob/main/a.yaml',
    ],
    ['another owner', 'url:https://github.com/evil/payments/blob/main/a.yaml'],
    ['another host', 'url:https://github.com.evil.test/acme/payments/a.yaml'],
    [
      'a host in the user part',
      'url:https://github.com@evil.test/acme/payments/a',
    ],
    ['another port', 'url:https://github.com:8443/acme/payments/blob/a.yaml'],
    ['a path that only ends alike', 'url:https://github.com/x/acme/payments/a'],
    ['a file', 'file:/srv/acme/payments/catalog-info.yaml'],
    ['no address', 'url:not an address'],
  ])('refuses a claim from %s', (_, location) => {
    const result = claim({ [SLUG]: 'acme/payments', [LOCATION]: location });
    expect(result).toMatchObject({
      kind: 'refused',
      code: 'foreign_repository',
    });
  });

  it('refuses a claim without a location', () => {
    expect(claim({ [SLUG]: 'acme/payments' }).kind).toBe('refused');
  });

  it('does not believe the place where somebody registered the file', () => {
    expect(
      claim({
        [SLUG]: 'acme/payments',
        [LOCATION]: 'url:https://github.com/evil/fork/blob/main/a.yaml',
        'backstage.io/managed-by-origin-location':
          'url:https://github.com/acme/payments/blob/main/all.yaml',
      }).kind,
    ).toBe('refused');
  });

  it.each([
    'acme',
    'acme/payments/x',
    '../payments',
    'acme/pay ments',
    'acme/pay\nments',
    'https://github.com/acme/payments',
    '-acme/payments',
  ])('refuses %j as no repository', slug => {
    expect(claim({ [SLUG]: slug })).toMatchObject({
      kind: 'refused',
      code: 'annotation_invalid',
    });
  });

  it('lets the configuration grant what the location does not show', () => {
    const granted = [
      { entityRef: 'component:default/payments', repository: 'ACME/payments' },
    ];
    expect(claim({ [SLUG]: 'acme/payments' }, granted)).toMatchObject({
      kind: 'owned',
      claim: { host: 'github.com', slug: 'acme/payments' },
    });
    expect(claim({ [SLUG]: 'acme/other' }, granted).kind).toBe('refused');
    expect(
      claim({ [SLUG]: 'acme/payments' }, [
        { entityRef: 'component:default/other', repository: 'acme/payments' },
      ]).kind,
    ).toBe('refused');
  });
});
