import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DoraMetricId } from '../../../contract';
import type { DoraResult } from '../measured';
import { DORA_UNIT_OF } from '../words';

const DOCS = join(__dirname, '../../../../../../docs');
const FOLDER = join(DOCS, 'examples/metrics');

/** What a metric is expected to be; what is not named is not compared. */
export interface ExpectedMetric {
  value: number | null;
  n: number;
  hits?: number;
  details?: Record<string, number | null>;
  excluded?: Record<string, number>;
  provisional?: boolean;
  /** `n` of each part of the trend. */
  trend?: number[];
}

/** What facts are expected to come to. */
export type Expected = Partial<Record<DoraMetricId, ExpectedMetric>> & {
  /** Codes of what counts, by the deployment that failed. */
  evidence?: Record<string, string[]>;
  /** Ids of what a rollback took out. */
  rolledBack?: string[];
};

/** A file of docs/examples/metrics: input of `yarn dora` with what it comes to, also with other settings. */
export interface MetricExample {
  file: string;
  input: { settings?: object } & Record<string, unknown>;
  /** All that is in the file. */
  whole: unknown;
  cases: { name?: string; settings: object; expected: Expected }[];
}

/** All of them, in order of their names. */
export function readMetricExamples(): MetricExample[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.json'))
    .sort()
    .map(file => {
      const content = readFileSync(join(FOLDER, file), 'utf8');
      const whole = JSON.parse(content);
      const { expect: expected, variants = [], ...input } = whole;
      return {
        ...{ file, input, whole },
        cases: [
          { settings: {}, expected },
          ...variants.map(
            (each: { name: string; settings: object; expect: Expected }) => ({
              ...{ name: each.name, settings: each.settings },
              expected: each.expect,
            }),
          ),
        ],
      };
    });
}

/** Text of docs/metrics.md. */
export function readMetricsDocs(): string {
  return readFileSync(join(DOCS, 'metrics.md'), 'utf8');
}

/** The numbers of an example as the docs state them, a line each. */
export function statedLines({ cases }: MetricExample): string[] {
  return cases.flatMap(({ name, expected }) => {
    const { evidence, rolledBack, ...metrics } = expected;
    const lines = [
      ...Object.entries(metrics).flatMap(([id, metric]) =>
        metricLines(id as DoraMetricId, metric),
      ),
      ...Object.entries(evidence ?? {}).map(
        ([id, codes]) => `${id} failed: ${codes.join(', ')}`,
      ),
      ...(rolledBack ? [`rolled back: ${rolledBack.join(', ')}`] : []),
    ];
    return name ? lines.map(line => `${name} -> ${line}`) : lines;
  });
}

/** What came out, in the shape of what was expected. */
export function foundAs(expected: Expected, result: DoraResult): Expected {
  const { evidence, rolledBack, ...metrics } = expected;
  const { deployments } = result.linked;
  return {
    ...Object.fromEntries(
      Object.entries(metrics).map(([id, each]) => [
        id,
        metricAs(each, result.metrics[id as DoraMetricId]),
      ]),
    ),
    ...(evidence && {
      evidence: Object.fromEntries(
        deployments
          .filter(({ failed }) => failed)
          .map(each => [
            each.id,
            each.evidence
              .filter(({ overruled }) => !overruled)
              .map(({ code }) => code),
          ]),
      ),
    }),
    ...(rolledBack && {
      rolledBack: deployments.filter(d => d.rolledBack).map(({ id }) => id),
    }),
  };
}

function metricAs(
  expected: ExpectedMetric,
  found: DoraResult['metrics'][DoraMetricId],
): ExpectedMetric {
  const { details, excluded, provisional, trend } = expected;
  return {
    ...{ value: found.value, n: found.n },
    ...(expected.hits !== undefined && { hits: found.hits }),
    ...(details && {
      details: Object.fromEntries(
        found.details
          .filter(({ id }) => id in details)
          .map(({ id, value }) => [id, value]),
      ),
    }),
    ...(excluded && {
      excluded: Object.fromEntries(
        found.excluded.map(({ reason, count }) => [reason, count]),
      ),
    }),
    ...(provisional !== undefined && { provisional: found.provisional }),
    ...(trend && { trend: found.trend.map(({ n }) => n) }),
  };
}

const DETAIL_UNITS: Record<string, string> = {
  days_per_week: 'count',
  per_100: 'count',
  open: 'count',
  per_attempt: 'ratio',
};

function metricLines(id: DoraMetricId, metric: ExpectedMetric): string[] {
  const { value, n, hits, details, excluded, provisional, trend } = metric;
  const counted = hits === undefined ? `n ${n}` : `${hits} of ${n}`;
  return [
    `${id} = ${stated(value, DORA_UNIT_OF[id])} (${counted})`,
    ...Object.entries(details ?? {}).map(
      ([name, detail]) =>
        `${id}.${name} = ${stated(detail, DETAIL_UNITS[name] ?? 'ms')}`,
    ),
    ...(trend ? [`${id} by week: ${trend.join(', ')}`] : []),
    ...(provisional === undefined
      ? []
      : [`${id} ${provisional ? 'is' : 'is not'} provisional`]),
    ...(excluded
      ? [
          `${id} leaves out: ${Object.entries(excluded)
            .map(([reason, count]) => `${reason} ${count}`)
            .join(', ')}`,
        ]
      : []),
  ];
}

function stated(value: number | null, unit: string): string {
  if (value === null) return 'no data';
  if (unit === 'ms') return spanOf(value);
  const number = String(Number(value.toFixed(4)));
  return unit.startsWith('per_')
    ? `${number} ${unit.replace('_', ' ')}`
    : number;
}

function spanOf(ms: number): string {
  const minutes = ms / 60_000;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
