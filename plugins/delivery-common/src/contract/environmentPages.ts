import { z } from 'zod';
import {
  commitSchema,
  deploymentSchema,
  HEALTH_STATES,
  TIERS,
} from './environments';
import { problem, time } from './shapes';

/** How many rows a page of the history holds at most, and by default. @public */
export const HISTORY_PAGE = { max: 100, default: 30 };

/** One row of the history of an environment: deployments and rollbacks, approvals, words of the runtime. */
export const historyItemSchema = z.object({
  id: z.string(),
  kind: z
    .enum(['deployment', 'approval', 'runtime_event', 'unknown'])
    .catch('unknown'),
  at: time,
  /** Of a deployment. */
  deployment: deploymentSchema.optional(),
  /** True: this is what runs now. */
  current: z.boolean(),
  /** Of an approval or an event. */
  message: z.string().optional(),
  by: z.string().optional(),
});

export const historySchema = z.object({
  items: z.array(historyItemSchema),
  nextCursor: z.string().optional(),
  /** Nothing before this moment is known. */
  dataSince: time.optional(),
  asOf: time,
});

export const compareSchema = z.object({
  from: z.object({ environment: z.string(), commit: commitSchema.optional() }),
  to: z.object({ environment: z.string(), commit: commitSchema.optional() }),
  /** Of `to` against `from`. `unknown`: one of the two commits is not known. */
  status: z
    .enum(['ahead', 'behind', 'diverged', 'identical', 'unknown'])
    .catch('unknown'),
  /** Commits that `to` has and `from` does not, newest first. */
  commits: z.array(
    z.object({
      sha: z.string(),
      title: z.string(),
      author: z.string().optional(),
      at: time.optional(),
      pullRequest: z.number().int().optional(),
      url: z.string().optional(),
    }),
  ),
  /** How many there are; more than `commits` holds when the vendor's list is cut. */
  total: z.number().int(),
  /** Commits that `from` has and `to` does not. */
  missing: z.number().int(),
  /** `store`: from pushes that were told; `vendor`: asked once, kept for ever. */
  source: z.enum(['store', 'vendor', 'none', 'unknown']).catch('unknown'),
  url: z.string().optional(),
  problem: problem.optional(),
  asOf: time,
});

export const MATRIX_FLAGS = [
  'moving',
  'waiting',
  'failed',
  'rolled_back',
  'drift',
  'alarm',
  'problem',
  'behind',
  'unknown',
] as const;

/** What one service runs in one environment, kept small: a page has thousands of them. */
export const matrixCellSchema = z.object({
  basis: z.enum(['observed', 'declared', 'none', 'unknown']).catch('unknown'),
  /** Full SHA. */
  sha: z.string().optional(),
  /** Since when it runs. */
  since: time.optional(),
  health: z.enum(HEALTH_STATES).catch('unknown'),
  /** Percent of the new tasks that run, while it moves. */
  progress: z.number().int().optional(),
  flags: z.array(z.enum(MATRIX_FLAGS).catch('unknown')),
  /** The sentence of the loudest flag: `Running 71be2d0, pipeline says 9f31c07.` */
  note: z.string().optional(),
  behind: z.number().int().optional(),
});

export const matrixSchema = z.object({
  /** Columns, in their order. */
  environments: z.array(
    z.object({ name: z.string(), tier: z.enum(TIERS).catch('other') }),
  ),
  services: z.array(
    z.object({
      entityRef: z.string(),
      title: z.string(),
      system: z.string().optional(),
      owner: z.string().optional(),
      /** Production is so many commits (or, uncounted, environments) behind; the order "furthest behind". */
      lag: z.number().int(),
      /** By name of the environment; one that the service does not have is absent. */
      cells: z.record(z.string(), matrixCellSchema),
    }),
  ),
  asOf: time,
});

/** @public */
export type HistoryItem = z.infer<typeof historyItemSchema>;
/** @public */
export type EnvironmentHistory = z.infer<typeof historySchema>;
/** @public */
export type Comparison = z.infer<typeof compareSchema>;
/** @public */
export type Matrix = z.infer<typeof matrixSchema>;
/** @public */
export type MatrixCell = z.infer<typeof matrixCellSchema>;
/** @public */
export type MatrixService = Matrix['services'][number];
