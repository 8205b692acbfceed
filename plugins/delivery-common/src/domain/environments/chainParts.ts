import type { Commit, HealthBoundary } from '../../contract';
import type { RuntimeHealth, RuntimeTask } from '../../runtime';
import type { RuntimeState } from './facts';

export type Boundary = HealthBoundary;

/** One revision of a service with the tasks that run it. */
export interface ChainPart {
  role: 'current' | 'new' | 'old';
  commit?: Commit;
  /** Percent of the traffic. */
  traffic?: number;
  /** Tasks that should run. */
  wanted: number;
  taskDefinition?: string;
  tasks: RuntimeTask[];
  /** The last stopped ones. */
  stopped: RuntimeTask[];
  /** Own target groups of the revision; empty: any of the service. */
  targetGroups: string[];
}

/** What every boundary is derived from. */
export interface ChainInput {
  runtime: RuntimeState & { service: NonNullable<RuntimeState['service']> };
  health?: RuntimeHealth;
  part: ChainPart;
  moving: boolean;
}

/** A boundary without cause and facts, unless told. */
export function boundary(
  name: Boundary['boundary'],
  state: Boundary['state'],
  summary: string,
  more: Partial<Boundary> = {},
): Boundary {
  return { boundary: name, state, summary, facts: [], ...more };
}

/** Reads of the page that failed for a part of it. */
export function failedPart(
  health: RuntimeHealth | undefined,
  word: RegExp,
): string | undefined {
  return health?.problems.find(({ part }) => word.test(part))?.message;
}

/** A fact only when there is something to tell. */
export function fact(
  label: string,
  value: string | number | undefined,
): Boundary['facts'] {
  return value === undefined || value === ''
    ? []
    : [{ label, value: String(value) }];
}
