import { createHmac, randomBytes, verify } from 'crypto';
import { GitHubError } from '../state';
import { TokenRecord } from '../store/records';
import { SandboxStore } from '../store/sandboxStore';
import { Actor } from './actor';
import {
  GitHubApp,
  installationIdOf,
  installedAccounts,
  OAuthApplication,
  OTHER_APPLICATION,
  UserApplication,
} from './gitHubApp';

const HOUR = 3600_000;
/** A used refresh token goes on working for this long: three open tabs refresh at the same time. */
export const REFRESH_GRACE_MS = 30_000;
/** Life of a user token of the App, as at GitHub. */
export const USER_TOKEN_MS = 8 * HOUR;
const REFRESH_TOKEN_MS = 183 * 24 * HOUR;
const PERSONAL = /^ghp_sandbox_([A-Za-z0-9-]+)$/;

function fresh(prefix: string): string {
  return `${prefix}_${randomBytes(27)
    .toString('base64url')
    .replace(/[-_]/g, 'x')}`;
}

/** Hands out tokens and knows whose they are. */
export class Tokens {
  constructor(
    private readonly store: SandboxStore,
    private readonly app: GitHubApp,
    private readonly provisioner: UserApplication,
  ) {}

  /** The App that a user token belongs to. Tokens of other applications may do what those of the portal's may. */
  private applicationOf(record: TokenRecord): UserApplication {
    const { provisioner } = this;
    return record.clientId === provisioner.clientId ? provisioner : this.app;
  }

  /** The application with this id and secret. */
  client(id: string, secret: string): OAuthApplication | undefined {
    return [this.app, this.provisioner, OTHER_APPLICATION].find(
      known => known.clientId === id && known.clientSecret === secret,
    );
  }

  private add(record: TokenRecord): TokenRecord {
    const now = this.store.clock.now();
    for (const [token, old] of this.store.tokens) {
      if (old.expiresAt <= now) this.store.tokens.delete(token);
    }
    this.store.tokens.set(record.token, record);
    this.store.changed();
    return record;
  }

  /** @param clientId - of the application the tokens are issued to; the App when absent */
  issueUser(
    login: string,
    scopes: string[],
    clientId = this.app.clientId,
  ): { access: TokenRecord; refresh: TokenRecord } {
    const createdAt = this.store.clock.now();
    const common = { login, scopes, createdAt, clientId };
    return {
      access: this.add({
        ...common,
        token: fresh('ghu'),
        kind: 'user',
        expiresAt: createdAt + USER_TOKEN_MS,
      }),
      refresh: this.add({
        ...common,
        token: fresh('ghr'),
        kind: 'refresh',
        expiresAt: createdAt + REFRESH_TOKEN_MS,
      }),
    };
  }

  /**
   * @returns undefined when the refresh token is unknown, of another application, expired or was used longer ago than
   *   the grace period
   */
  useRefresh(
    token: string,
    clientId = this.app.clientId,
  ): TokenRecord | undefined {
    const record = this.store.tokens.get(token);
    const now = this.store.clock.now();
    if (record?.kind !== 'refresh' || record.expiresAt <= now) return undefined;
    if (record.clientId !== clientId) return undefined;
    if (record.usedAt === undefined) {
      record.usedAt = now;
      this.store.changed();
    }
    return now - record.usedAt > REFRESH_GRACE_MS ? undefined : record;
  }

  issueInstallation(
    owner: string,
    permissions: Record<string, string>,
    repositoryIds: number[] | undefined,
  ): TokenRecord {
    const createdAt = this.store.clock.now();
    return this.add({
      token: fresh('ghs'),
      kind: 'installation',
      login: owner,
      createdAt,
      expiresAt: createdAt + HOUR,
      scopes: [],
      permissions,
      repositoryIds,
    });
  }

  revoke(token: string): void {
    if (this.store.tokens.delete(token)) this.store.changed();
  }

  /** @returns the record of a valid user token that was issued to this application and to no other */
  userToken(
    token: string,
    clientId = this.app.clientId,
  ): TokenRecord | undefined {
    const record = this.store.tokens.get(token);
    return record?.kind === 'user' &&
      record.clientId === clientId &&
      record.expiresAt > this.store.clock.now()
      ? record
      : undefined;
  }

  /**
   * Ends user tokens before their time: one, or all of a person at the App.
   * @param how - `expire` leaves refresh tokens alone, `revoke` takes them away as well
   * @returns how many there were
   */
  end(
    which: { token: string } | { login: string },
    how: 'expire' | 'revoke',
  ): number {
    const now = this.store.clock.now();
    const wanted = [...this.store.tokens.values()].filter(record => {
      if (record.expiresAt <= now) return false;
      if ('token' in which) return record.token === which.token;
      const kinds = how === 'expire' ? ['user'] : ['user', 'refresh'];
      return (
        record.login === which.login &&
        record.clientId === this.app.clientId &&
        kinds.includes(record.kind)
      );
    });
    for (const record of wanted) {
      if (how === 'expire') record.expiresAt = now;
      else this.store.tokens.delete(record.token);
    }
    if (wanted.length > 0) this.store.changed();
    return wanted.length;
  }

  /** Verifies the RS256 JWT an App signs to speak as itself. */
  private appOf(jwt: string): Actor {
    const [head, body, signature] = jwt.split('.');
    const signed = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${body}`),
      this.app.publicKey,
      Buffer.from(signature, 'base64url'),
    );
    if (!signed) {
      throw new GitHubError(401, 'A JSON web token could not be decoded');
    }
    const claims: { iss?: unknown; iat?: unknown; exp?: unknown } = JSON.parse(
      Buffer.from(body, 'base64url').toString('utf8'),
    );
    const issuer = String(claims.iss);
    if (issuer !== String(this.app.id) && issuer !== this.app.clientId) {
      throw new GitHubError(404, 'Integration not found');
    }
    // who signs uses the wall clock, also when a test drives the sandbox's own
    const now = Date.now() / 1000;
    if (typeof claims.exp !== 'number' || claims.exp <= now) {
      throw new GitHubError(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    }
    if (claims.exp > now + 660) {
      throw new GitHubError(
        401,
        "'Expiration time' claim ('exp') is too far in the future",
      );
    }
    if (typeof claims.iat !== 'number' || claims.iat > now + 5) {
      throw new GitHubError(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    }
    return { kind: 'app' };
  }

  private ofToken(token: string): Actor {
    const personal = PERSONAL.exec(token);
    const person = personal && this.store.account(personal[1]);
    if (person) {
      return {
        kind: 'user',
        account: person,
        token,
        viaApp: false,
        scopes: ['repo', 'workflow', 'read:org', 'read:user'],
      };
    }
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
      try {
        return this.appOf(token);
      } catch (error) {
        if (error instanceof GitHubError) throw error;
        throw new GitHubError(401, 'A JSON web token could not be decoded');
      }
    }
    const record = this.store.tokens.get(token);
    const account = record && this.store.account(record.login);
    if (
      !record ||
      !account ||
      record.kind === 'refresh' ||
      record.expiresAt <= this.store.clock.now()
    ) {
      throw new GitHubError(401, 'Bad credentials');
    }
    if (record.kind === 'user') {
      return {
        kind: 'user',
        account,
        token,
        viaApp: true,
        application: this.applicationOf(record),
        scopes: [],
      };
    }
    return {
      kind: 'installation',
      account,
      installationId: installationIdOf(account),
      token,
      permissions: record.permissions ?? {},
      repositoryIds: record.repositoryIds,
    };
  }

  /**
   * Who an `Authorization` header stands for.
   * @throws GitHubError 401 for credentials that are none
   */
  actorOf(authorization: string | undefined): Actor {
    if (!authorization) return { kind: 'anonymous' };
    const [scheme, value = ''] = authorization.trim().split(/\s+/, 2);
    switch (scheme.toLowerCase()) {
      case 'bearer':
      case 'token':
        return this.ofToken(value);
      case 'basic': {
        const pair = Buffer.from(value, 'base64').toString('utf8');
        const name = pair.slice(0, pair.indexOf(':'));
        const secret = pair.slice(pair.indexOf(':') + 1);
        const client = this.client(name, secret);
        if (client) return { kind: 'client', clientId: client.clientId };
        // git sends the token as password, some clients as user name
        return this.ofToken(
          secret === '' || secret === 'x-oauth-basic' ? name : secret,
        );
      }
      default:
        throw new GitHubError(401, 'Bad credentials');
    }
  }

  installationAccount(id: number) {
    return installedAccounts(this.store).find(
      account => installationIdOf(account) === id,
    );
  }
}

/** GitHub's webhook signature of a body. */
export function signatureOf(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
