import { type Config, ConfigReader } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  DORA_METRICS,
  type DoraSettings,
  doraSettingsSchema,
} from 'backstage-plugin-delivery-common';
import type { DoraTarget } from 'backstage-plugin-delivery-common/domain';
import { z } from 'zod';
import { timeZone } from './policyConfig';

/** What the metrics are made by, beside the facts. */
export interface DoraConfig {
  settings: DoraSettings;
  /** Labels of issues that are incidents; lower case. Empty: issues are not read. */
  incidentLabels: string[];
  /** The portal's own aims, beside those of the surveys. */
  targets: DoraTarget[];
}

/** A duration as configuration writes it, or `never`: no limit. */
const limit = z.unknown().transform((value, context) => {
  if (value === 'never') return null;
  try {
    const config = new ConfigReader({ value: value as string });
    const ms = durationToMilliseconds(
      readDurationFromConfig(config, { key: 'value' }),
    );
    if (ms >= 0) return ms;
  } catch {
    // Falls through to the one sentence below.
  }
  context.addIssue({
    code: 'custom',
    message: "must be a duration, for example '24h', or 'never' for no limit",
  });
  return z.NEVER;
});

const written = z.strictObject({
  timeZone: timeZone.optional(),
  leadTimeStart: doraSettingsSchema.shape.leadTimeStart
    .removeDefault()
    .optional(),
  percentileMethod: doraSettingsSchema.shape.percentileMethod
    .removeDefault()
    .optional(),
  includeRollbacks: z.boolean().optional(),
  includeRedeploys: z.boolean().optional(),
  includeBots: z.boolean().optional(),
  changeFailDenominator: doraSettingsSchema.shape.changeFailDenominator
    .removeDefault()
    .optional(),
  perEnvironment: z.boolean().optional(),
  reworkBatch: doraSettingsSchema.shape.reworkBatch.removeDefault().optional(),
  smallSample: z.number().int().nonnegative().optional(),
  evidence: z
    .strictObject({
      runtimeRollback: z.boolean().optional(),
      checkFailed: z.boolean().optional(),
      rolledBack: z.boolean().optional(),
      incidentNamed: z.boolean().optional(),
      reverted: z.boolean().optional(),
      hotfixed: z.boolean().optional(),
      incidentByTime: z.boolean().optional(),
      deploymentFailed: z.boolean().optional(),
    })
    .optional(),
  windows: z
    .strictObject({
      rollback: limit.optional(),
      revert: limit.optional(),
      hotfix: limit.optional(),
      incident: limit.optional(),
    })
    .optional(),
  incidents: z
    .strictObject({
      labels: z.array(z.string().min(1).max(100)).max(10).optional(),
    })
    .optional(),
  targets: z
    .array(
      z.strictObject({
        metric: z.enum(DORA_METRICS),
        value: z.union([z.number().nonnegative(), z.string()]),
        year: z.number().int().min(2000).max(2200),
      }),
    )
    .max(50)
    .optional(),
});

/** Metrics whose number is a duration. */
const DURATIONS: readonly string[] = [
  'lead_time',
  'recovery_time',
  'deployment_duration',
  'time_to_recovery',
];

/**
 * Reads `delivery.dora`; everything has a default.
 *
 * @throws `Error` with one sentence that names the key and what to write there
 */
export function readDora(root: Config): DoraConfig {
  const result = written.safeParse(root.getOptional('delivery.dora') ?? {});
  if (!result.success) {
    const [issue] = result.error.issues;
    const key = ['delivery.dora', ...issue.path.map(String)].join('.');
    throw new Error(`Wrong configuration: ${key}: ${issue.message}.`);
  }
  const { incidents, targets, windows, evidence, ...rest } = result.data;
  return {
    settings: doraSettingsSchema.parse({
      ...defined(rest),
      evidence: defined(evidence ?? {}),
      windows: defined({
        rollbackMs: windows?.rollback,
        revertMs: windows?.revert,
        hotfixMs: windows?.hotfix,
        incidentMs: windows?.incident,
      }),
    }),
    incidentLabels: [
      ...new Set(
        (incidents?.labels ?? ['incident']).map(label => label.toLowerCase()),
      ),
    ],
    targets: (targets ?? []).map(readTarget),
  };
}

function readTarget(
  {
    metric,
    value,
    year,
  }: { metric: DoraTarget['metric']; value: number | string; year: number },
  index: number,
): DoraTarget {
  const wrong = (what: string) =>
    new Error(
      `Wrong configuration: delivery.dora.targets[${index}].value ${what}.`,
    );
  if (!DURATIONS.includes(metric)) {
    if (typeof value === 'number') return { metric, value, year };
    throw wrong(`of ${metric} must be a number, for example 0.15`);
  }
  const ms = limit.safeParse(value);
  if (ms.success && ms.data !== null && typeof value === 'string') {
    return { metric, value: ms.data, year };
  }
  throw wrong(`of ${metric} must be a duration, for example '24h'`);
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined),
  ) as Partial<T>;
}
