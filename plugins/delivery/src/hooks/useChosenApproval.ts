import { useCallback } from 'react';
import { useUrlState } from './useUrlState';

const NAME = 'approval';
const ID = /^[0-9a-f]{24}$/;

/** The approval whose drawer is open; it lives in the address, so that a link leads to it. */
export function useChosenApproval() {
  const { get, set } = useUrlState();
  const asked = get(NAME);
  const choose = useCallback(
    (id: string | undefined) => set({ [NAME]: id }),
    [set],
  );
  return { chosen: asked && ID.test(asked) ? asked : undefined, choose };
}

/** The part of an address that opens an approval. */
export const approvalSearch = (id: string) =>
  `?${new URLSearchParams({ [NAME]: id })}`;
