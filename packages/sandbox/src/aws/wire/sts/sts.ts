import {
  AssumeRole$,
  AssumeRoleWithWebIdentity$,
  GetCallerIdentity$,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  type AssumeRoleWithWebIdentityCommandInput,
  type AssumeRoleWithWebIdentityCommandOutput,
  type GetCallerIdentityCommandInput,
  type GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { AwsError } from '../../cloud';
import { parseRoleArn } from '../../iam/roles';
import { roleForToken } from '../../iam/webIdentity';
import { SessionRecord } from '../../records';
import { beginSession, checkName, checkSeconds } from '../../iam/sessions';
import { assumedRole } from '../authenticate';
import { ACTING_ROLE, hasFault } from '../authorize';
import { readPolicy } from '../policy';
import {
  AwsCall,
  AwsService,
  Operation,
  operationMap,
  reading,
} from '../operation';

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

function credentialsBody(session: SessionRecord) {
  const { accountId, roleName, sessionName } = session;
  const { arn, userId } = assumedRole(accountId, roleName, sessionName);
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
  };
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
      const seconds = checkSeconds(input.DurationSeconds);
      if (input.Policy !== undefined) readPolicy(input.Policy);
      const session = beginSession(call.records, call.now, {
        accountId,
        roleName: role,
        sessionName: input.RoleSessionName ?? '',
        sourceIdentity: input.SourceIdentity ?? null,
        tags: Object.fromEntries(
          (input.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']),
        ),
        seconds,
        policy: input.Policy,
      });
      return {
        ...credentialsBody(session),
        ...(session.sourceIdentity === null
          ? {}
          : { SourceIdentity: session.sourceIdentity }),
      };
    },
  ),
  saves: true,
};

/** Nobody has signed it: the token says who asks. */
const assumeRoleWithWebIdentity: Operation = {
  ...reading<
    AssumeRoleWithWebIdentityCommandInput,
    AssumeRoleWithWebIdentityCommandOutput
  >(AssumeRoleWithWebIdentity$, (input, call) => {
    checkName(input.RoleSessionName, 'roleSessionName');
    const seconds = checkSeconds(input.DurationSeconds);
    if (input.Policy !== undefined) readPolicy(input.Policy);
    const asked = {
      roleArn: input.RoleArn,
      token: input.WebIdentityToken ?? '',
    };
    const { role, claims } = roleForToken(call.records, asked, call.now);
    const session = beginSession(call.records, call.now, {
      accountId: role.accountId,
      roleName: role.name,
      sessionName: input.RoleSessionName ?? '',
      sourceIdentity: null,
      tags: {},
      seconds,
      policy: input.Policy,
    });
    return {
      ...credentialsBody(session),
      SubjectFromWebIdentityToken: String(claims.sub),
      Audience: String(claims.aud),
      Provider: `arn:aws:iam::${role.accountId}:oidc-provider/${String(
        claims.iss,
      ).replace(/^https:\/\//, '')}`,
    };
  }),
  saves: true,
  unsigned: input => {
    const { RoleArn } = input as AssumeRoleWithWebIdentityCommandInput;
    return parseRoleArn(RoleArn)?.accountId;
  },
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
  operations: operationMap([
    assumeRole,
    assumeRoleWithWebIdentity,
    getCallerIdentity,
  ]),
};
