import { z } from 'zod';
import { doraQuerySchema, metricWord } from './dora';
import { DORA_KINDS, DORA_OUTCOMES, EVIDENCE_CODES } from './doraWords';
import { duration, time } from './shapes';

export const doraEvidenceSchema = z.object({
  code: z.enum([...EVIDENCE_CODES, 'unknown']).catch('unknown'),
  at: time.optional(),
  confidence: z.enum(['certain', 'high', 'medium', 'low']).catch('low'),
  inferred: z.boolean(),
  /** A person or a setting says that it does not count. */
  overruled: z.boolean().optional(),
  text: z.string(),
  url: z.string().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
});

export const doraDeploymentRowSchema = z.object({
  id: z.string(),
  entityRef: z.string(),
  environment: z.string(),
  sha: z.string().optional(),
  title: z.string().optional(),
  actor: z.string().optional(),
  url: z.string().optional(),
  /** For a link to the run's page. */
  runId: z.string().optional(),
  runNumber: z.number().int().optional(),
  kind: z.enum(DORA_KINDS).catch('unknown'),
  outcome: z.enum(DORA_OUTCOMES).catch('unknown'),
  attempts: z.number().int(),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  durationMs: duration.optional(),
  queuedMs: duration.optional(),
  waitedMs: duration.optional(),
  changes: z.number().int(),
  failed: z.boolean(),
  failedAt: time.optional(),
  detectedAt: time.optional(),
  recoveredAt: time.optional(),
  recoveryMs: duration.optional(),
  recoveredBy: z.string().optional(),
  rework: z.boolean(),
  reworkBecause: z.string().optional(),
  rolledBack: z.boolean(),
  provisional: z.boolean(),
  evidence: z.array(doraEvidenceSchema),
});

export const doraChangeRowSchema = z.object({
  id: z.string(),
  entityRef: z.string(),
  kind: z.enum(['pull_request', 'commit', 'unknown']).catch('unknown'),
  number: z.number().int().optional(),
  sha: z.string(),
  title: z.string().optional(),
  author: z.string().optional(),
  url: z.string().optional(),
  startedAt: time.optional(),
  mergedAt: time.optional(),
  deployedAt: time.optional(),
  deploymentId: z.string().optional(),
  leadMs: duration.optional(),
  /** They add up to the lead time. */
  stages: z
    .object({
      coding: duration.optional(),
      pickup: duration.optional(),
      review: duration.optional(),
      deploy: duration.optional(),
    })
    .optional(),
  rolledBack: z.boolean(),
  warnings: z.array(z.string()),
  /** One of those the median is made of. */
  atMedian: z.boolean(),
});

export const doraExcludedRowSchema = z.object({
  what: z
    .enum(['deployment', 'change', 'incident', 'override', 'fact', 'unknown'])
    .catch('unknown'),
  id: z.string(),
  entityRef: z.string().optional(),
  at: time.optional(),
  reason: z.string(),
  detail: z.string().optional(),
  title: z.string().optional(),
  url: z.string().optional(),
  runId: z.string().optional(),
});

export const doraRowsQuerySchema = doraQuerySchema.extend({
  /** `rows`: what the number is made of; `excluded`: seen and left out; `open`: failures without an end (recovery only). */
  set: z.enum(['rows', 'excluded', 'open']).optional(),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

export const doraRowsSchema = z.object({
  metric: metricWord,
  set: z.enum(['rows', 'excluded', 'open', 'unknown']).catch('unknown'),
  /** Of the whole set; for `rows` it is the `n` of the metric. */
  total: z.number().int(),
  deployments: z.array(doraDeploymentRowSchema),
  changes: z.array(doraChangeRowSchema),
  excluded: z.array(doraExcludedRowSchema),
  nextCursor: z.string().optional(),
  asOf: time,
});

export const doraOverrideAnswerSchema = z.object({
  deployment: doraDeploymentRowSchema,
  /** Number of the entry in the audit. */
  auditSeq: z.number().int(),
});

/** @public */
export type DoraRowsQuery = z.infer<typeof doraRowsQuerySchema>;
/** @public */
export type DoraRows = z.infer<typeof doraRowsSchema>;
/** @public */
export type DoraDeploymentRow = z.infer<typeof doraDeploymentRowSchema>;
/** @public */
export type DoraChangeRow = z.infer<typeof doraChangeRowSchema>;
/** @public */
export type DoraExcludedRow = z.infer<typeof doraExcludedRowSchema>;
/** @public */
export type DoraEvidence = z.infer<typeof doraEvidenceSchema>;
/** @public */
export type DoraOverrideAnswer = z.infer<typeof doraOverrideAnswerSchema>;
