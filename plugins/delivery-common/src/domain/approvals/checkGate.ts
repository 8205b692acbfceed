import { plain } from '../environments/vendorText';
import type { GatePolicy, GateReading, GateRun, RuleResult } from './facts';
import { pass, refuse, warn } from './rules';
import { reviewerNames, spanInWords } from './words';

const MINUTE = 60_000;

/**
 * Whether the vendor's gate still holds the run, is one that protects, and lets this person decide.
 *
 * @param gate - read with the person's token; undefined: there is no such environment, or the run does not wait there
 * @param now - epoch milliseconds; without it a wait timer is only told of
 */
export function checkGate(
  gate: GateReading | undefined,
  run: GateRun,
  policy: GatePolicy,
  now?: number,
): RuleResult[] {
  if (!gate || !run.waiting) return [notWaiting(gate, run)];
  const timer = waitTimer(gate, now);
  return [
    pass('waiting', `The run waits at ${nameOf(gate)}.`),
    ...protection(gate, policy),
    ...(timer ? [timer] : []),
    eligible(gate),
  ];
}

function notWaiting(gate: GateReading | undefined, run: GateRun): RuleResult {
  const where = gate ? nameOf(gate) : 'this gate';
  const word = plain(run.conclusion ?? run.status, 40).replace(/_/g, ' ');
  return refuse(
    'not_waiting',
    409,
    `The run does not wait at ${where} any more${
      word && word !== 'waiting' ? ` (${word})` : ''
    }.`,
  );
}

function protection(gate: GateReading, policy: GatePolicy): RuleResult[] {
  const name = nameOf(gate);
  return [
    gate.reviewers.length === 0
      ? refuse(
          'no_reviewers',
          403,
          `${name} has no required reviewers at GitHub, so nothing would hold anybody back. An administrator of the repository must add them.`,
        )
      : pass('reviewers', `Reviewers: ${reviewerNames(gate.reviewers)}.`),
    gate.preventSelfReview === true
      ? pass('prevents_self_review', 'Self-review is prevented at GitHub.')
      : refuse(
          'self_review_not_prevented',
          403,
          gate.preventSelfReview === false
            ? `${name} lets whoever started a run approve it. An administrator of the repository must switch on "Prevent self-review".`
            : `GitHub does not say whether ${name} prevents self-review, so nothing is approved from here.`,
        ),
    bypass(gate, policy),
  ];
}

function bypass(gate: GateReading, policy: GatePolicy): RuleResult {
  if (gate.canAdminsBypass === false) {
    return pass('admin_bypass', 'Administrators cannot go past the gate.');
  }
  const message =
    gate.canAdminsBypass === true
      ? `Administrators of the repository can go past the gate of ${nameOf(
          gate,
        )}.`
      : `GitHub does not say whether administrators can go past the gate of ${nameOf(
          gate,
        )}.`;
  return policy.adminBypass === 'deny'
    ? refuse(
        'admin_bypass',
        403,
        `${message} The policy asks that they cannot: an administrator must switch it off.`,
      )
    : warn('admin_bypass', message);
}

/** Milliseconds until the wait timer is over; undefined: there is none, it is over, or nobody can tell. */
export function waitLeft(
  gate: GateReading,
  now: number | undefined,
): number | undefined {
  const { waitTimerMinutes, waitTimerStartedAt } = gate;
  if (waitTimerMinutes <= 0) return undefined;
  if (waitTimerStartedAt === undefined || now === undefined) return undefined;
  const left = waitTimerStartedAt + waitTimerMinutes * MINUTE - now;
  return left > 0 ? left : undefined;
}

function waitTimer(
  gate: GateReading,
  now: number | undefined,
): RuleResult | undefined {
  if (!(gate.waitTimerMinutes > 0)) return undefined;
  const left = waitLeft(gate, now);
  if (left !== undefined) {
    const time = spanInWords(left);
    return refuse(
      'wait_timer',
      409,
      `The wait timer of ${nameOf(
        gate,
      )} still runs: GitHub takes a decision in ${time}.`,
      { leftMs: `${left}` },
    );
  }
  return gate.waitTimerStartedAt === undefined || now === undefined
    ? warn(
        'wait_timer',
        `${nameOf(gate)} has a wait timer of ${spanInWords(
          gate.waitTimerMinutes * MINUTE,
        )}: until it is over GitHub takes no decision.`,
      )
    : pass('wait_timer', 'The wait timer is over.');
}

function eligible(gate: GateReading): RuleResult {
  if (gate.currentUserCanApprove === true) {
    return pass('eligible', 'GitHub lets you decide.');
  }
  if (gate.currentUserCanApprove === undefined) {
    return warn(
      'eligible',
      'Whether GitHub lets you decide is asked when you decide.',
    );
  }
  return notEligible(gate);
}

export function notEligible(gate: GateReading): RuleResult {
  const names = reviewerNames(gate.reviewers);
  return refuse(
    'not_eligible',
    403,
    `GitHub does not let you decide about ${nameOf(gate)}. ${
      names ? `Those who may: ${names}.` : 'It names nobody who may.'
    }`,
    { reviewers: names },
  );
}

function nameOf(gate: GateReading): string {
  return plain(gate.environmentName, 100) || 'this environment';
}
