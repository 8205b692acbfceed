import type { Check } from '../../contract';
import type { RuleRefusal, RuleResult } from './facts';

export function pass(code: string, message: string): RuleResult {
  return { kind: 'pass', code, message };
}

export function warn(code: string, message: string): RuleResult {
  return { kind: 'warn', code, message };
}

/** @param status - 403: this person may not; 409: not now, or not any more */
export function refuse(
  code: string,
  status: RuleRefusal['status'],
  message: string,
  params: Record<string, string> = {},
): RuleResult {
  return { kind: 'refuse', refusal: { code, status, message, params } };
}

/** What stands in the way first; undefined: nothing does. */
export function firstRefusal(results: RuleResult[]): RuleRefusal | undefined {
  for (const result of results) {
    if (result.kind === 'refuse') return result.refusal;
  }
  return undefined;
}

/** Rules that warn only of what nobody has asked the vendor yet. */
const UNASKED = new Set(['eligible']);

/** Results as the page lists them. */
export function asChecks(results: RuleResult[]): Check[] {
  return results.map(result => {
    if (result.kind === 'refuse') {
      const { code, message } = result.refusal;
      return { code, state: 'fail', message };
    }
    const { kind, code, message } = result;
    return {
      code,
      state: UNASKED.has(code) && kind === 'warn' ? 'unknown' : kind,
      message,
    };
  });
}
