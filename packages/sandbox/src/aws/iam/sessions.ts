import { randomBytes } from 'crypto';
import { AwsError } from '../cloud';
import type { AwsRecords, SessionRecord } from '../records';

const NAME = /^[\w+=,.@-]{2,64}$/;
/** Sessions are kept a while after they expired: their keys answer ExpiredToken and not "unknown". */
const KEPT_AFTER_EXPIRY_MS = 24 * 3600_000;
const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const letters = (count: number) =>
  [...randomBytes(count)].map(byte => KEY_LETTERS[byte % 32]).join('');

/** @throws AwsError ValidationError for what cannot name a session or a person */
export function checkName(name: string | undefined, member: string): void {
  if (name === undefined || !NAME.test(name)) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${
        name ?? 'null'
      }' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]* and have 2 to 64 characters`,
    );
  }
}

/**
 * Seconds a session shall last; an hour when nobody said.
 * @throws AwsError ValidationError outside of 15 minutes to 12 hours
 */
export function checkSeconds(seconds = 3600): number {
  if (seconds < 900 || seconds > 43_200) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have a value between 900 and 43200`,
    );
  }
  return seconds;
}

/** Gives temporary credentials and keeps them; `now` is epoch milliseconds. */
export function beginSession(
  records: AwsRecords,
  now: number,
  asked: Pick<
    SessionRecord,
    | 'accountId'
    | 'roleName'
    | 'sessionName'
    | 'sourceIdentity'
    | 'tags'
    | 'policy'
    | 'job'
  > & { seconds: number },
): SessionRecord {
  const { policy, job, seconds, ...who } = asked;
  const session: SessionRecord = {
    accessKeyId: `ASIA${letters(16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(96).toString('base64'),
    ...who,
    expiresAt: now + seconds * 1000,
    assumedAt: now,
    ...(policy === undefined ? {} : { policy }),
    acts: [],
    ...(job === undefined ? {} : { job }),
  };
  const kept = records.sessions.filter(
    old => old.expiresAt > now - KEPT_AFTER_EXPIRY_MS,
  );
  records.sessions.splice(0, records.sessions.length, ...kept, session);
  return session;
}
