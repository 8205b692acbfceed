import { VendorRefusal, type UserToken } from 'backstage-plugin-delivery-node';

/** GitHub's are far shorter; its Apps give `ghu_…`, its OAuth Apps `gho_…`. */
const MAX = 300;

/** Tokens of installations, and ones that people made by hand: never of the application people sign in with. */
const FOREIGN = ['ghs_', 'ghp_', 'github_pat_'];

/**
 * The text of a token that is worth sending. Anything else could break out of the header it is put into, and the error of that
 * would show it.
 *
 * @throws `VendorRefusal` `token_not_ours`
 */
export function revealToken(token: UserToken): string {
  const value = token.reveal();
  const printable = /^[\x21-\x7e]+$/.test(value) && value.length <= MAX;
  if (printable && !FOREIGN.some(prefix => value.startsWith(prefix))) {
    return value;
  }
  throw tokenNotOurs(
    'This is not a token that signing in to GitHub through this portal gives. Sign in to GitHub here, then repeat what you did.',
  );
}

export function tokenNotOurs(message: string): VendorRefusal {
  return new VendorRefusal('token_not_ours', message);
}
