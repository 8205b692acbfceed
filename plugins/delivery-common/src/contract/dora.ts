import { z } from 'zod';
import { comment } from './acts';
import { reason, time } from './shapes';

/** DORA's five, then the four of deployments. */
export const DORA_METRICS = [
  'lead_time',
  'deployment_frequency',
  'recovery_time',
  'change_fail_rate',
  'rework_rate',
  'deployment_duration',
  'deployment_success_rate',
  'rollback_frequency',
  'time_to_recovery',
] as const;
/** @public */
export type DoraMetricId = (typeof DORA_METRICS)[number];

export const DORA_UNITS = [
  'ms',
  'ratio',
  'per_day',
  'per_week',
  'count',
] as const;
/** @public */
export type DoraUnit = (typeof DORA_UNITS)[number];

const metricId = z.enum(DORA_METRICS);
/** In an answer: what a newer server calls otherwise must not break the page. */
export const metricWord = z.enum([...DORA_METRICS, 'unknown']).catch('unknown');
const unitWord = z.enum([...DORA_UNITS, 'unknown']).catch('unknown');
const windowSchema = z.object({ from: time, to: time });

export const doraPointSchema = z.object({
  from: time,
  to: time,
  /** Null: nothing to tell of; drawn as a gap. */
  value: z.number().nullable(),
  /** What the value was made of. */
  n: z.number().int(),
  /** Of a rate: how many above the line. */
  hits: z.number().int().optional(),
  p75: z.number().nullable().optional(),
  p90: z.number().nullable().optional(),
  /** Rollbacks of the time, beside the deployments. */
  beside: z.number().int().optional(),
  /** The time is cut by the window; nothing is scaled up. */
  partial: z.boolean(),
  /** Late evidence may still change it. */
  provisional: z.boolean(),
});

export const doraBandSchema = z.object({
  /** `quick_check`, `tiers`, `target`. */
  scale: z.enum(['quick_check', 'tiers', 'target', 'unknown']).catch('unknown'),
  /** A threshold without its year says nothing. */
  year: z.number().int(),
  /** `one day to one week`, `elite`, `under 15 %`. */
  label: z.string(),
  /** Compared with the mean of the survey, or the target. */
  verdict: z
    .enum(['better', 'about', 'worse', 'met', 'missed', 'none'])
    .catch('none'),
  /** `better than the mean (19 % ± 21, 2025)`. */
  text: z.string(),
});

export const doraMetricSchema = z.object({
  id: metricWord,
  /** Null: no data, never 0 for it. */
  value: z.number().nullable(),
  /** How many rows are behind it. */
  n: z.number().int(),
  /** Of a rate: how many of them are above the line. */
  hits: z.number().int().optional(),
  unit: unitWord,
  /** A sentence made of the settings in use. */
  definition: z.string(),
  provisional: z.boolean(),
  /** True: fewer than the setting `smallSample`. */
  small: z.boolean(),
  excluded: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  /** Numbers beside it: `p75`, `p90`, `count`, `days_per_week`, `gap`, `queue`, `wait`, `per_attempt`, `per_100`, `open`, `detect`, `incident_open`. */
  details: z.array(
    z.object({
      id: z.string(),
      value: z.number().nullable(),
      unit: unitWord,
      n: z.number().int().optional(),
    }),
  ),
  /** The same of the window before; null: no data. */
  previous: z.object({ value: z.number().nullable(), n: z.number().int() }),
  bands: z.array(doraBandSchema),
  trend: z.array(doraPointSchema),
});

export const DORA_SCOPES = [
  'service',
  'team',
  'system',
  'domain',
  'portal',
] as const;
/** @public */
export type DoraScopeKind = (typeof DORA_SCOPES)[number];

const scopeShape = {
  scope: z.enum(DORA_SCOPES),
  /** Ref of the component, group, system or domain; absent for the portal. */
  ref: z.string().max(200).optional(),
};

export const doraQuerySchema = z.object({
  ...scopeShape,
  /** Whole days back from now. Default 90. */
  days: z.coerce.number().int().min(1).max(730).optional(),
  /** Instead of `days`: half-open, epoch milliseconds. */
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
});

/** One service beside the others: for a distribution, never a ranking. */
export const doraServiceSchema = z.object({
  entityRef: z.string(),
  title: z.string(),
  owner: z.string().optional(),
  system: z.string().optional(),
  values: z.array(
    z.object({
      metric: metricWord,
      value: z.number().nullable(),
      n: z.number().int(),
      hits: z.number().int().optional(),
    }),
  ),
});

export const doraReportSchema = z.object({
  scope: z.object({
    kind: z.enum([...DORA_SCOPES, 'unknown']).catch('unknown'),
    ref: z.string().optional(),
    title: z.string().optional(),
    /** How many services with facts are in it. */
    services: z.number().int(),
  }),
  window: windowSchema,
  previous: windowSchema,
  /** All of `DoraSettings`; the page needs these. */
  settings: z.looseObject({
    timeZone: z.string(),
    leadTimeStart: z.string(),
    percentileMethod: z.string(),
    includeRollbacks: z.boolean(),
    smallSample: z.number().int(),
  }),
  settingsHash: z.string(),
  metrics: z.array(doraMetricSchema),
  /** Of anything but a service: each of its services. Sorted by title. */
  distribution: z.array(doraServiceSchema).optional(),
  /** Of anything but a service: what else can be looked at, of the services the caller may read. */
  choices: z
    .array(
      z.object({
        scope: z.enum([...DORA_SCOPES, 'unknown']).catch('unknown'),
        ref: z.string(),
        services: z.number().int(),
      }),
    )
    .optional(),
  /** Before this moment nothing was read. */
  dataSince: time.optional(),
  /** What keeps numbers from being whole, each a sentence. */
  notes: z.array(reason),
  /** True: something is still being read or computed, so numbers will move. */
  pending: z.boolean(),
  /** True: the caller may say that a deployment failed, or did not. Only for a service. */
  mayOverride: z.boolean(),
  /** Channel of live updates: `delivery:<signalKey>`. */
  signalKey: z.string(),
  asOf: time,
});

/** The four tiles of the tab and the line of the card: the metrics of the last 90 days, without their rows. */
export const doraTilesSchema = z.object({
  days: z.number().int(),
  items: z.array(
    doraMetricSchema.pick({
      ...{ id: true, value: true, n: true, hits: true, unit: true },
      ...{ provisional: true, small: true, previous: true, bands: true },
    }),
  ),
});

export const doraExportQuerySchema = doraQuerySchema.extend({
  format: z.enum(['csv', 'json']),
  /** Absent: the numbers of all metrics; otherwise the rows of one. */
  metric: metricId.optional(),
});

export const doraOverrideBodySchema = z.object({
  entityRef: z.string().min(1).max(200),
  deploymentId: z.string().min(1).max(300),
  /** `clear`: what the evidence says holds again. */
  verdict: z.enum(['failed', 'not_failed', 'clear']),
  reason: comment,
});
export const doraMetricParams = z.object({ metric: metricId });

/** @public */
export type DoraPoint = z.infer<typeof doraPointSchema>;
/** @public */
export type DoraBand = z.infer<typeof doraBandSchema>;
/** @public */
export type DoraMetric = z.infer<typeof doraMetricSchema>;
/** @public */
export type DoraReport = z.infer<typeof doraReportSchema>;
/** @public */
export type DoraTiles = z.infer<typeof doraTilesSchema>;
/** @public */
export type DoraService = z.infer<typeof doraServiceSchema>;
/** @public */
export type DoraQuery = z.infer<typeof doraQuerySchema>;
/** @public */
export type DoraExportQuery = z.infer<typeof doraExportQuerySchema>;
/** @public */
export type DoraOverrideBody = z.infer<typeof doraOverrideBodySchema>;
