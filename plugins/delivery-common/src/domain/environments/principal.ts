import { plainOrNone } from './vendorText';

/** Who an ARN is of, short: the session of a role, or the name of a user. */
export function principalOf(arn: string | undefined): string | undefined {
  if (!arn) return undefined;
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role) return plainOrNone(`${session} (${role})`, 120);
  return plainOrNone(arn.replace(/^.*:(?:user\/|root$)/, ''), 120) ?? 'root';
}
