/** Who may do what in the sandbox's AWS: accounts, roles, sessions. Times are epoch milliseconds, UTC. */

/** An account of the world: dev, qa, staging, production. */
export interface AccountRecord {
  id: string;
  name: string;
  /** Roles that may be assumed, by name; any other is refused with AccessDenied. */
  roles: string[];
}

/** A role with documents of its own: who may assume it and what it may do are JSON, as IAM keeps them. */
export interface RoleRecord {
  accountId: string;
  name: string;
  createdAt: number;
  /** Trust policy. */
  trust: string;
  /** Identity policy; changed here, it counts for sessions under way, too. */
  policy: string;
  tags: Record<string, string>;
}

/** Whose tokens AWS believes, as an OIDC provider of IAM; the keys are those AWS fetched from the issuer. */
export interface IdentityProviderRecord {
  /** Issuer without `https://`. */
  host: string;
  audiences: string[];
  /** Public keys as JWK. */
  keys: { kid: string; kty: string; n: string; e: string; alg: string }[];
}

/** Something a session has asked AWS to change. */
export interface SessionAct {
  /** `ecs:UpdateService` */
  operation: string;
  /** ARN of what it was about; `*` when it was not about one thing. */
  resource: string;
  /** Epoch milliseconds. */
  at: number;
  /** `ok`, or the type of the error. */
  outcome: string;
}

/** Temporary credentials that STS gave. */
export interface SessionRecord {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  accountId: string;
  roleName: string;
  sessionName: string;
  sourceIdentity: string | null;
  tags: Record<string, string>;
  expiresAt: number;
  /** Epoch milliseconds. Absent, like all below, in what was saved before it was kept. */
  assumedAt?: number;
  /** The session policy as it was given. */
  policy?: string;
  /** Newest last. */
  acts?: SessionAct[];
  /** The job of a pipeline that works with it, and where its calls go. */
  job?: { id: number; region: string };
}
