import type { Change } from 'backstage-plugin-delivery-common';

/** Key of a repository's row of {@link SyncStateRow}. */
export function repositoryScope(host: string, slug: string): string {
  return `repo:${host}/${slug.toLowerCase()}`;
}

/** Key of the row that says how far back a repository's deployments were read. */
export function deploymentsScope(host: string, slug: string): string {
  return `deployments:${host}/${slug.toLowerCase()}`;
}

/** Scopes of the repositories some changes tell of. */
export function scopesOf(changes: Change[]): string[] {
  const scopes = new Set<string>();
  for (const { fact } of changes) {
    if (fact.kind !== 'repository') continue;
    scopes.add(repositoryScope(new URL(fact.url).host, fact.slug));
  }
  return [...scopes];
}
