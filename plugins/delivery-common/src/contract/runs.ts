import { conformanceScoreSchema } from './conformance';
import { z } from 'zod';
import { CONCLUSIONS, STATUSES } from '../model';
import { approvalSummarySchema } from './approvals';
import { doraTilesSchema } from './dora';
import { environmentSchema } from './environments';
import { duration, stateShape, time } from './shapes';

export const stageSchema = z.object({
  name: z.string(),
  ...stateShape,
  /** Environment the stage puts a revision into, when it has one. */
  environment: z.string().optional(),
});

export const pipelineSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  url: z.string().optional(),
  /** False: the repository's pipeline, but not this service's. */
  mine: z.boolean(),
});

export const runSummarySchema = z.object({
  id: z.string(),
  runNumber: z.number().int(),
  title: z.string(),
  pipeline: z.object({ id: z.string(), name: z.string() }),
  ...stateShape,
  event: z.string(),
  branch: z.string().optional(),
  sha: z.string(),
  pullRequest: z.number().int().optional(),
  actor: z.string().optional(),
  triggeringActor: z.string().optional(),
  attempt: z.number().int(),
  createdAt: time,
  startedAt: time.optional(),
  completedAt: time.optional(),
  updatedAt: time,
  /** Of the current attempt; absent until it is completed. */
  durationMs: duration.optional(),
  /** How long at least one job of the attempt ran: without gates and queues. Absent until it is completed, or when no job is known. */
  workMs: duration.optional(),
  /** Median `workMs` of comparable successes of this pipeline, with how many they are. */
  median: z.object({ durationMs: duration, n: z.number().int() }).optional(),
  /** When the attempt is expected to complete; only while it moves and only with enough history. */
  expectedAt: time.optional(),
  /** Columns of the job graph, in order, each with its joint state. */
  stages: z.array(stageSchema),
  /** Environments whose gate holds the run now. */
  waitingFor: z.array(z.string()),
  url: z.string(),
});

export const ingestionSchema = z.object({
  /** How news reaches the portal: own webhook route, the portal's events service, or only by asking. */
  mode: z.enum(['webhook', 'events', 'poll', 'unknown']).catch('unknown'),
  /** `error`: the last read failed, what is shown is the last good state. */
  health: z.enum(['ok', 'delayed', 'error', 'unknown']).catch('unknown'),
  /** When the vendor last confirmed the whole state by a read. */
  confirmedAt: time.optional(),
  lastEventAt: time.optional(),
  problem: z
    .object({ code: z.string(), message: z.string(), at: time })
    .optional(),
  backfill: z.object({
    state: z.enum(['pending', 'running', 'done', 'unknown']).catch('unknown'),
    runs: z.number().int(),
  }),
  /** Nothing before this moment is known. */
  dataSince: time.optional(),
});

export const jobSchema = z.object({
  id: z.string(),
  name: z.string(),
  attempt: z.number().int(),
  ...stateShape,
  createdAt: time.optional(),
  startedAt: time.optional(),
  completedAt: time.optional(),
  median: z.object({ durationMs: duration, n: z.number().int() }).optional(),
  expectedAt: time.optional(),
  environment: z.string().optional(),
  runner: z.string().optional(),
  url: z.string().optional(),
  steps: z.array(
    z.object({
      number: z.number().int(),
      name: z.string(),
      ...stateShape,
      startedAt: time.optional(),
      completedAt: time.optional(),
    }),
  ),
});

export const graphNodeSchema = z.object({
  /** Key path in the workflow files: `build`, `deploy-staging/deploy`. */
  id: z.string(),
  name: z.string(),
  column: z.number().int(),
  /** Key of the calling job whose reusable workflow holds this one. */
  group: z.string().optional(),
  /** Jobs of the run that are this node: one, or one a matrix leg; none: not started. */
  jobs: z.array(z.string()),
  matrix: z.boolean(),
  environment: z.string().optional(),
  /** Absent: nothing of it has started yet. */
  state: z.object(stateShape).optional(),
});

export const graphSchema = z.object({
  /** `flat`: there is no graph, `reason` says why; the jobs are a plain list. */
  kind: z.enum(['placed', 'flat', 'unknown']).catch('unknown'),
  reason: z.object({ code: z.string(), message: z.string() }).optional(),
  nodes: z.array(graphNodeSchema),
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
  groups: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Jobs that match no single node: shown apart, never guessed. */
  unplaced: z.array(z.string()),
});

export const runDetailSchema = z.object({
  run: runSummarySchema,
  attempts: z.array(
    z.object({
      attempt: z.number().int(),
      ...stateShape,
      triggeringActor: z.string().optional(),
      startedAt: time.optional(),
      completedAt: time.optional(),
    }),
  ),
  /** The attempt whose jobs are given. */
  attempt: z.number().int(),
  jobs: z.array(jobSchema),
  graph: graphSchema,
  artifacts: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        sizeInBytes: z.number(),
        digest: z.string().optional(),
        createdAt: time.optional(),
        expired: z.boolean(),
      }),
    ),
    /** Present when the list could not be read. */
    problem: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
  deployments: z.array(
    z.object({
      id: z.string(),
      environment: z.string(),
      /** The vendor's word for the newest status. */
      state: z.string(),
      createdAt: time,
      creator: z.string().optional(),
    }),
  ),
  /** Of runs created since then an empty list means "none"; of older ones, or when it is absent, "not known". */
  deploymentsKnownSince: time.optional(),
  /** Every gate of any attempt, newest first. */
  approvals: z.array(approvalSummarySchema),
  /** Services this run belongs to, as entity refs the caller may read. */
  services: z.array(z.string()),
  capabilities: z.object({ log: z.boolean() }),
  ingestion: ingestionSchema,
  signalKey: z.string(),
  asOf: time,
});

export const runListSchema = z.object({
  items: z.array(runSummarySchema),
  nextCursor: z.string().optional(),
  asOf: time,
});

export const overviewSchema = z.object({
  entityRef: z.string(),
  repository: z
    .object({ slug: z.string(), url: z.string(), deleted: z.boolean() })
    .optional(),
  pipelines: z.array(pipelineSchema),
  /** Branches and actors seen lately, for the filters. */
  branches: z.array(z.string()),
  runs: runListSchema,
  /** In their order on the way to production; empty: none is known. */
  environments: z.array(environmentSchema),
  /** What waits for somebody to decide, oldest first. */
  approvals: z.array(approvalSummarySchema),
  /** Absent: nothing was ever deployed to production, or it is not computed yet. */
  dora: doraTilesSchema.optional(),
  /** Absent: files and settings were not read yet. */
  conformance: conformanceScoreSchema.optional(),
  ingestion: ingestionSchema,
  /** Channel of live updates: `delivery:<signalKey>`. */
  signalKey: z.string(),
  capabilities: z.object({ log: z.boolean() }),
  asOf: time,
});

export const runId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,40}\.[0-9]{1,20}$/, 'is not the id of a run');

/** How many runs a page holds at most, and by default. @public */
export const RUNS_PAGE = { max: 100, default: 25 };

export const runsQuerySchema = z.object({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(RUNS_PAGE.max).optional(),
  pipeline: z.string().max(200).optional(),
  branch: z.string().max(255).optional(),
  status: z.enum(STATUSES).optional(),
  conclusion: z.enum(CONCLUSIONS).optional(),
  actor: z.string().max(100).optional(),
  /** Find runs whose title, branch or commit starts with or contains this. */
  text: z.string().max(200).optional(),
  /** `all`: also runs of the repository that are not this service's. */
  scope: z.enum(['service', 'all']).optional(),
});

/** @public */
export type RunSummary = z.infer<typeof runSummarySchema>;
/** @public */
export type RunDetail = z.infer<typeof runDetailSchema>;
/** @public */
export type RunList = z.infer<typeof runListSchema>;
/** @public */
export type RunsQuery = z.infer<typeof runsQuerySchema>;
/** @public */
export type Overview = z.infer<typeof overviewSchema>;
/** @public */
export type Ingestion = z.infer<typeof ingestionSchema>;
/** @public */
export type Pipeline = z.infer<typeof pipelineSchema>;
/** @public */
export type Job = z.infer<typeof jobSchema>;
/** @public */
export type Stage = z.infer<typeof stageSchema>;
/** @public */
export type JobGraph = z.infer<typeof graphSchema>;
/** @public */
export type JobGraphNode = z.infer<typeof graphNodeSchema>;
