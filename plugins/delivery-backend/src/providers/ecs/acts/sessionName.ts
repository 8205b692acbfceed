import { createHash } from 'node:crypto';

/** What AWS allows in the name of a session and in a source identity. */
const LONGEST = 64;
const SHORTEST = 2;
const HASH_DIGITS = 20;
const USER = /^user:([A-Za-z0-9-]+)\/([\w.-]+)$/;

/**
 * The name of a person's session, and the source identity AWS keeps with everything done in it: `jane.doe`, or `jane.doe@partners` in a
 * namespace of its own. What does not fit is shortened and gets `=` and a hash, a character that no whole name has: two people never
 * have the same name, and no name can be made to look like somebody else's.
 */
export function sessionNameOf(userRef: string): string {
  const whole = wholeName(userRef);
  if (whole && whole.length >= SHORTEST && whole.length <= LONGEST) {
    return whole;
  }
  const hash = createHash('sha256')
    .update(userRef)
    .digest('hex')
    .slice(0, HASH_DIGITS);
  const readable = userRef
    .slice(userRef.lastIndexOf('/') + 1)
    .replace(/[^\w.-]/g, '_')
    .slice(0, LONGEST - HASH_DIGITS - 1);
  return `${readable}=${hash}`;
}

function wholeName(userRef: string): string | undefined {
  const [, namespace, name] = USER.exec(userRef) ?? [];
  if (name === undefined) return undefined;
  return namespace === 'default' ? name : `${name}@${namespace}`;
}
