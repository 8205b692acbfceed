import type { DoraMetricId, DoraSettings } from '../../contract';
import { excludedCountsOf } from './excludedOf';
import type { DoraFacts } from './facts';
import { linkFacts } from './linkFacts';
import type { Excluded, LinkedFacts } from './linked';
import type {
  DoraResult,
  MeasuredMetric,
  Rhythm,
  TimeWindow,
} from './measured';
import { metricsOf } from './metricsOf';
import { rhythmOf } from './rhythm';
import { rowsOfMetric } from './rows';
import { doraSettingsHash } from './settingsHash';
import { totalsOf } from './totals';
import { changeVerdictsOf, verdictsOf } from './verdicts';
import { bucketsOf, previousWindow } from './windows';

/**
 * All metrics of a window with their rows, from plain facts: what the pages show, and what `yarn dora` prints. Facts of several services
 * are pooled; each is linked by itself.
 *
 * @param facts - see docs/dora-facts.md; times in epoch milliseconds
 * @param window - half-open, epoch milliseconds
 * @param readExcluded - what was not usable when the facts were read (`readDoraFacts`)
 * @throws Error when the time zone of the settings is not known
 */
export function computeDora(
  facts: DoraFacts,
  settings: DoraSettings,
  window: TimeWindow,
  readExcluded: readonly Excluded[] = [],
): DoraResult {
  const found = linkFacts(facts, settings);
  const linked: LinkedFacts = {
    ...found,
    excluded: [...readExcluded, ...found.excluded],
  };
  const rows = rowsOf(linked, settings);
  const previous = previousWindow(window, settings.timeZone);
  const buckets = bucketsOf(window, settings.timeZone);
  const [now, before, ...trend] = totalsOf(
    {
      deployments: rows.deployments.map(({ deployment, verdicts }) => ({
        verdicts,
        provisionalUntil: deployment.provisionalUntil,
      })),
      changes: rows.changes,
      incidents: linked.incidents,
    },
    [window, previous, ...buckets],
    { method: settings.percentileMethod, asOf: facts.asOf },
  );
  const deployedAt = rows.deployments.flatMap(({ verdicts }) =>
    verdicts.deployed && verdicts.at !== undefined ? [verdicts.at] : [],
  );
  const first = smallest(
    rows.deployments.flatMap(({ verdicts: { tried, at } }) =>
      tried && at !== undefined ? [at] : [],
    ),
  );
  const dataSince = dataSinceOf(facts);
  const settingsHash = doraSettingsHash(settings);
  const metrics = metricsOf({
    window,
    totals: now,
    previous: {
      window: previous,
      totals: before,
      dataSince,
    },
    trend: buckets.map((bucket, i) => ({ bucket, totals: trend[i] })),
    excluded: excludedCountsOf(rows, window),
    rhythm: rhythmOfOne(linked, deployedAt, window, settings),
    // Whether the first one known is the first of all can only be said where data are known to reach back.
    since:
      first !== undefined && dataSince === undefined
        ? Math.min(first, previous.from)
        : first,
    settings,
    targets: [],
    asOf: facts.asOf,
  }).map(
    (metric): MeasuredMetric => ({
      ...metric,
      window,
      settingsHash,
      rows: idsOf(metric.id, rows, window),
    }),
  );
  return {
    window,
    previous,
    settings,
    settingsHash,
    metrics: Object.fromEntries(
      metrics.map(metric => [metric.id, metric]),
    ) as Record<DoraMetricId, MeasuredMetric>,
    linked,
  };
}

type Rows = ReturnType<typeof rowsOf>;

function rowsOf(
  { deployments, changes, excluded }: LinkedFacts,
  settings: DoraSettings,
) {
  return {
    deployments: deployments.map(deployment => ({
      deployment,
      verdicts: verdictsOf(deployment, settings),
    })),
    changes: changes.map(change => ({
      change,
      verdicts: changeVerdictsOf(change, settings),
    })),
    excluded,
  };
}

/** With `leadTimeStart: commit` a change stands there once for each of its values. */
function idsOf(metric: DoraMetricId, rows: Rows, window: TimeWindow): string[] {
  const { deployments, changes } = rowsOfMetric(metric, rows, window);
  return [
    ...deployments.map(({ deployment }) => deployment.id),
    ...changes.flatMap(({ change, verdicts }) =>
      verdicts.leadsMs.map(() => change.id),
    ),
  ];
}

/** Of several services together a rhythm would say nothing. */
function rhythmOfOne(
  { deployments }: LinkedFacts,
  deployedAt: number[],
  window: TimeWindow,
  { timeZone }: DoraSettings,
): Rhythm | undefined {
  const services = new Set(deployments.map(({ service }) => service));
  return services.size > 1 ? undefined : rhythmOf(deployedAt, window, timeZone);
}

/** Known only when it is known of every service. */
function dataSinceOf({ services }: DoraFacts): number | undefined {
  const times = services.flatMap(({ dataSince }) => dataSince ?? []);
  return times.length < services.length ? undefined : smallest(times);
}

function smallest(times: number[]): number | undefined {
  return times.length === 0
    ? undefined
    : times.reduce((a, b) => Math.min(a, b));
}
