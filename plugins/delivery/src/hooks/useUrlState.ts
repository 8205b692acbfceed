import { useCallback } from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';

/** Reads and writes named parts of the query string, and leaves the others alone. An empty value removes its part. */
export function useUrlState() {
  const [params, setParams] = useSearchParams();
  const { state } = useLocation();
  const set = useCallback(
    (changes: Record<string, string | undefined>) => {
      setParams(
        current => {
          const next = new URLSearchParams(current);
          for (const [name, value] of Object.entries(changes)) {
            if (value) next.set(name, value);
            else next.delete(name);
          }
          return next;
        },
        // Where the reader came from stays known.
        { replace: true, state },
      );
    },
    [setParams, state],
  );
  const get = useCallback(
    (name: string) => params.get(name) || undefined,
    [params],
  );
  return { get, set };
}
