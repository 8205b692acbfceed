import type { ConformanceReport } from 'backstage-plugin-delivery-common';
import type { ConformanceReading } from 'backstage-plugin-delivery-node';

/** What was read of a repository. */
export interface StoredReading {
  repoKey: string;
  /** Undefined: it was never possible. */
  reading?: ConformanceReading;
  readAt?: number;
  /** Sentence why the last try failed; what is stored is older then. */
  problem?: string;
}

/** What came out for a service. */
export interface StoredConformance {
  entityRef: string;
  repoKey: string;
  /** When it was read. */
  asOf: number;
  report: Pick<ConformanceReport, 'checks' | 'counts' | 'template'>;
}

/** Pipelines held against the rules. Times are epoch milliseconds; every method is one transaction. */
export interface ConformanceStore {
  /**
   * Repositories of known services to read now, those never read first: last tried before `before`, failed before `failedBefore`, or pushed
   * to with changes to their pipeline since.
   */
  due(query: {
    before: number;
    failedBefore: number;
    limit: number;
  }): Promise<string[]>;
  reading(repoKey: string): Promise<StoredReading | undefined>;
  saveReading(
    repoKey: string,
    reading: ConformanceReading,
    at: number,
  ): Promise<void>;
  /** What was read before stays. */
  failReading(repoKey: string, problem: string, at: number): Promise<void>;
  /** Replaces what is there of the repository: a service that has left it has no result any more. */
  saveResults(repoKey: string, results: StoredConformance[]): Promise<void>;
  /** Of these services, or of all. */
  results(entityRefs?: string[]): Promise<StoredConformance[]>;
  /** Repositories something was read of. */
  repoKeys(): Promise<string[]>;
}
