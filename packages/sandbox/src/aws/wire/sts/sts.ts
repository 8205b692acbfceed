import { randomBytes } from 'crypto';
import {
  AssumeRole$,
  GetCallerIdentity$,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  type GetCallerIdentityCommandInput,
  type GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { AwsError } from '../../cloud';
import { SessionRecord } from '../../records';
import { assumedRole } from '../authenticate';
import { ACTING_ROLE, hasFault } from '../authorize';
import { readPolicy } from '../policy';
import { AwsCall, AwsService, operationMap, reading } from '../operation';

const NAME = /^[\w+=,.@-]{2,64}$/;
/** Sessions are kept a while after they expired: their keys answer ExpiredToken and not "unknown". */
const KEPT_AFTER_EXPIRY_MS = 24 * 3600_000;
const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const letters = (count: number) =>
  [...randomBytes(count)].map(byte => KEY_LETTERS[byte % 32]).join('');

function checkName(name: string | undefined, member: string): void {
  if (name === undefined || !NAME.test(name)) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${
        name ?? 'null'
      }' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]* and have 2 to 64 characters`,
    );
  }
}

function roleOf(
  call: AwsCall,
  arn: string | undefined,
  sourceIdentity: string | undefined,
) {
  const match = /^arn:aws:iam::(\d{12}):role\/([\w+=,.@-]+)$/.exec(arn ?? '');
  const account = call.records.accounts.find(({ id }) => id === match?.[1]);
  const role = account?.roles.find(name => name === match?.[2]);
  if (
    !account ||
    !role ||
    (role === ACTING_ROLE && !sourceIdentity) ||
    hasFault(call.records, account.id, 'access-denied', call.now)
  ) {
    throw new AwsError(
      'AccessDenied',
      `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      403,
    );
  }
  return { accountId: account.id, role };
}

const assumeRole = {
  ...reading<AssumeRoleCommandInput, AssumeRoleCommandOutput>(
    AssumeRole$,
    (input, call) => {
      checkName(input.RoleSessionName, 'roleSessionName');
      if (input.SourceIdentity !== undefined) {
        checkName(input.SourceIdentity, 'sourceIdentity');
      }
      const { accountId, role } = roleOf(
        call,
        input.RoleArn,
        input.SourceIdentity,
      );
      const seconds = input.DurationSeconds ?? 3600;
      if (seconds < 900 || seconds > 43_200) {
        throw new AwsError(
          'ValidationError',
          `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have a value between 900 and 43200`,
        );
      }
      if (input.Policy !== undefined) readPolicy(input.Policy);
      const session: SessionRecord = {
        accessKeyId: `ASIA${letters(16)}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(96).toString('base64'),
        accountId,
        roleName: role,
        sessionName: input.RoleSessionName ?? '',
        sourceIdentity: input.SourceIdentity ?? null,
        tags: Object.fromEntries(
          (input.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']),
        ),
        expiresAt: call.now + seconds * 1000,
        assumedAt: call.now,
        ...(input.Policy === undefined ? {} : { policy: input.Policy }),
        acts: [],
      };
      const { records } = call;
      const kept = records.sessions.filter(
        old => old.expiresAt > call.now - KEPT_AFTER_EXPIRY_MS,
      );
      records.sessions.splice(0, records.sessions.length, ...kept, session);
      const { arn, userId } = assumedRole(accountId, role, session.sessionName);
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: new Date(session.expiresAt),
        },
        AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
        ...(session.sourceIdentity === null
          ? {}
          : { SourceIdentity: session.sourceIdentity }),
      };
    },
  ),
  saves: true,
};

const getCallerIdentity = reading<
  GetCallerIdentityCommandInput,
  GetCallerIdentityCommandOutput
>(GetCallerIdentity$, (_input, { principal }) => ({
  UserId: principal.userId,
  Account: principal.accountId,
  Arn: principal.arn,
}));

export const STS: AwsService = {
  scope: 'sts',
  name: 'sts',
  query: {
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
  operations: operationMap([assumeRole, getCallerIdentity]),
};
