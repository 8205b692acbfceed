import type {
  Account,
  ChangeRange,
  GateReading,
  GateRun,
} from 'backstage-plugin-delivery-common/domain';
import type { RepositoryScope, RunRef } from './DeliveryProvider';
import type { UserToken } from './UserToken';

/** Whose token it is, as the vendor proved it. @public */
export interface VendorIdentity {
  host: string;
  /** Numeric id as text: survives renames. */
  id: string;
  /** What `github.com/user-id` of a User entity holds. */
  nodeId: string;
  /** Changes when the account is renamed. */
  login: string;
}

/** A run and the gate of one of its environments. @public */
export interface GateRef extends RunRef {
  /** The vendor's name of the environment. */
  environment: string;
}

/** What a call that changes something gave. `requestId` is the vendor's, for its support. @public */
export interface VendorReceipt {
  requestId?: string;
}

/** A decision as the vendor has it on record. @public */
export interface DecisionRecord {
  user: Account;
  state: 'approved' | 'rejected' | 'unknown';
  comment: string;
  environmentIds: string[];
}

/** A check of a commit. @public */
export interface CommitCheck {
  name: string;
  status: string;
  conclusion?: string;
  completedAt?: number;
  url?: string;
}

/**
 * What a provider can do in a person's name, and what it reads for that. `token` absent: with the portal's own credentials, for views
 * only. Reading methods throw as those of `DeliveryProvider`. Writing methods send exactly ONE request, never again, whatever comes
 * back, and throw {@link VendorRefusal} when the vendor said no or {@link VendorSilence} when nobody knows whether it was done.
 * @public
 */
export interface VendorActs {
  /** Proves that the token was issued to this portal's own application. Throws {@link VendorRefusal} `token_not_ours`, `token_expired`. */
  identify(
    host: string,
    token: UserToken,
    signal: AbortSignal,
  ): Promise<VendorIdentity>;
  /** Run, its attempts, its waiting deployments: about four calls. */
  readGateRun(
    gate: GateRef,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<GateRun>;
  /** The environment and its protection. Undefined: the run does not wait there (any more) and there is no such environment. */
  readGate(
    gate: GateRef,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<GateReading | undefined>;
  /** Protection of an environment, whatever waits; undefined: there is no such environment. */
  readEnvironment(
    scope: RepositoryScope,
    environment: string,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<GateReading | undefined>;
  /** Commits with accounts, pull requests and files: one call for each 100 commits (2,000 at most), one for each pull request (50 at most). */
  readRange(
    scope: RepositoryScope,
    range: { base: string; head: string },
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<ChangeRange>;
  readChecks(
    scope: RepositoryScope,
    sha: string,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<CommitCheck[]>;
  /** Decisions of people only, without the rows of bots and timers. */
  readDecisions(
    run: RunRef,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<DecisionRecord[]>;
  decide(
    gate: GateRef,
    decision: {
      environmentId: string;
      state: 'approved' | 'rejected';
      comment: string;
    },
    person: { token: UserToken; identity: VendorIdentity },
    signal: AbortSignal,
  ): Promise<VendorReceipt>;
  rerun(
    run: RunRef,
    failedOnly: boolean,
    person: { token: UserToken; identity: VendorIdentity },
    signal: AbortSignal,
  ): Promise<VendorReceipt>;
  cancel(
    run: RunRef,
    person: { token: UserToken; identity: VendorIdentity },
    signal: AbortSignal,
  ): Promise<VendorReceipt>;
  /** `runKey` is absent where the vendor does not tell which run it started. */
  dispatch(
    scope: RepositoryScope,
    request: { workflow: string; ref: string; inputs: Record<string, string> },
    person: { token: UserToken; identity: VendorIdentity },
    signal: AbortSignal,
  ): Promise<VendorReceipt & { runKey?: string; url?: string }>;
}

/** The vendor said no: nothing was done. `message` is a sentence of ours, never the vendor's text. @public */
export class VendorRefusal extends Error {
  override name = 'VendorRefusal';
  readonly code: string;
  readonly params: Record<string, string>;

  /**
   * @param code - `token_not_ours`, `token_expired`, `sso_required` (with `params.url`), `not_found`, `not_allowed`, `not_pending`,
   * `conflict`, `invalid`, `rate_limit`
   */
  constructor(
    code: string,
    message: string,
    params: Record<string, string> = {},
  ) {
    super(message);
    this.code = code;
    this.params = params;
  }
}

/** It was sent, and nobody knows whether it was done: look before saying anything, and never send it again. @public */
export class VendorSilence extends Error {
  override name = 'VendorSilence';
}
