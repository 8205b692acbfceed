import type {
  Bucket,
  ChangeVerdicts,
  DeploymentVerdicts,
  DoraChange,
  DoraDeployment,
  DoraIncident,
  Excluded,
  OverrideFact,
  SpanTotals,
  TimeWindow,
} from 'backstage-plugin-delivery-common/domain';

/** A derived row with how it counts. */
export interface StoredDeployment {
  deployment: DoraDeployment;
  verdicts: DeploymentVerdicts;
}
export interface StoredChange {
  change: DoraChange;
  verdicts: ChangeVerdicts;
}

/** Everything derived of one service. */
export interface ServiceDora {
  deployments: StoredDeployment[];
  changes: StoredChange[];
  incidents: DoraIncident[];
  excluded: Excluded[];
  /** First moment the facts reach back to. */
  dataSince?: number;
}

/** `undefined`: all services. */
export type ServiceSet = readonly string[] | undefined;

/** A mark that something of a service changed. */
export interface DirtyMark {
  service: string;
  /** Earliest moment it concerns. */
  fromAt: number;
  markedAt: number;
}

/**
 * Derived rows of DORA: rebuilt from the facts at any time, read by the pages. Only this store adds up; what counts was said by the pure
 * functions and is stored with each row. One implementation for SQLite and Postgres. Times are epoch milliseconds.
 */
export interface DoraStore {
  // -- what is to be derived ---------------------------------------------------------------------------------------
  markDirty(
    services: { service: string; fromAt: number }[],
    now: number,
  ): Promise<void>;
  /** Oldest mark first. */
  dirty(limit: number): Promise<DirtyMark[]>;
  /** Ends the mark unless something was marked after `upTo`. */
  clean(service: string, upTo: number): Promise<void>;
  /** Services whose rows were made by other rules: `version` is the hash of settings and algorithm. */
  outdated(version: string): Promise<string[]>;
  /** Services that have a mark, or rows, in a set. */
  pending(services: ServiceSet): Promise<number>;

  // -- derived rows ---------------------------------------------------------------------------------------------------
  /** Replaces all rows of a service, writing only what differs. True when something does. */
  save(
    service: string,
    linked: ServiceDora,
    made: { version: string; at: number },
  ): Promise<boolean>;
  /** Rows of services that are not in the catalog any more are kept but in no answer unless asked for by name. */
  forget(service: string): Promise<void>;
  /** Services with rows, sorted. */
  services(): Promise<{ service: string; dataSince?: number }[]>;

  // -- reads ------------------------------------------------------------------------------------------------------------
  /** Deployments whose moment (finish; without one start or creation) lies in the window, oldest first. */
  deployments(
    services: ServiceSet,
    window: TimeWindow,
  ): Promise<StoredDeployment[]>;
  deployment(
    service: string,
    id: string,
  ): Promise<StoredDeployment | undefined>;
  /** Failures that ended in the window. */
  recovered(
    services: ServiceSet,
    window: TimeWindow,
  ): Promise<StoredDeployment[]>;
  /** Changes deployed in the window, oldest first; `excluded`: with those left out, by deployed or merged. */
  changes(
    services: ServiceSet,
    window: TimeWindow,
    options?: { excluded?: boolean },
  ): Promise<StoredChange[]>;
  /** Incidents that began or were resolved in the window. */
  incidents(services: ServiceSet, window: TimeWindow): Promise<DoraIncident[]>;
  /** What became no row, by its moment; what has none is in every window. */
  excluded(services: ServiceSet, window: TimeWindow): Promise<Excluded[]>;
  /**
   * Sums and exact percentiles of each span, added up by the database from the verdicts. Equal to `totalsOf` of the pure functions over
   * the same rows. Spans may overlap.
   */
  totals(
    services: ServiceSet,
    spans: (TimeWindow | Bucket)[],
    options: { method: 'continuous' | 'lower'; asOf: number },
  ): Promise<SpanTotals[]>;
  /** The same for each service apart, of one span. */
  totalsByService(
    services: ServiceSet,
    span: TimeWindow,
    options: { method: 'continuous' | 'lower'; asOf: number },
  ): Promise<Map<string, SpanTotals>>;
  /** Counts of what was left out, by reason: rows that do not count in the window, and what `excluded` gives. */
  excludedCounts(
    services: ServiceSet,
    window: TimeWindow,
  ): Promise<
    { what: Excluded['what']; reason: Excluded['reason']; count: number }[]
  >;

  // -- the word of people ----------------------------------------------------------------------------------------------
  saveOverride(service: string, override: OverrideFact): Promise<void>;
  clearOverride(service: string, deploymentId: string): Promise<void>;
  overrides(service: string): Promise<OverrideFact[]>;
}
