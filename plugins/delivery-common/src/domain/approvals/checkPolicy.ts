import { plain } from '../environments/vendorText';
import type { GatePolicy, RuleResult } from './facts';
import { frozenAt, untilInWords } from './freeze';
import { pass, refuse } from './rules';
import { spanInWords } from './words';

/** How the candidate does in the environment where it has to run first. */
export interface SoakFacts {
  environment: string;
  /** `same`: the candidate runs there; `other`: another commit does. */
  state: 'same' | 'other' | 'unknown';
  /** Since when, epoch milliseconds. */
  since?: number;
  health?: 'healthy' | 'degraded' | 'unhealthy' | 'unknown' | 'none';
}

/** A check of the candidate, in the vendor's words. */
export interface KnownCheck {
  name: string;
  status: string;
  conclusion?: string;
}

/** What the portal asks on top of the vendor's gate: no freeze, soaked, checks succeeded. */
export function checkPolicy(input: {
  policy: GatePolicy;
  now: number;
  soak?: SoakFacts;
  checks: KnownCheck[];
}): RuleResult[] {
  const { policy, now, soak, checks } = input;
  return [
    checkFreeze(policy, now),
    ...(policy.soak ? [checkSoak(policy.soak, soak, now)] : []),
    ...policy.requiredChecks.map(name => checkOf(name, checks)),
  ];
}

function checkFreeze(policy: GatePolicy, now: number): RuleResult {
  const window = frozenAt(policy.freezes, now);
  return window
    ? refuse(
        'freeze',
        409,
        `Nothing is let in now: "${plain(
          window.name,
          100,
        )}" lasts ${untilInWords(window)}.`,
        { freeze: window.name },
      )
    : pass('freeze', 'No freeze now.');
}

function checkSoak(
  required: NonNullable<GatePolicy['soak']>,
  soak: SoakFacts | undefined,
  now: number,
): RuleResult {
  const where = required.environment;
  const rule = `The policy asks for ${spanInWords(
    required.ms,
  )} healthy in ${where}`;
  const no = (what: string) =>
    refuse('soak', 409, `${rule}; ${what}.`, { environment: where });
  if (!soak || soak.environment !== where || soak.state === 'unknown') {
    return no('what runs there is not known');
  }
  if (soak.state !== 'same') return no('another commit runs there');
  if (soak.health !== 'healthy') {
    return no(
      soak.health === 'degraded' || soak.health === 'unhealthy'
        ? `it is ${soak.health} there`
        : 'its health there is not known',
    );
  }
  if (soak.since === undefined) return no('since when it runs is not known');
  const ran = now - soak.since;
  if (ran >= required.ms) {
    return pass(
      'soak',
      `Healthy in ${where} for ${spanInWords(
        ran,
      )}; the policy asks for ${spanInWords(required.ms)}.`,
    );
  }
  return ran < 0
    ? no('it is told to run there from a time in the future on')
    : no(`it needs ${spanInWords(required.ms - ran)} more`);
}

function checkOf(required: string, checks: KnownCheck[]): RuleResult {
  const name = plain(required, 100);
  const params = { check: required };
  const same = checks.filter(check => check.name === required);
  if (same.length === 0) {
    return refuse(
      'check_missing',
      409,
      `The required check "${name}" did not run for this commit.`,
      params,
    );
  }
  // Two workflows may give a check of the same name: all of them count.
  const bad = same.find(
    ({ status, conclusion }) =>
      status === 'completed' && conclusion !== 'success',
  );
  if (bad) {
    const word = plain(bad.conclusion, 40).replace(/_/g, ' ') || 'unknown';
    return refuse(
      'check_failed',
      409,
      `The required check "${name}" did not succeed (${word}).`,
      params,
    );
  }
  return same.every(({ status }) => status === 'completed')
    ? pass('check', `The check "${name}" succeeded.`)
    : refuse(
        'check_pending',
        409,
        `The required check "${name}" has not ended yet.`,
        params,
      );
}
