import { AwsError } from '../cloud';
import { AwsRecords } from '../records';
import { Principal } from './operation';
import {
  isSignedWith,
  readSignature,
  Signature,
  SignedRequest,
} from './protocol/signature';

/** Keys that do not expire. */
const USERS = [
  {
    accessKeyId: 'AKIASANDBOXPORTAL',
    secretAccessKey: 'sandbox-portal-secret',
    accountId: '111111111111',
    user: 'portal',
  },
];

interface Key {
  secretAccessKey: string;
  expiresAt: number;
  principal: Principal;
}

/** Sixteen letters and digits that AWS would have given the role. */
const roleId = (role: string) =>
  `AROA${Buffer.from(role)
    .toString('hex')
    .toUpperCase()
    .padEnd(16, '0')}`.slice(0, 20);

export const assumedRole = (
  accountId: string,
  role: string,
  session: string,
): Principal => ({
  accountId,
  arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
  userId: `${roleId(role)}:${session}`,
  role,
});

function findKey(
  records: AwsRecords,
  accessKeyId: string,
  token: string,
): Key | undefined {
  const user = USERS.find(known => known.accessKeyId === accessKeyId);
  if (user) {
    return {
      secretAccessKey: user.secretAccessKey,
      expiresAt: Infinity,
      principal: {
        accountId: user.accountId,
        arn: `arn:aws:iam::${user.accountId}:user/${user.user}`,
        userId: 'AIDASANDBOXPORTAL000',
      },
    };
  }
  const session = records.sessions.find(
    known => known.accessKeyId === accessKeyId && known.sessionToken === token,
  );
  return (
    session && {
      secretAccessKey: session.secretAccessKey,
      expiresAt: session.expiresAt,
      principal: {
        ...assumedRole(
          session.accountId,
          session.roleName,
          session.sessionName,
        ),
        session,
      },
    }
  );
}

/**
 * Who signed the request. Errors are those of JSON services; query ones are told with other words.
 * @throws AwsError MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException,
 * ExpiredTokenException or InvalidSignatureException
 */
export function authenticate(
  records: AwsRecords,
  request: SignedRequest,
  now: number,
): { signature: Signature; principal: Principal } {
  const { authorization } = request.headers;
  if (!authorization) {
    throw new AwsError(
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    );
  }
  const signature = readSignature(authorization);
  if (!signature) {
    throw new AwsError(
      'IncompleteSignatureException',
      'Authorization header is not of the form "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…".',
    );
  }
  const token = request.headers['x-amz-security-token'];
  const key = findKey(
    records,
    signature.accessKeyId,
    typeof token === 'string' ? token : '',
  );
  if (!key) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  if (key.expiresAt <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
    );
  }
  if (!isSignedWith(key.secretAccessKey, request, signature)) {
    throw new AwsError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  return { signature, principal: key.principal };
}
