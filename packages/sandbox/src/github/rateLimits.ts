import { SandboxStore } from '../store/sandboxStore';
import { Actor } from './actor';

const HOUR = 3600_000;

export interface RateState {
  limit: number;
  used: number;
  remaining: number;
  /** Epoch milliseconds. */
  resetAt: number;
}

/** Primary rate limits: one window of an hour for each person, installation or address. */
export class RateLimits {
  private readonly windows = new Map<
    string,
    { used: number; resetAt: number }
  >();

  constructor(private readonly store: SandboxStore) {}

  private limitOf(actor: Actor): number {
    switch (actor.kind) {
      case 'anonymous':
        return 60;
      case 'installation': {
        const { login } = actor.account;
        const repos = [...this.store.repos.values()].filter(
          repo => repo.owner === login,
        ).length;
        const people = new Set(
          this.store.teams
            .filter(team => team.org === login)
            .flatMap(team => team.members),
        ).size;
        const extra =
          50 * Math.max(0, repos - 20) + 50 * Math.max(0, people - 20);
        return Math.min(12_500, 5000 + extra);
      }
      default:
        return 5000;
    }
  }

  private key(actor: Actor): string {
    switch (actor.kind) {
      case 'user':
        return `user ${actor.account.login}`;
      case 'installation':
        return `installation ${actor.installationId}`;
      default:
        return actor.kind;
    }
  }

  state(actor: Actor): RateState {
    const now = this.store.clock.now();
    const key = this.key(actor);
    let window = this.windows.get(key);
    if (!window || window.resetAt <= now) {
      window = { used: 0, resetAt: now + HOUR };
      this.windows.set(key, window);
    }
    const limit = this.limitOf(actor);
    return {
      limit,
      used: window.used,
      remaining: Math.max(0, limit - window.used),
      resetAt: window.resetAt,
    };
  }

  count(actor: Actor): void {
    this.state(actor);
    const window = this.windows.get(this.key(actor));
    if (window) window.used += 1;
  }

  clear(): void {
    this.windows.clear();
  }
}
