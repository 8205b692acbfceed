import type { Change } from 'backstage-plugin-delivery-common';
import type { ListHint } from 'backstage-plugin-delivery-node';

/** Key of a repository's row of {@link SyncStateRow}. */
export function repositoryScope(host: string, slug: string): string {
  return `repo:${host}/${slug.toLowerCase()}`;
}

/** Key of the row that says how far back a repository's deployments were read. */
export function deploymentsScope(host: string, slug: string): string {
  return `deployments:${host}/${slug.toLowerCase()}`;
}

/** Key of the row of a repository's list of merged pull requests. */
export function pullsScope(host: string, slug: string): string {
  return `pulls:${host}/${slug.toLowerCase()}`;
}

/** Key of the row of a repository's commits: what lies between two, and what they touch. */
export function commitsScope(host: string, slug: string): string {
  return `commits:${host}/${slug.toLowerCase()}`;
}

/** Key of the row of a repository's list of incidents. */
export function incidentsScope(host: string, slug: string): string {
  return `incidents:${host}/${slug.toLowerCase()}`;
}

const HINTED = { pullRequests: pullsScope, incidents: incidentsScope };

/** Key of the row of a list that an event can hint at. */
export function hintScope(hint: ListHint, host: string, slug: string): string {
  return HINTED[hint](host, slug);
}

/** Scopes of the repositories some changes tell of. */
export function scopesOf(changes: Change[]): string[] {
  return repositoriesOf(changes, repositoryScope);
}

/** Scopes of the lists that an event says to be different. */
export function hintScopesOf(event: {
  changes: Change[];
  hints?: ListHint[];
}): string[] {
  return (event.hints ?? []).flatMap(hint =>
    repositoriesOf(event.changes, HINTED[hint]),
  );
}

function repositoriesOf(
  changes: Change[],
  scopeOf: (host: string, slug: string) => string,
): string[] {
  const scopes = new Set<string>();
  for (const { fact } of changes) {
    if (fact.kind !== 'repository') continue;
    scopes.add(scopeOf(new URL(fact.url).host, fact.slug));
  }
  return [...scopes];
}
