import type { components } from '@octokit/openapi-types';

/** A schema of GitHub's OpenAPI description. */
export type Schema<K extends keyof components['schemas']> =
  components['schemas'][K];

/** Times on GitHub's wire have seconds only. */
export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
