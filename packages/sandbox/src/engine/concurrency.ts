import { evaluateValue, type ExpressionScope } from './expressions';

/** Evaluated `concurrency:` of a workflow or a job; names of groups ignore case. With `queue` members wait in a line. */
export function concurrencyOf(
  spec: unknown,
  scope: ExpressionScope,
): { group: string; cancelInProgress: boolean; queue: boolean } | null {
  if (spec === undefined || spec === null) return null;
  const value = evaluateValue(spec, scope);
  const whole =
    typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : { group: value };
  const group = String(whole.group ?? '').toLowerCase();
  if (group === '') return null;
  const cancel = whole['cancel-in-progress'];
  return {
    group,
    cancelInProgress: cancel === true || cancel === 'true',
    queue: whole.queue === 'max',
  };
}
