/** A token the sandbox handed out. Times are epoch milliseconds. */
export interface TokenRecord {
  token: string;
  kind: 'user' | 'refresh' | 'installation';
  /** Login of the person, or of the organisation of the installation. */
  login: string;
  expiresAt: number;
  createdAt: number;
  scopes: string[];
  /** When a refresh token was used first; it works for 30 s more. */
  usedAt?: number;
  /** Permissions of an installation token, e.g. `{actions: 'write'}`. */
  permissions?: Record<string, string>;
  /** Repositories an installation token is limited to; all of the organisation when absent. */
  repositoryIds?: number[];
  /** OAuth client the token was issued to. */
  clientId?: string;
}

/** One attempt to deliver a webhook. Headers and bodies lie in a file, see `DeliveryFiles`. */
export interface DeliveryRecord {
  id: number;
  /** `X-GitHub-Delivery`; a redelivery has the same. */
  guid: string;
  event: string;
  action: string | null;
  deliveredAt: number;
  redelivery: boolean;
  /** Seconds. */
  duration: number;
  /** `OK`, or what went wrong. */
  status: string;
  /** 0 when there was no answer. */
  statusCode: number;
  installationId: number | null;
  repositoryId: number | null;
  stored: { file: string; offset: number; length: number } | null;
}
