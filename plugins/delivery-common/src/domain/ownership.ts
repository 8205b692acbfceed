import {
  ANNOTATION_LOCATION,
  type Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  ANNOTATION_PATHS,
  ANNOTATION_PROJECT_SLUG,
  ANNOTATION_WORKFLOWS,
  splitList,
} from '../annotations';

/** A repository an entity may have, and which part of it. @public */
export interface RepositoryClaim {
  entityRef: string;
  /** Host with port: `github.com`, `127.0.0.1:7011`. */
  host: string;
  /** `owner/name`, lower case (GitHub ignores case). */
  slug: string;
  /** File names of workflows; empty: all. */
  workflows: string[];
  paths: string[];
}

/** Outcome of looking at an entity's claim. @public */
export type ClaimResult =
  | { kind: 'none' }
  | { kind: 'owned'; claim: RepositoryClaim }
  | { kind: 'refused'; code: string; message: string };

const SLUG = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}\/[A-Za-z0-9._-]{1,100}$/;

/**
 * Ownership is earned, not claimed: catalog-info.yaml is written by the authors of *some* repository, so it may speak only for
 * the repository the text itself comes from. Everything else needs the portal's configuration (`granted`).
 *
 * The location compared is `managed-by-location` (the file whose text we read), not the place where somebody registered it:
 * a platform repository that lists other repositories' files must not lend them its own name.
 *
 * @param entity - an entity of the catalog
 * @param hosts - GitHub hosts that are configured, with port
 * @param granted - entity ref to `owner/name` pairs from app-config
 * @public
 */
export function claimOf(
  entity: Entity,
  hosts: string[],
  granted: { entityRef: string; repository: string }[],
): ClaimResult {
  const annotations = entity.metadata.annotations ?? {};
  const slug = annotations[ANNOTATION_PROJECT_SLUG]?.trim();
  if (!slug) return { kind: 'none' };
  const entityRef = stringifyEntityRef(entity);
  if (!SLUG.test(slug)) {
    return {
      kind: 'refused',
      code: 'annotation_invalid',
      message: `The annotation ${ANNOTATION_PROJECT_SLUG} must be owner/name, for example "${ANNOTATION_PROJECT_SLUG}: acme/payments".`,
    };
  }
  const wanted = slug.toLowerCase();
  const claim = (host: string): ClaimResult => ({
    kind: 'owned',
    claim: {
      entityRef,
      host,
      slug: wanted,
      workflows: splitList(annotations[ANNOTATION_WORKFLOWS]).map(baseName),
      paths: splitList(annotations[ANNOTATION_PATHS]),
    },
  });
  const grant = granted.some(
    g => g.entityRef === entityRef && g.repository.toLowerCase() === wanted,
  );
  const origin = repositoryOf(annotations[ANNOTATION_LOCATION]);
  if (origin && hosts.includes(origin.host) && origin.slug === wanted) {
    return claim(origin.host);
  }
  if (grant && hosts.length > 0) {
    return claim(
      origin && hosts.includes(origin.host) ? origin.host : hosts[0],
    );
  }
  return {
    kind: 'refused',
    code: 'foreign_repository',
    message: `${entityRef} says it is made in ${slug}, but its catalog-info.yaml does not come from that repository. Move the file there, or let the platform team add it under delivery.repositories.`,
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Host and `owner/name` of a `url:` location; undefined for files and other things. */
function repositoryOf(
  location: string | undefined,
): { host: string; slug: string } | undefined {
  if (!location?.startsWith('url:')) return undefined;
  try {
    const url = new URL(location.slice('url:'.length));
    const [owner, name] = url.pathname.split('/').filter(Boolean);
    if (!owner || !name) return undefined;
    return { host: url.host, slug: `${owner}/${name}`.toLowerCase() };
  } catch {
    return undefined;
  }
}
