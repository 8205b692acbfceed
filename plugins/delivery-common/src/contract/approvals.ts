import { z } from 'zod';
import {
  CHECK_STATES,
  checkSchema,
  comment,
  idempotencyKey,
  mayActSchema,
} from './acts';
import { TIERS } from './environments';
import { reason, time } from './shapes';

export const approvalId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'is not the id of an approval');

export const APPROVAL_STATES = [
  'waiting',
  'approved',
  'rejected',
  'cancelled',
  'superseded',
  'expired',
  'unknown',
] as const;

/** Ways to hold production. Only the first is built. */
export const GATE_KINDS = ['github-reviewers'] as const;

const person = z.object({
  /** Name at the vendor. */
  login: z.string(),
  /** User of the catalog, when exactly one stands for that account. */
  userRef: z.string().optional(),
});

export const approvalSummarySchema = z.object({
  id: z.string(),
  /** Services the run belongs to, as far as the caller may read them. */
  services: z.array(z.string()),
  /** Our name, and what the vendor calls it. */
  environment: z.string(),
  vendorEnvironment: z.string(),
  tier: z.enum(TIERS).catch('other'),
  gate: z.enum([...GATE_KINDS, 'unknown']).catch('unknown'),
  runId: z.string(),
  runNumber: z.number().int(),
  attempt: z.number().int(),
  title: z.string(),
  sha: z.string(),
  branch: z.string().optional(),
  requestedBy: person.optional(),
  since: time,
  /** The vendor fails the run then. */
  expiresAt: time,
  state: z.enum(APPROVAL_STATES).catch('unknown'),
  decided: z
    .object({
      by: person,
      at: time.optional(),
      comment: z.string().optional(),
      /** `portal`: here; `vendor`: at the vendor's own page. */
      via: z.enum(['portal', 'vendor', 'unknown']).catch('unknown'),
    })
    .optional(),
  /**
   * The caller is among those who may decide and did not ask for it; the last word is said when deciding. Absent: the answer is the same
   * for everybody who may read it (overview, run).
   */
  mine: z.boolean().optional(),
});

export const approvalListSchema = z.object({
  items: z.array(approvalSummarySchema),
  /** Waiting, and mine. */
  count: z.number().int(),
  nextCursor: z.string().optional(),
  asOf: time,
});

export const approvalsQuerySchema = z.object({
  scope: z.enum(['mine', 'waiting', 'decided']).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});

export const CHANGE_TAGS = ['changed', 'new', 'removed', 'unchanged'] as const;

/** What the approver sees before deciding. */
export const approvalDetailSchema = z.object({
  approval: approvalSummarySchema,
  gate: z.object({
    kind: z.enum([...GATE_KINDS, 'unknown']).catch('unknown'),
    title: z.string(),
    /** What it enforces, and what it does not prevent. */
    enforces: z.array(z.string()),
    doesNotPrevent: z.array(z.string()),
  }),
  reviewers: z.array(
    z.object({
      kind: z.enum(['user', 'team', 'unknown']).catch('unknown'),
      name: z.string(),
      ref: z.string().optional(),
      you: z.boolean(),
      may: z.enum(['yes', 'no', 'unknown']).catch('unknown'),
      /** Why not: `author`, `asked for it`. */
      reason: z.string().optional(),
    }),
  ),
  you: mayActSchema,
  /** All that is asked of this decision, one by one. */
  policy: z.array(checkSchema),
  /** Current against incoming. */
  changes: z.array(
    z.object({
      /** `commit`, `image`, `migrations`, `infrastructure` … */
      kind: z.string(),
      name: z.string(),
      running: z.string().optional(),
      incoming: z.string().optional(),
      tag: z.enum([...CHANGE_TAGS, 'unknown']).catch('unknown'),
      detail: z.array(z.string()).optional(),
    }),
  ),
  commits: z.object({
    /** Of the candidate against what runs. `first`: nothing runs there yet. */
    status: z
      .enum(['ahead', 'behind', 'diverged', 'identical', 'first', 'unknown'])
      .catch('unknown'),
    items: z.array(
      z.object({
        sha: z.string(),
        title: z.string(),
        author: z.string().optional(),
        at: time.optional(),
        pullRequest: z.number().int().optional(),
        url: z.string().optional(),
      }),
    ),
    total: z.number().int(),
    /** How many people wrote them; those of whom no account is known are not counted. */
    people: z.number().int(),
    url: z.string().optional(),
  }),
  /** Files under a directory of migrations. */
  migrations: z.array(z.string()),
  size: z
    .object({
      files: z.number().int(),
      additions: z.number().int(),
      deletions: z.number().int(),
      /** The vendor's list is cut: there are more. */
      atLeast: z.boolean(),
    })
    .optional(),
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum([...CHECK_STATES, 'pending']).catch('unknown'),
      conclusion: z.string().optional(),
      at: time.optional(),
      url: z.string().optional(),
    }),
  ),
  /** Where the candidate ran before. */
  soak: z
    .object({
      environment: z.string(),
      state: z.enum(['same', 'other', 'unknown']).catch('unknown'),
      since: time.optional(),
      health: z.string().optional(),
      requiredMs: z.number().optional(),
      message: z.string(),
    })
    .optional(),
  risk: z.array(
    z.object({
      code: z.string(),
      level: z.enum(['info', 'warn']).catch('info'),
      message: z.string(),
      runId: z.string().optional(),
    }),
  ),
  /** Covers what the person sees; sent back with the decision. */
  viewHash: z.string(),
  /** What could not be read, in words. */
  problems: z.array(reason),
  url: z.string(),
  /** Address of the repository; the page asks for the person's token by it. */
  repositoryUrl: z.string(),
  signalKey: z.string(),
  /** The decision that is under way or was made here last. */
  operationId: z.string().optional(),
  asOf: time,
});

export const decisionBodySchema = z.object({
  decision: z.enum(['approve', 'reject']),
  comment,
  viewHash: z.string().max(128),
  idempotencyKey,
});

/** @public */
export type ApprovalSummary = z.infer<typeof approvalSummarySchema>;
/** @public */
export type ApprovalList = z.infer<typeof approvalListSchema>;
/** @public */
export type ApprovalsQuery = z.infer<typeof approvalsQuerySchema>;
/** @public */
export type ApprovalDetail = z.infer<typeof approvalDetailSchema>;
/** @public */
export type ApprovalState = ApprovalSummary['state'];
/** @public */
export type DecisionBody = z.infer<typeof decisionBodySchema>;
