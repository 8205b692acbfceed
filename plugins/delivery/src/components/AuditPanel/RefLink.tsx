import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { cutText } from '../../format/plainText';

function isRef(text: string): boolean {
  try {
    // What acts by itself has a ref of its own, and no page.
    return parseEntityRef(text).kind.toLowerCase() !== 'plugin';
  } catch {
    return false;
  }
}

/** The way to a person or service; only its name when it is none of the catalog. An old entry may name anything. */
export function RefLink(props: { entityRef: string }) {
  const { entityRef } = props;
  return isRef(entityRef) ? (
    <EntityRefLink entityRef={entityRef} hideIcon />
  ) : (
    <bdi>{cutText(entityRef, 80)}</bdi>
  );
}
