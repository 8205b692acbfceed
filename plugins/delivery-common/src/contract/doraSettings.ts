import { z } from 'zod';

const HOUR = 3_600_000;
/** A period in milliseconds; `null`: without limit. */
const period = z.number().int().nonnegative().nullable();

/**
 * Every choice behind the DORA metrics that DORA itself leaves open: it is a survey, and defines no percentile, no window, no time zone and
 * no rule of attribution. Defaults are ours; the choices of other tools are values of the same settings.
 */
export const doraSettingsSchema = z.strictObject({
  /** IANA name. Days, weeks and months begin at midnight there. */
  timeZone: z.string().min(1).max(64).default('UTC'),
  /**
   * Where lead time begins: the oldest commit of the pull request (`first_commit`), every commit for itself (`commit`), or the pull request
   * opened or merged.
   */
  leadTimeStart: z
    .enum(['first_commit', 'commit', 'pr_opened', 'pr_merged'])
    .default('first_commit'),
  /** `continuous`: between the two middle values; `lower`: the lower of them (`percentile_disc`). */
  percentileMethod: z.enum(['continuous', 'lower']).default('continuous'),
  /** True: rollbacks count as deployments in frequency and change fail rate, as most tools do. */
  includeRollbacks: z.boolean().default(false),
  /** True: the same commit deployed again counts as a deployment in frequency and change fail rate. */
  includeRedeploys: z.boolean().default(false),
  /** `succeeded`: deployments that never succeeded count neither above nor below the line. */
  changeFailDenominator: z
    .enum(['succeeded_and_failed', 'succeeded'])
    .default('succeeded_and_failed'),
  /** True: each production environment of a service (region, tenant) has deployments of its own. */
  perEnvironment: z.boolean().default(false),
  /** Which evidence makes a deployment a failed one (E1 to E8 of docs/metrics.md). */
  evidence: z
    .strictObject({
      /** E1 */
      runtimeRollback: z.boolean().default(true),
      /** E2 */
      checkFailed: z.boolean().default(true),
      /** E3 */
      rolledBack: z.boolean().default(true),
      /** E4 */
      incidentNamed: z.boolean().default(true),
      /** E5 */
      reverted: z.boolean().default(true),
      /** E6 */
      hotfixed: z.boolean().default(true),
      /** E7 */
      incidentByTime: z.boolean().default(true),
      /** E8 */
      deploymentFailed: z.boolean().default(true),
    })
    .prefault({}),
  /** How long after a deployment something may still be its failure. */
  windows: z
    .strictObject({
      rollbackMs: period.default(24 * HOUR),
      revertMs: period.default(72 * HOUR),
      hotfixMs: period.default(24 * HOUR),
      /** `null`: an incident belongs to the deployment before it, however old. */
      incidentMs: period.default(24 * HOUR),
    })
    .prefault({}),
  /** What told of the same commit or image within this time of each other is one deployment. */
  overlapMs: z
    .number()
    .int()
    .nonnegative()
    .default(HOUR / 4),
  /** `any`: one unplanned change makes a deployment rework; `all`: only a deployment of nothing else. */
  reworkBatch: z.enum(['any', 'all']).default('any'),
  /** False: changes written by bots are left out of lead time. */
  includeBots: z.boolean().default(true),
  /** Below this number a percentile is shown with care. */
  smallSample: z.number().int().nonnegative().default(5),
});

/** @public */
export type DoraSettings = z.infer<typeof doraSettingsSchema>;

/** What holds where nobody says otherwise. @public */
export const DEFAULT_DORA_SETTINGS: DoraSettings = doraSettingsSchema.parse({});
