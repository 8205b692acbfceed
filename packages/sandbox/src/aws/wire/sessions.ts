import { AwsRecords, SessionAct, SessionRecord } from '../records';

/** More than anybody does in one session; what is older is forgotten. */
const MOST_ACTS = 200;

/** Keeps with a session what it wanted changed, refused wishes too. Without one (a user's key) there is nowhere to keep it. */
export function noteAct(
  session: SessionRecord | undefined,
  act: SessionAct,
): void {
  if (!session) return;
  session.acts = [...(session.acts ?? []), act].slice(-MOST_ACTS);
}

/** A session as CloudTrail would let one find it: everything but its keys. Times are epoch milliseconds. */
export interface ShownSession {
  accountId: string;
  role: string;
  sessionName: string;
  sourceIdentity: string | null;
  tags: Record<string, string>;
  /** As JSON when it can be read as such. */
  policy: unknown;
  assumedAt: number | null;
  expiresAt: number;
  acts: SessionAct[];
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/**
 * Sessions that were begun, newest first; they are kept for a day after their end.
 * @param role - only those of this role
 */
export function sessionsOf(records: AwsRecords, role?: string): ShownSession[] {
  return records.sessions
    .filter(({ roleName }) => role === undefined || roleName === role)
    .map(session => ({
      accountId: session.accountId,
      role: session.roleName,
      sessionName: session.sessionName,
      sourceIdentity: session.sourceIdentity,
      tags: session.tags,
      policy: session.policy === undefined ? null : json(session.policy),
      assumedAt: session.assumedAt ?? null,
      expiresAt: session.expiresAt,
      acts: session.acts ?? [],
    }))
    .reverse();
}
