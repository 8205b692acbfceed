import { z } from 'zod';
import { ROLLOUT_STATUSES, STRATEGIES } from '../runtime';
import { duration, problem, reason, time } from './shapes';

/** Where in the way to production an environment stands, low first. */
export const TIERS = [
  'development',
  'testing',
  'staging',
  'production',
  'other',
] as const;
/** @public */
export type Tier = (typeof TIERS)[number];

/**
 * Which commit something runs. `source` is how it was found, in the order it is looked for: our own record of the image's digest, the
 * label of the container, a tag with the full SHA, the tags of the digest in its registry, a short SHA that names one commit only;
 * `declared` is what the pipeline said, where no runtime is read.
 */
export const commitSchema = z.object({
  /** Full SHA; absent: not known, and `reason` says why. */
  sha: z.string().optional(),
  source: z
    .enum([
      'deployment',
      'label',
      'tag',
      'registry',
      'short_tag',
      'declared',
      'none',
      'unknown',
    ])
    .catch('unknown'),
  /** `high`: the runtime's digest or a label with the full SHA; `medium`: a tag; `low`: declared or a resolved short SHA. */
  confidence: z.enum(['high', 'medium', 'low', 'none']).catch('none'),
  reason: reason.optional(),
  title: z.string().optional(),
  author: z.string().optional(),
  at: time.optional(),
  url: z.string().optional(),
  image: z
    .object({ uri: z.string(), digest: z.string().optional() })
    .optional(),
});

export const HEALTH_STATES = [
  'healthy',
  'degraded',
  'unhealthy',
  'unknown',
  'none',
] as const;

export const healthSchema = z.object({
  /** `unknown` is never green; `none`: nothing runs there, or nobody reads it. */
  state: z.enum(HEALTH_STATES).catch('unknown'),
  /** A code for the icon's word, and a sentence: `3 of 3 tasks run`, `No health check is defined`. */
  code: z.string(),
  message: z.string(),
});

const partSchema = z.object({
  commit: commitSchema.optional(),
  requested: z.number().int(),
  running: z.number().int(),
  pending: z.number().int(),
  /** Percent of the traffic; absent when none is shifted. */
  testTraffic: z.number().optional(),
  traffic: z.number().optional(),
});

export const rolloutSchema = z.object({
  strategy: z.enum(STRATEGIES).catch('unknown'),
  status: z.enum(ROLLOUT_STATUSES).catch('unknown'),
  rawStatus: z.string(),
  /** The runtime's word of the stage: `BAKE_TIME`. */
  stage: z.string().optional(),
  reason: z.string().optional(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  /** Median of earlier successes added to the start; only while it moves. */
  expectedAt: time.optional(),
  new: partSchema.optional(),
  old: partSchema.optional(),
  failedTasks: z.number().int(),
  circuitBreaker: z
    .object({
      state: z.string(),
      failures: z.number().int(),
      threshold: z.number().int(),
    })
    .optional(),
  alarms: z
    .object({ names: z.array(z.string()), triggered: z.array(z.string()) })
    .optional(),
  /** A hook that holds the rollout until somebody acts. */
  paused: z
    .object({ stage: z.string().optional(), expiresAt: time.optional() })
    .optional(),
});

export const DRIFT_KINDS = [
  'version_lag',
  'out_of_band',
  'mixed_tasks',
  'infrastructure',
  'unknown',
] as const;

export const driftSchema = z.object({
  kind: z.enum(DRIFT_KINDS).catch('unknown'),
  code: z.string(),
  /** `Running 71be2d0, pipeline says 9f31c07.` */
  message: z.string(),
  since: time.optional(),
  /** Who registered what runs, as far as the runtime tells. */
  by: z.string().optional(),
  running: z.string().optional(),
  expected: z.string().optional(),
});

export const EVIDENCE_SOURCES = [
  'run',
  'job',
  'vendor_deployment',
  'runtime_deployment',
  'unknown',
] as const;

export const DEPLOYMENT_STATUSES = [
  'waiting',
  'in_progress',
  'succeeded',
  'failed',
  'rolled_back',
  'cancelled',
  'unknown',
] as const;

/** One logical deployment: what run, vendor deployment and runtime say of it, as evidence. */
export const deploymentSchema = z.object({
  id: z.string(),
  /** `rollback`: it put back a revision that had run before; `out_of_band`: no pipeline of this service did it. */
  kind: z
    .enum(['regular', 'rollback', 'redeploy', 'out_of_band', 'unknown'])
    .catch('unknown'),
  status: z.enum(DEPLOYMENT_STATUSES).catch('unknown'),
  commit: commitSchema,
  startedAt: time,
  endedAt: time.optional(),
  durationMs: duration.optional(),
  by: z.string().optional(),
  approvedBy: z.array(z.string()),
  runId: z.string().optional(),
  runNumber: z.number().int().optional(),
  message: z.string().optional(),
  /** True: it became what the environment ran, and was healthy. */
  ranHealthy: z.boolean(),
  evidence: z.array(
    z.object({
      source: z.enum(EVIDENCE_SOURCES).catch('unknown'),
      id: z.string(),
      status: z.string(),
      at: time,
      url: z.string().optional(),
    }),
  ),
});

export const environmentSchema = z.object({
  name: z.string(),
  tier: z.enum(TIERS).catch('other'),
  /** `observed`: read from the runtime; `declared`: only what the pipeline said; `none`: never deployed. */
  basis: z.enum(['observed', 'declared', 'none', 'unknown']).catch('unknown'),
  commit: commitSchema.optional(),
  /** Since when that commit runs. */
  since: time.optional(),
  /** The deployment that brought it. */
  deployment: deploymentSchema.optional(),
  /** Newest deployment when it is another one: moving, failed, rolled back. */
  newest: deploymentSchema.optional(),
  health: healthSchema,
  tasks: z
    .object({ running: z.number().int(), desired: z.number().int() })
    .optional(),
  /** Only while it moves or when the last one did not succeed. */
  rollout: rolloutSchema.optional(),
  drift: z.array(driftSchema),
  behind: z
    .object({
      environment: z.string(),
      /** Absent: not counted yet. */
      commits: z.number().int().optional(),
      oldestAt: time.optional(),
    })
    .optional(),
  /** A run that waits for a person before it may deploy here. */
  waiting: z
    .object({
      runId: z.string(),
      runNumber: z.number().int(),
      sha: z.string(),
      since: time.optional(),
    })
    .optional(),
  alarmsFiring: z.array(z.string()),
  /** The last one that is known of a production environment. */
  lastIncident: z
    .object({
      title: z.string(),
      startedAt: time,
      resolvedAt: time.optional(),
      url: z.string().optional(),
    })
    .optional(),
  runtime: z
    .object({
      provider: z.string(),
      accountId: z.string(),
      region: z.string(),
      cluster: z.string(),
      service: z.string(),
      url: z.string().optional(),
    })
    .optional(),
  /** When the runtime was last read. */
  asOf: time.optional(),
  /** Present when it could not be read or is not this service's: what is shown is the last good state. */
  problem: problem.optional(),
});

export const environmentsSchema = z.object({
  entityRef: z.string(),
  /** In their order on the way to production. */
  items: z.array(environmentSchema),
  /** Present when there are none, or some could not be told. */
  notes: z.array(reason),
  signalKey: z.string(),
  asOf: time,
});

/** @public */
export type Commit = z.infer<typeof commitSchema>;
/** @public */
export type Environment = z.infer<typeof environmentSchema>;
/** @public */
export type Environments = z.infer<typeof environmentsSchema>;
/** @public */
export type EnvironmentHealth = z.infer<typeof healthSchema>;
/** @public */
export type Rollout = z.infer<typeof rolloutSchema>;
/** @public */
export type Drift = z.infer<typeof driftSchema>;
/** @public */
export type LogicalDeployment = z.infer<typeof deploymentSchema>;
