import { ActorKind } from './actor';

export interface CallCount {
  method: string;
  /** As in GitHub's OpenAPI: `/repos/{owner}/{repo}/actions/runs`. */
  route: string;
  actor: ActorKind;
  calls: number;
  /** Of these, answered 304: free of the primary rate limit. */
  notModified: number;
}

/** How often each route was called and with which kind of token. */
export class CallCounters {
  private counts = new Map<string, CallCount>();

  add(
    method: string,
    route: string,
    actor: ActorKind,
    notModified: boolean,
  ): void {
    const key = `${method} ${route} ${actor}`;
    let count = this.counts.get(key);
    if (!count) {
      count = { method, route, actor, calls: 0, notModified: 0 };
      this.counts.set(key, count);
    }
    count.calls += 1;
    if (notModified) count.notModified += 1;
  }

  list(): CallCount[] {
    return [...this.counts.values()].sort((a, b) => b.calls - a.calls);
  }

  total(): number {
    return this.list().reduce((sum, count) => sum + count.calls, 0);
  }

  clear(): void {
    this.counts.clear();
  }
}
