import type { VendorIdentity } from './VendorActs';

/**
 * Says which users of the catalog stand for an account at the vendor. Exactly one must, and it must be who is signed in.
 * @public
 */
export interface IdentityResolver {
  /** Refs of User entities; none and several are both refused. */
  resolve(identity: VendorIdentity): Promise<string[]>;
}
