import type { DoraOutcome } from '../../contract';
import type { DeploymentSource, DeploymentSourceKind, Instant } from './facts';
import type { DoraAttempt } from './linked';

/** One attempt with what told of it. */
export interface ToldAttempt extends DoraAttempt {
  sources: DeploymentSource[];
  /** True: `startedAt` is when it was created, as nobody told more. */
  startIsCreation: boolean;
  waitedMs?: number;
}

const FAILED = new Set(['failed', 'timed_out', 'rolled_back']);
const ENDED = new Set([
  ...FAILED,
  ...['succeeded', 'startup_failure', 'cancelled', 'superseded'],
]);

/** The attempts of one deployment by number; what told nothing but that it was skipped makes none. */
export function attemptsOf(sources: DeploymentSource[]): ToldAttempt[] {
  const told = sources.filter(({ status }) => status !== 'skipped');
  const numbered = new Map<number, DeploymentSource[]>();
  for (const source of told) {
    const attempt = source.run?.attempt;
    if (attempt === undefined) continue;
    const members = numbered.get(attempt);
    if (members) members.push(source);
    else numbered.set(attempt, [source]);
  }
  const spans = [...numbered]
    .sort(([a], [b]) => a - b)
    .map(([attempt, members]) => ({ attempt, members, ...spanOf(members) }));
  if (spans.length === 0 && told.length > 0) return [toAttempt(1, told)];
  for (const source of told) {
    if (source.run?.attempt !== undefined) continue;
    // Runtimes know of no attempts: the nearest one in time caused what they did.
    const { from, to } = spanOf([source]);
    const gap = (it: (typeof spans)[number]) =>
      Math.max(0, it.from - to, from - it.to);
    spans
      .reduce((best, each) => (gap(each) < gap(best) ? each : best))
      .members.push(source);
  }
  return spans.map(({ attempt, members }) => toAttempt(attempt, members));
}

function spanOf(sources: DeploymentSource[]): { from: Instant; to: Instant } {
  const begins = sources.flatMap(
    ({ startedAt, createdAt, finishedAt }) =>
      startedAt ?? createdAt ?? finishedAt ?? [],
  );
  const ends = sources.flatMap(
    ({ startedAt, createdAt, finishedAt }) =>
      finishedAt ?? startedAt ?? createdAt ?? [],
  );
  return {
    from: least(begins) ?? -Infinity,
    to: most(ends) ?? Infinity,
  };
}

function toAttempt(attempt: number, sources: DeploymentSource[]): ToldAttempt {
  const outcome = outcomeOf(sources);
  const createdAt = least(sources.flatMap(it => it.createdAt ?? []));
  const finishedAt = finishOf(outcome, sources);
  const begun =
    beginOf(sources.filter(it => it.source !== 'runtime_deployment')) ??
    beginOf(sources);
  // Nobody told when it began: as far back as it was created. What never acted never began.
  const acted = outcome === 'succeeded' || outcome === 'failed_in_production';
  const created =
    acted && begun === undefined && finishedAt !== undefined
      ? creationOf(sources, finishedAt)
      : undefined;
  const startedAt = begun ?? created;
  const waitedMs = most(
    sources.flatMap(it =>
      it.waitedMs !== undefined && it.waitedMs >= 0 ? it.waitedMs : [],
    ),
  );
  return {
    ...{ attempt, outcome, sources },
    startIsCreation: created !== undefined,
    ...(createdAt !== undefined && { createdAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(waitedMs !== undefined && { waitedMs }),
  };
}

function beginOf(sources: DeploymentSource[]): Instant | undefined {
  return least(sources.flatMap(it => it.startedAt ?? []));
}

function creationOf(sources: DeploymentSource[], finishedAt: Instant) {
  const of = (list: DeploymentSource[]) =>
    least(
      list.flatMap(it => it.createdAt ?? []).filter(at => at <= finishedAt),
    );
  return (
    of(sources.filter(it => it.source !== 'runtime_deployment')) ?? of(sources)
  );
}

/**
 * What became of an attempt. A failure in the runtime beats a green pipeline; the vendor's deployment, which is of the job that deploys,
 * beats its run, of which a later part may have failed; what the runtime brought to its end was deployed although nobody waited for it.
 */
function outcomeOf(sources: DeploymentSource[]): DoraOutcome {
  const runtime = ofKind(sources, 'runtime_deployment');
  if (runtime.some(({ status }) => FAILED.has(status))) {
    return 'failed_in_production';
  }
  const status = statusOf(speakersOf(sources));
  switch (status) {
    case 'startup_failure':
      return 'failed_before_production';
    case 'rolled_back':
      return 'failed_in_production';
    case 'failed':
    case 'timed_out':
      return wasTouched(sources)
        ? 'failed_in_production'
        : 'failed_before_production';
    case 'succeeded':
      return 'succeeded';
    default:
  }
  const lives = statusOf(runtime);
  if (lives === 'succeeded') return 'succeeded';
  switch (status ?? lives) {
    case 'cancelled':
      return 'cancelled';
    case 'superseded':
      return 'superseded';
    case 'waiting':
    case 'in_progress':
      return 'in_progress';
    default:
      return 'unknown';
  }
}

/** Who speaks for the pipeline. */
function speakersOf(sources: DeploymentSource[]): DeploymentSource[] {
  const vendor = ofKind(sources, 'vendor_deployment');
  if (vendor.some(({ status }) => ENDED.has(status))) return vendor;
  return sources.filter(it => it.source !== 'runtime_deployment');
}

const ORDER = [
  ...['rolled_back', 'failed', 'timed_out', 'startup_failure'],
  ...['succeeded', 'cancelled', 'superseded', 'in_progress', 'waiting'],
  'unknown',
];

/** Of several that speak: what is worst of those that ended, otherwise what is furthest. */
function statusOf(sources: DeploymentSource[]): string | undefined {
  const told = new Set<string>(sources.map(({ status }) => status));
  return ORDER.find(status => told.has(status));
}

/** Whether anything in the environment was changed: as told, otherwise told by a job that began or a runtime that acted. */
function wasTouched(sources: DeploymentSource[]): boolean {
  if (ofKind(sources, 'runtime_deployment').length > 0) return true;
  if (sources.some(({ touched }) => touched === true)) return true;
  if (sources.some(({ touched }) => touched === false)) return false;
  return sources.some(({ startedAt }) => startedAt !== undefined);
}

/** First success, where the runtime's counts before the vendor's and that before the run's; or the end of the failure. */
function finishOf(
  outcome: DoraOutcome,
  sources: DeploymentSource[],
): Instant | undefined {
  if (outcome === 'in_progress') return undefined;
  const good = sources.filter(({ status }) => status === 'succeeded');
  const bad = sources.filter(
    ({ status }) => FAILED.has(status) || status === 'startup_failure',
  );
  const ends = (list: DeploymentSource[]) =>
    list.flatMap(({ finishedAt }) => finishedAt ?? []);
  const rest = sources.filter(it => it.source !== 'runtime_deployment');
  if (outcome === 'succeeded') {
    // A service may have several parts in the runtime: users have it when the last one is there.
    return (
      most(ends(ofKind(good, 'runtime_deployment'))) ??
      least(ends(ofKind(good, 'vendor_deployment'))) ??
      least(ends(good))
    );
  }
  if (bad.length > 0) {
    return (
      most(ends(ofKind(bad, 'runtime_deployment'))) ??
      most(ends(ofKind(bad, 'vendor_deployment'))) ??
      most(ends(bad)) ??
      most(ends(rest))
    );
  }
  return most(ends(rest)) ?? most(ends(sources));
}

function ofKind(
  sources: DeploymentSource[],
  kind: DeploymentSourceKind,
): DeploymentSource[] {
  return sources.filter(({ source }) => source === kind);
}

function least(values: number[]): number | undefined {
  return values.length === 0
    ? undefined
    : values.reduce((a, b) => Math.min(a, b));
}

function most(values: number[]): number | undefined {
  return values.length === 0
    ? undefined
    : values.reduce((a, b) => Math.max(a, b));
}
