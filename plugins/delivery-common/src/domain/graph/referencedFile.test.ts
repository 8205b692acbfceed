import { referencedFile } from './referencedFile';

describe('referencedFile', () => {
  const referenced = [
    { path: 'acme/pay/.github/workflows/deploy.yml@refs/heads/main', sha: 'a' },
    { path: 'acme/shared/.github/workflows/x.yml@refs/tags/v1', sha: 'b' },
    { path: 'acme/shared/.github/workflows/x.yml@refs/tags/v2', sha: 'c' },
  ];
  const find = (uses: string) => referencedFile(uses, referenced, 'Acme/pay');

  it('finds a file of the same repository', () => {
    expect(find('./.github/workflows/deploy.yml')).toEqual({
      slug: 'acme/pay',
      path: '.github/workflows/deploy.yml',
      sha: 'a',
    });
  });

  it('finds a file of another repository by its ref', () => {
    expect(find('acme/shared/.github/workflows/x.yml@v2')?.sha).toBe('c');
    expect(find('ACME/Shared/.github/workflows/x.yml@refs/tags/v1')?.sha).toBe(
      'b',
    );
  });

  it.each([
    'acme/shared/.github/workflows/x.yml@v3',
    'acme/shared/.github/workflows/y.yml@v1',
    'other/pay/.github/workflows/deploy.yml@main',
    './../secret.yml',
    'x.yml',
    '',
  ])('finds nothing that is not listed: %j', uses => {
    expect(find(uses)).toBeUndefined();
  });
});
