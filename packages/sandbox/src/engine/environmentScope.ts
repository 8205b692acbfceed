import type { EnvironmentRecord } from '../state';
import { evaluateValue, type ExpressionScope } from './expressions';
import type { JobSpec } from './workflowTypes';

/** Variables of a shell are texts, whatever the expressions gave. Frozen, so that they are converted for expressions once. */
export function environmentOf(
  values: unknown,
): Readonly<Record<string, string>> {
  return Object.freeze(
    Object.fromEntries(
      Object.entries((values ?? {}) as Record<string, unknown>).map(
        ([name, value]) => [name, String(value ?? '')],
      ),
    ),
  );
}

/**
 * What the steps of a job see: variables of its environment stand before those of the repository, also in the job's
 * `env:`. The environment is known only when the job starts, so conditions and names do not see them, as at GitHub.
 */
export function environmentScope(
  scope: ExpressionScope,
  spec: JobSpec,
  environment: EnvironmentRecord | null,
): ExpressionScope {
  if (!environment?.variables) return scope;
  const vars = Object.freeze({
    ...(scope.contexts.vars as Record<string, string>),
    ...environment.variables,
  });
  const inside = { ...scope, contexts: { ...scope.contexts, vars } };
  const env = environmentOf({
    ...(scope.contexts.env as Record<string, unknown>),
    ...(evaluateValue(spec.env, inside) as Record<string, unknown>),
  });
  return { ...inside, contexts: { ...inside.contexts, env } };
}
