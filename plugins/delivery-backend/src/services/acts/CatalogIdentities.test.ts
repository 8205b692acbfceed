import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { CLEO } from './__testUtils__/FakeVendor';
import { person } from './__testUtils__/makeActWorld';
import { CatalogIdentities } from './CatalogIdentities';

const ORIGIN = 'backstage.io/managed-by-origin-location';

function resolve(
  entities: Entity[],
  identity: { matchLogin?: boolean; userOrigins?: string[] } = {},
  account = CLEO,
) {
  return new CatalogIdentities({
    catalog: catalogServiceMock({ entities }),
    auth: mockServices.auth(),
    identity: { matchLogin: false, ...identity },
  }).resolve(account);
}

describe('CatalogIdentities', () => {
  it('finds who has exactly that node id', async () => {
    await expect(
      resolve([
        person('cleo'),
        person('otto'),
        // The catalog's filter ignores case; an id does not.
        person('other', { 'github.com/user-id': 'u_CLEO' }),
      ]),
    ).resolves.toEqual(['user:default/cleo']);
  });

  it('gives all of several, so that nobody is believed', async () => {
    await expect(
      resolve([
        person('cleo'),
        person('twin', { 'github.com/user-id': 'U_cleo' }),
      ]),
    ).resolves.toEqual(['user:default/cleo', 'user:default/twin']);
  });

  it('believes a name only when told to, in any case, and never against an id', async () => {
    const byName = person('cleopatra', { 'github.com/user-login': 'CLEO' });
    delete byName.metadata.annotations?.['github.com/user-id'];
    const renamed = person('other', { 'github.com/user-login': 'cleo' });
    await expect(resolve([byName, renamed])).resolves.toEqual([]);
    await expect(
      resolve([byName, renamed], { matchLogin: true }),
    ).resolves.toEqual(['user:default/cleopatra']);
  });

  it.each([
    'url:https://github.com/acme/users/blob/main/users.yaml',
    'url:https://github.com/acme/users/tree/main/users.yaml',
    'url:https://raw.githubusercontent.com/acme/users/main/users.yaml',
    'url:https://gitlab.example/acme/users/-/raw/main/users',
    'url:https://bitbucket.example/projects/A/repos/b/browse/users.yaml?at=main',
    'url:https://dev.azure.com/acme/p/_git/r?path=%2Fusers',
    'url:https://api.github.com/repos/acme/users/contents/users',
    '',
  ])('does not believe a user from %s', async origin => {
    await expect(
      resolve([person('cleo', { [ORIGIN]: origin })]),
    ).resolves.toEqual([]);
  });

  it.each([
    'url:https://github.com/acme',
    'ldap://directory.example/dc=acme',
    'msgraph:default/1',
    'file:/srv/users.yaml',
  ])('believes a user from %s', async origin => {
    await expect(
      resolve([person('cleo', { [ORIGIN]: origin })]),
    ).resolves.toHaveLength(1);
  });

  it('believes only the origins that are configured, and takes no name for the beginning of another', async () => {
    const userOrigins = ['url:https://github.com/acme'];
    const from = (origin: string) =>
      resolve([person('cleo', { [ORIGIN]: origin })], { userOrigins });
    await expect(from('url:https://github.com/acme')).resolves.toHaveLength(1);
    await expect(from('url:https://github.com/acme-evil')).resolves.toEqual([]);
    await expect(from('file:/srv/users.yaml')).resolves.toEqual([]);
    await expect(
      from('url:https://github.com/acme/repo/blob/main/users.yaml'),
    ).resolves.toEqual([]);
    await expect(
      resolve(
        [
          person('cleo', {
            [ORIGIN]: 'url:https://github.com/acme/people/blob/main/users.yaml',
          }),
        ],
        { userOrigins: ['url:https://github.com/acme/people/blob/main/'] },
      ),
    ).resolves.toHaveLength(1);
  });
});
