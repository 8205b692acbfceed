import { notEligible, waitLeft } from './checkGate';
import type { Account, GateReading, GateRun, RuleRefusal } from './facts';
import { firstRefusal } from './rules';
import { loginOf, spanInWords } from './words';

/** A decision as the vendor has it on record; it tells no time. */
export interface RecordedDecision {
  user: Account;
  state: string;
  comment: string;
  environmentIds: string[];
}

export interface RefusedDecision {
  /** Read again after the refusal, as is all here. */
  gateRun: GateRun;
  gate?: GateReading;
  decisions: RecordedDecision[];
  environmentId: string;
  attemptSeen: number;
  /** Epoch milliseconds; absent: whether a wait timer is over cannot be told. */
  now?: number;
}

/** What really happened when the vendor took a decision not: its answer is the same for all of it. */
export function classifyRefusedDecision(input: RefusedDecision): RuleRefusal {
  const { gateRun, attemptSeen } = input;
  if (gateRun.attempt !== attemptSeen) {
    return refusal(
      'new_attempt',
      `The run was started again meanwhile (attempt ${gateRun.attempt}). Look at it again.`,
      { attempt: `${gateRun.attempt}` },
    );
  }
  if (gateRun.conclusion === 'cancelled' || gateRun.status === 'cancelled') {
    return refusal('cancelled', 'The run was cancelled meanwhile.');
  }
  return gateRun.waiting && input.gate
    ? whileWaiting(input, input.gate)
    : decidedByOther(input);
}

function whileWaiting({ now }: RefusedDecision, gate: GateReading) {
  const left = waitLeft(gate, now);
  const timerMayRun =
    left !== undefined ||
    (gate.waitTimerMinutes > 0 &&
      (now === undefined || gate.waitTimerStartedAt === undefined));
  if (left !== undefined || (timerMayRun && gate.currentUserCanApprove)) {
    const span = spanInWords(gate.waitTimerMinutes * 60_000);
    return left === undefined
      ? refusal(
          'wait_timer',
          `GitHub took no decision: the environment has a wait timer of ${span}, which may still run.`,
        )
      : refusal(
          'wait_timer',
          `GitHub took no decision: the wait timer of ${span} still runs for ${spanInWords(
            left,
          )}.`,
          { leftMs: `${left}` },
        );
  }
  if (gate.currentUserCanApprove !== true) {
    const known = firstRefusal([notEligible(gate)]);
    if (known) return known;
  }
  return refusal(
    'not_eligible',
    'GitHub did not take the decision although the run waits and it lists you as one who may decide; it does not say why. Decide at its own page, or ask an administrator of the repository.',
    {},
    403,
  );
}

function decidedByOther({
  gateRun,
  decisions,
  environmentId,
}: RefusedDecision): RuleRefusal {
  const of = (state: string) =>
    decisions.findLast(
      decision =>
        decision.state === state &&
        !decision.user.bot &&
        decision.environmentIds.includes(environmentId),
    );
  const approved = of('approved');
  const rejected = of('rejected');
  // A rejection fails the run; the list also holds decisions of earlier attempts.
  const isRejected =
    rejected && (!approved || gateRun.conclusion === 'failure');
  if (isRejected) {
    const login = loginOf(rejected.user);
    return refusal('already_rejected', `${login} has rejected it already.`, {
      login,
    });
  }
  if (approved) {
    const login = loginOf(approved.user);
    return refusal('already_approved', `${login} has approved it already.`, {
      login,
    });
  }
  return refusal(
    'not_waiting',
    'The run does not wait for a decision any more.',
  );
}

function refusal(
  code: string,
  message: string,
  params: Record<string, string> = {},
  status: RuleRefusal['status'] = 409,
): RuleRefusal {
  return { code, status, message, params };
}
