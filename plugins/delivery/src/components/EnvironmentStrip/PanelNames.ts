import { createContext, useContext } from 'react';

/** Names of the parts that the tab around has; absent outside of a tab. */
export const PanelNames = createContext<readonly string[]>([]);

/** True when the tab around has that part, so that a link to it leads somewhere. */
export function useHasPanel(path: string): boolean {
  return useContext(PanelNames).includes(path);
}
