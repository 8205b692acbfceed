import { z } from 'zod';
import { commitSchema } from './environments';
import { reason, time } from './shapes';

/** Everything a person can do; also the `action` of an audit entry. */
export const ACTS = [
  'approve',
  'reject',
  'rerun',
  'rerun_failed',
  'cancel',
  'dispatch',
  'rollback',
  'emergency_rollback',
] as const;
/** @public */
export type Act = (typeof ACTS)[number];

/** Reason that a person writes; kept in the audit. */
export const comment = z
  .string()
  .trim()
  .min(3, 'must say why, in at least three characters')
  .max(800, 'must not be longer than 800 characters');

/** Made by the page once for each click: sending it twice does the thing once. */
export const idempotencyKey = z
  .string()
  .regex(
    /^[A-Za-z0-9-]{16,64}$/,
    'must be 16 to 64 letters, digits or hyphens',
  );

export const operationId = z
  .string()
  .regex(/^[0-9a-f-]{36}$/, 'is not the id of an operation');

export const STEP_STATES = ['pending', 'running', 'done', 'failed'] as const;

/** Work that was begun in a person's name, step by step. */
export const operationSchema = z.object({
  id: z.string(),
  kind: z.enum([...ACTS, 'unknown']).catch('unknown'),
  entityRef: z.string(),
  /**
   * `refused`: a rule said no and nothing was sent. `failed`: the vendor said no. `unknown`: it was sent and nobody knows yet whether it
   * was done; that is found out later, it is never sent again.
   */
  state: z
    .enum(['running', 'succeeded', 'refused', 'failed', 'unknown'])
    .catch('unknown'),
  steps: z.array(
    z.object({
      /** `identity`, `fresh_read`, `policy`, `sent`, `confirmed` … */
      code: z.string(),
      state: z.enum(STEP_STATES).catch('pending'),
      message: z.string().optional(),
      at: time.optional(),
    }),
  ),
  outcome: z
    .object({
      code: z.string(),
      message: z.string(),
      params: z.record(z.string(), z.string()).optional(),
      /** Run that was started or changed. */
      runId: z.string().optional(),
      url: z.string().optional(),
      /** Sequence number of the audit entry. */
      auditSeq: z.number().int().optional(),
    })
    .optional(),
  startedAt: time,
  endedAt: time.optional(),
});

/** Answer of everything that acts: look at the operation for how it goes on. */
export const startedSchema = z.object({ operationId: z.string() });

/** Whether the caller may do it with this service, and if not, why. */
export const mayActSchema = z.object({
  allowed: z.boolean(),
  reason: reason.optional(),
});

export const myActsSchema = z.object({
  entityRef: z.string(),
  /** Address of the repository; the page asks for the person's token by it. Absent: there is none yet. */
  repositoryUrl: z.string().optional(),
  rerun: mayActSchema,
  cancel: mayActSchema,
  dispatch: mayActSchema,
  decide: mayActSchema,
  rollback: mayActSchema,
  breakGlass: mayActSchema,
  readAudit: mayActSchema,
  asOf: time,
});

const common = { idempotencyKey };

export const rerunBodySchema = z.object({
  ...common,
  failedOnly: z.boolean(),
  /** The attempt the person saw. */
  attempt: z.number().int().min(1).max(100_000),
  comment: comment.optional(),
  /** Does it although the rules for production say no; needs `delivery.breakglass` and a comment, and is reviewed later. */
  breakGlass: z.boolean().optional(),
});

export const cancelBodySchema = z.object({
  ...common,
  attempt: z.number().int().min(1).max(100_000),
  comment: comment.optional(),
});

export const dispatchOptionsSchema = z.object({
  entityRef: z.string(),
  defaultBranch: z.string(),
  branches: z.array(z.string()),
  pipelines: z.array(
    z.object({
      /** Id of the pipeline, as in the overview. */
      id: z.string(),
      name: z.string(),
      path: z.string(),
      inputs: z.array(
        z.object({
          name: z.string(),
          description: z.string().optional(),
          required: z.boolean(),
          type: z
            .enum([
              'string',
              'boolean',
              'choice',
              'number',
              'environment',
              'unknown',
            ])
            .catch('unknown'),
          default: z.string().optional(),
          options: z.array(z.string()).optional(),
        }),
      ),
      /** Environments its jobs name, as far as the file says them. */
      environments: z.array(z.string()),
    }),
  ),
  /** Present when a workflow file could not be read. */
  problem: reason.optional(),
  asOf: time,
});

export const dispatchBodySchema = z.object({
  ...common,
  pipeline: z.string().max(200),
  /** Name of a branch or tag. */
  ref: z.string().min(1).max(255),
  inputs: z.record(z.string().max(100), z.string().max(2_000)),
  comment: comment.optional(),
  breakGlass: z.boolean().optional(),
});

export const CHECK_STATES = ['pass', 'warn', 'fail', 'unknown'] as const;

/** One rule or pre-check with its result, in words. */
export const checkSchema = z.object({
  code: z.string(),
  state: z.enum(CHECK_STATES).catch('unknown'),
  message: z.string(),
});

/** How a rollback would be done now; see the decision table in docs/approvals.md. */
export const ROLLBACK_WAYS = [
  'continue_hook',
  'stop_deployment',
  'pipeline',
  'emergency',
  'refused',
] as const;

export const rollbackOptionsSchema = z.object({
  entityRef: z.string(),
  environment: z.string(),
  way: z.enum([...ROLLBACK_WAYS, 'unknown']).catch('unknown'),
  /** What it will do, or why it cannot be done. */
  message: z.string(),
  running: z
    .object({ commit: commitSchema, taskDefinition: z.string().optional() })
    .optional(),
  /** Deployments that ran healthy there, newest first. With `continue_hook` and `stop_deployment` only the one it goes back to. */
  targets: z.array(
    z.object({
      deploymentId: z.string(),
      commit: commitSchema,
      taskDefinition: z.string().optional(),
      startedAt: time,
      /** How long it ran there. */
      ranMs: z.number().optional(),
      by: z.string().optional(),
      approvedBy: z.array(z.string()),
      checks: z.array(checkSchema),
      /** False: a check failed, it cannot be chosen. */
      possible: z.boolean(),
    }),
  ),
  emergency: mayActSchema,
  you: mayActSchema,
  viewHash: z.string(),
  asOf: time,
});

export const rollbackBodySchema = z.object({
  ...common,
  /** Id of the deployment to go back to. */
  target: z.string().max(300),
  /** `emergency`: past the pipeline, with `delivery.breakglass`; reviewed later. */
  way: z.enum(['normal', 'emergency']),
  comment,
  viewHash: z.string().max(128),
});

/** @public */
export type ActOperation = z.infer<typeof operationSchema>;
/** @public */
export type ActStep = ActOperation['steps'][number];
/** @public */
export type MyActs = z.infer<typeof myActsSchema>;
/** @public */
export type MayAct = z.infer<typeof mayActSchema>;
/** @public */
export type Check = z.infer<typeof checkSchema>;
/** @public */
export type RerunBody = z.infer<typeof rerunBodySchema>;
/** @public */
export type CancelBody = z.infer<typeof cancelBodySchema>;
/** @public */
export type DispatchBody = z.infer<typeof dispatchBodySchema>;
/** @public */
export type DispatchOptions = z.infer<typeof dispatchOptionsSchema>;
/** @public */
export type RollbackBody = z.infer<typeof rollbackBodySchema>;
/** @public */
export type RollbackOptions = z.infer<typeof rollbackOptionsSchema>;
