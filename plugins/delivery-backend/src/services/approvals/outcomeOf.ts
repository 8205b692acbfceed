import type { ApprovalRow } from '../../database/ApprovalStore';
import type { RunRow } from '../../database/rows';

/** The vendor fails a run that waited so long. */
export const LIFETIME_MS = 30 * 24 * 60 * 60_000;
/** Clocks differ, and the vendor may be a little early. */
const SLACK_MS = 60 * 60_000;

/** Longest comment that is kept; the vendor's own pages take less. */
const MAX_COMMENT = 2_000;

/** A decision as the vendor has it on record; it tells neither time nor attempt. */
export interface KnownDecision {
  login: string;
  state: 'approved' | 'rejected' | 'unknown';
  comment?: string;
  /** Its comment names an operation of this portal that really was a decision of this kind. */
  operation?: { approvalId?: string; actorRef: string; endedAt?: number };
}

/** What the end of an approval is told from. */
export interface OutcomeInput {
  row: ApprovalRow;
  /** Undefined: it is not known any more. */
  run: RunRow | undefined;
  /** Decisions of people about this environment, of any attempt so far. Undefined: could not be read. */
  decisions: KnownDecision[] | undefined;
  /** Those that were there before this attempt. Undefined: nobody looked then. */
  before: KnownDecision[] | undefined;
  /** The run at the vendor, read after the decisions: they are about this attempt or earlier ones. Undefined: not read. */
  vendor: { attempt: number; waiting: boolean } | undefined;
  now: number;
}

/** How an approval ended. */
export type Outcome = Pick<ApprovalRow, 'state' | 'closedAt' | 'decided'>;

/** True while the stored facts say that this attempt waits at this gate. */
export function waits(run: RunRow | undefined, row: ApprovalRow): boolean {
  return (
    run?.attempt === row.attempt &&
    run.status !== 'completed' &&
    isAmong(run.waitingFor, row.environment)
  );
}

export function isAmong(names: string[], environment: string): boolean {
  const wanted = environment.toLowerCase();
  return names.some(name => name.toLowerCase() === wanted);
}

/** What became of an approval that does not wait any more. Nobody is told to have decided unless it is certain to be about this attempt. */
export function outcomeOf(input: OutcomeInput): Outcome {
  const { row, run, now } = input;
  const own = ownDecision(row, input.decisions);
  if (own) return decidedBy(own, input);
  const other = vendorDecision(input);
  if (other) return decidedBy(other, input);
  return { state: endOf(input), closedAt: endedAt(run, row, now) };
}

/** The decision that this portal sent for exactly this approval. */
export function ownDecision(
  row: ApprovalRow,
  decisions: KnownDecision[] | undefined,
): KnownDecision | undefined {
  return decisions?.find(
    ({ operation, state }) =>
      state !== 'unknown' && operation?.approvalId === row.id,
  );
}

function vendorDecision(input: OutcomeInput): KnownDecision | undefined {
  const { row, run, decisions } = input;
  const before = row.attempt === 1 ? [] : input.before;
  if (!decisions || !before || !isOfThisAttempt(input)) return undefined;
  const left = ofNobodyYet(decisions, before);
  const rejected = left.find(({ state }) => state === 'rejected');
  const went = run?.status === 'completed' && run.conclusion === 'success';
  return rejected && !went
    ? rejected
    : left.find(({ state }) => state === 'approved') ?? rejected;
}

/** True when there is something of the vendor's own that could be about this attempt: then it has to be known where the run is. */
export function needsVendor({
  row,
  decisions,
  before,
}: Pick<OutcomeInput, 'row' | 'decisions' | 'before'>): boolean {
  return (
    decisions !== undefined &&
    !ownDecision(row, decisions) &&
    ofNobodyYet(decisions, before ?? []).length > 0
  );
}

function ofNobodyYet(
  decisions: KnownDecision[],
  before: KnownDecision[],
): KnownDecision[] {
  return without(
    decisions.filter(item => !item.operation),
    before,
  ).filter(({ state }) => state !== 'unknown');
}

/** The next attempt does not have a decision yet while it waits. */
function isOfThisAttempt({ row, vendor }: OutcomeInput): boolean {
  if (vendor?.attempt === row.attempt) return true;
  return vendor?.attempt === row.attempt + 1 && vendor.waiting;
}

/** Equal ones count as often as they are there. */
export function without(
  decisions: KnownDecision[],
  taken: KnownDecision[],
): KnownDecision[] {
  const keyOf = ({ login, state, comment }: KnownDecision) =>
    JSON.stringify([login.toLowerCase(), state, comment ?? '']);
  const counts = new Map<string, number>();
  taken.forEach(item =>
    counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1),
  );
  return decisions.filter(item => {
    const count = counts.get(keyOf(item)) ?? 0;
    if (count > 0) counts.set(keyOf(item), count - 1);
    return count === 0;
  });
}

function decidedBy(decision: KnownDecision, input: OutcomeInput): Outcome {
  const { login, comment, operation } = decision;
  const { row, run, now } = input;
  return {
    state: decision.state === 'rejected' ? 'rejected' : 'approved',
    closedAt: operation?.endedAt ?? endedAt(run, row, now),
    decided: {
      login,
      ...(operation
        ? { userRef: operation.actorRef, at: operation.endedAt }
        : {}),
      ...(comment ? { comment: comment.slice(0, MAX_COMMENT) } : {}),
      via: operation ? 'portal' : 'vendor',
    },
  };
}

function endOf({ row, run, now }: OutcomeInput): Outcome['state'] {
  if (!run) return 'unknown';
  if (run.attempt > row.attempt) return 'superseded';
  if (run.conclusion === 'cancelled') return 'cancelled';
  const waited = endedAt(run, row, now) - row.openedAt;
  return waited >= LIFETIME_MS - SLACK_MS ? 'expired' : 'unknown';
}

/** From the facts where they tell it: two replicas then say the same. */
function endedAt(
  run: RunRow | undefined,
  row: ApprovalRow,
  now: number,
): number {
  const at = run?.completedAt ?? run?.updatedAt ?? now;
  return Math.max(row.openedAt, at);
}
