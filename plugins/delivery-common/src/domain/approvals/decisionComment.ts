import { stripControls } from '../stripControls';
import type { RecordedDecision } from './classifyRefusal';

/** Longest comment the vendor takes. */
const MAX = 1_024;
/** Longest ref of a user: a kind, a namespace and a name of 63 characters each, with their marks. */
const MAX_REF = 200;
const HEAD = 16;
const SUFFIX =
  /^(?:(.*) )?— (\S{1,200}) via portal,(?: attempt (\d{1,9}),)? ref ([A-Za-z0-9-]{1,64}), audit (\S{1,16})$/su;

/** What a comment that this portal wrote says. */
export interface PortalComment {
  text: string;
  userRef: string;
  /** Attempt of the run the decision is about; absent in comments of before. */
  attempt?: number;
  operationId: string;
  /** First characters of the hash of the audit's newest entry then. */
  auditHead: string;
}

/**
 * The comment that the vendor keeps with a decision: who, through what, which operation, and an anchor of the audit. Only the text is cut
 * when it is too long. One line, without control characters.
 */
export function decisionComment(input: {
  text: string;
  userRef: string;
  /** Pipelines read it: the vendor's list of decisions does not tell which attempt one is about. */
  attempt?: number;
  operationId: string;
  auditHead: string;
}): string {
  const ref = word(input.userRef).slice(0, MAX_REF) || 'unknown';
  const head = word(input.auditHead).slice(0, HEAD) || 'none';
  const attempt =
    input.attempt === undefined ? '' : ` attempt ${input.attempt},`;
  const suffix = `— ${ref} via portal,${attempt} ref ${input.operationId}, audit ${head}`;
  const text = cut(clean(input.text), MAX - suffix.length - 1);
  return text ? `${text} ${suffix}` : suffix;
}

/** The reverse of {@link decisionComment}; undefined for any other comment. Only what stands at the very end counts. */
export function readDecisionComment(
  comment: string,
): PortalComment | undefined {
  const match = SUFFIX.exec(comment.trimEnd());
  if (!match) return undefined;
  const [, text = '', userRef, attempt, operationId, auditHead] = match;
  return {
    ...{ text, userRef, operationId, auditHead },
    ...(attempt !== undefined && { attempt: Number(attempt) }),
  };
}

/** The record of exactly this operation, person, environment and decision. */
export function findDecision<T extends RecordedDecision>(
  decisions: T[],
  wanted: {
    operationId: string;
    /** The vendor's numeric id. */
    accountId: string;
    environmentId: string;
    state: 'approved' | 'rejected';
  },
): T | undefined {
  return decisions.find(
    ({ user, state, comment, environmentIds }) =>
      user.id === wanted.accountId &&
      state === wanted.state &&
      environmentIds.includes(wanted.environmentId) &&
      readDecisionComment(comment)?.operationId === wanted.operationId,
  );
}

function word(text: string): string {
  return clean(text).replace(/\s/gu, '');
}

function clean(text: string): string {
  return (
    stripControls(text.replace(/\s+/gu, ' '))
      // Half a character would not come back as it was sent.
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .trim()
  );
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const start = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(start) ? start.slice(0, -1) : start}…`;
}
