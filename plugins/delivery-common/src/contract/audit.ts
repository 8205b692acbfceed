import { z } from 'zod';
import { comment } from './acts';
import { reason, time } from './shapes';

/** Where an act stood when the entry was written. `recorded`: not an act (a read, a configuration, a finding). */
export const AUDIT_PHASES = [
  'attempted',
  'succeeded',
  'refused',
  'failed',
  'unknown',
  'recorded',
] as const;

/** One entry of the audit as the page shows it; the export has the whole signed content. */
export const auditItemSchema = z.object({
  seq: z.number().int(),
  at: time,
  /** Ref of a user, or of the plugin. */
  actor: z.string(),
  /** Account at the vendor, once it was proved. */
  login: z.string().optional(),
  /** An act, or `audit.read`, `audit.export`, `configuration`, `finding.reviewed`, `decided_elsewhere`. */
  action: z.string(),
  phase: z.enum(AUDIT_PHASES).catch('recorded'),
  entityRef: z.string().optional(),
  environment: z.string().optional(),
  runId: z.string().optional(),
  attempt: z.number().int().optional(),
  sha: z.string().optional(),
  comment: z.string().optional(),
  operationId: z.string().optional(),
  outcome: reason.optional(),
  hash: z.string(),
});

export const auditListSchema = z.object({
  items: z.array(auditItemSchema),
  nextCursor: z.string().optional(),
  /** Newest entry of the whole log: an anchor to write down elsewhere. */
  head: z.object({ seq: z.number().int(), hash: z.string() }).optional(),
  asOf: time,
});

export const auditQuerySchema = z.object({
  cursor: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  action: z.string().max(60).optional(),
  phase: z.enum(AUDIT_PHASES).optional(),
  environment: z.string().max(255).optional(),
  actor: z.string().max(200).optional(),
  /** Epoch milliseconds. */
  since: z.coerce.number().int().optional(),
  until: z.coerce.number().int().optional(),
});

export const auditExportQuerySchema = z.object({
  format: z.enum(['csv', 'jsonl']),
  since: z.coerce.number().int().optional(),
  until: z.coerce.number().int().optional(),
});

export const FINDING_KINDS = [
  'unapproved_deployment',
  'unknown_deployment',
  'break_glass',
  'decided_elsewhere',
  'unprotected_environment',
] as const;

export const findingSchema = z.object({
  id: z.string(),
  kind: z.enum([...FINDING_KINDS, 'unknown']).catch('unknown'),
  entityRef: z.string(),
  environment: z.string().optional(),
  at: time,
  message: z.string(),
  runId: z.string().optional(),
  sha: z.string().optional(),
  /** Who caused it, when a person did. */
  by: z.string().optional(),
  state: z.enum(['open', 'reviewed', 'unknown']).catch('unknown'),
  review: z
    .object({ by: z.string(), at: time, comment: z.string() })
    .optional(),
});

export const findingsSchema = z.object({
  items: z.array(findingSchema),
  asOf: time,
});

export const findingId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'is not the id of a finding');
export const reviewBodySchema = z.object({ comment });

/** @public */
export type AuditItem = z.infer<typeof auditItemSchema>;
/** @public */
export type AuditList = z.infer<typeof auditListSchema>;
/** @public */
export type AuditQuery = z.infer<typeof auditQuerySchema>;
/** @public */
export type AuditPhase = (typeof AUDIT_PHASES)[number];
/** @public */
export type Finding = z.infer<typeof findingSchema>;
/** @public */
export type Findings = z.infer<typeof findingsSchema>;
/** @public */
export type FindingKind = (typeof FINDING_KINDS)[number];
