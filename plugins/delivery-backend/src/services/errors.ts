/**
 * Gives an error the machine-readable part that the page shows help by.
 *
 * @param code - stable, snake case
 * @param params - values that the English sentence already contains
 */
export function withCode<TError extends Error>(
  error: TError,
  code: string,
  params: Record<string, string> = {},
): TError {
  return Object.assign(error, { code, params });
}
