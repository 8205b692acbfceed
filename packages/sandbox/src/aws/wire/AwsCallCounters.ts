/** How often one operation was called in one account and region. */
export interface AwsCallCount {
  accountId: string;
  region: string;
  /** `ecs.DescribeServices` */
  operation: string;
  calls: number;
  /** Of these, refused for going too fast. */
  throttled: number;
  /** Of these, answered with any other error. */
  failed: number;
}

/** Calls by account, region and operation, refused ones too. */
export class AwsCallCounters {
  private readonly counts = new Map<string, AwsCallCount>();

  add(
    place: { accountId: string; region: string },
    operation: string,
    outcome: 'ok' | 'throttled' | 'failed',
  ): void {
    const key = [place.accountId, place.region, operation].join(' ');
    let count = this.counts.get(key);
    if (!count) {
      count = {
        accountId: place.accountId,
        region: place.region,
        operation,
        calls: 0,
        throttled: 0,
        failed: 0,
      };
      this.counts.set(key, count);
    }
    count.calls += 1;
    if (outcome !== 'ok') count[outcome] += 1;
  }

  /** The most called first; copies. */
  snapshot(): AwsCallCount[] {
    return [...this.counts.values()]
      .map(count => ({ ...count }))
      .sort((a, b) => b.calls - a.calls);
  }

  total(): number {
    return this.snapshot().reduce((sum, count) => sum + count.calls, 0);
  }

  reset(): void {
    this.counts.clear();
  }
}
