import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { parseAllDocuments } from 'yaml';
import { ANNOTATION_TEMPLATE } from '../../annotations';

/** Larger than any catalog file people write. */
const MOST_TEXT = 256 * 1024;
const LONGEST = 200;

/**
 * The template that a catalog file says an entity was made from: `node-ecs-service@1.0.0`.
 *
 * @param entityRef - absent: the first entity that says it
 * @returns undefined when it says nothing that can be read
 */
export function templateOf(
  catalogInfo: string | undefined,
  entityRef?: string,
): string | undefined {
  if (!catalogInfo || catalogInfo.length > MOST_TEXT) return undefined;
  try {
    for (const document of parseAllDocuments(catalogInfo)) {
      const entity = document.toJS({ maxAliasCount: 10 }) as Entity | null;
      const said = entity?.metadata?.annotations?.[ANNOTATION_TEMPLATE];
      const named = Boolean(entity?.kind && entity.metadata.name);
      if (typeof said !== 'string' || !entity || !named) continue;
      if (!entityRef || stringifyEntityRef(entity) === entityRef) {
        return said.slice(0, LONGEST);
      }
    }
  } catch {
    // Written by whoever may push; the catalog tells them what is wrong with it.
  }
  return undefined;
}
