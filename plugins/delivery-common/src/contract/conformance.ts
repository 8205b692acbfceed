import { z } from 'zod';
import { time } from './shapes';

/** What a pipeline is held against, in the order it is shown. */
export const CONFORMANCE_RULES = [
  'oidc',
  'pinned_actions',
  'least_permissions',
  'reviewers',
  'branch_policy',
  'admin_bypass',
  'build_once',
  'scan_before_push',
  'rollback',
  'environment_concurrency',
  'named_approver',
  'template_version',
] as const;
/** @public */
export type ConformanceRuleId = (typeof CONFORMANCE_RULES)[number];

/** In an answer: what a newer server calls otherwise must not break the page, and never looks like a pass. */
const ruleWord = z.enum([...CONFORMANCE_RULES, 'other']).catch('other');
export const conformanceResult = z
  .enum(['pass', 'fail', 'unknown'])
  .catch('unknown');
/** @public */
export type ConformanceResult = z.infer<typeof conformanceResult>;

export const conformanceEvidenceSchema = z.object({
  /** What was seen, one sentence. Names in it are a repository's own words. */
  text: z.string(),
  /** File of the repository, or `owner/name/file` of a called workflow; absent for a setting. */
  path: z.string().optional(),
  /** From 1. */
  line: z.number().int().optional(),
  /** Address of the line or of the setting at the vendor. */
  url: z.string().optional(),
});

export const conformanceCheckSchema = z.object({
  rule: ruleWord,
  result: conformanceResult,
  /** At most 20; `more` counts the rest. Also a pass says what it rests on; unknown says what could not be read. */
  evidence: z.array(conformanceEvidenceSchema),
  more: z.number().int().default(0),
  /** What to change; absent for a pass. */
  fix: z.string().optional(),
});

const countsSchema = z.object({
  passed: z.number().int(),
  failed: z.number().int(),
  unknown: z.number().int(),
});

export const conformanceReportSchema = z.object({
  checks: z.array(conformanceCheckSchema),
  counts: countsSchema,
  /** The template the service says it was made from. */
  template: z
    .object({
      id: z.string(),
      version: z.string(),
      newest: z.string().optional(),
    })
    .optional(),
  /** When the files and settings were read; null: not yet. */
  asOf: time.nullable(),
  /** Why they could not be read again; what is shown is older then. */
  problem: z.string().optional(),
});

export const conformanceRowSchema = z.object({
  entityRef: z.string(),
  title: z.string().optional(),
  owner: z.string().optional(),
  system: z.string().optional(),
  /** Null: not read yet. */
  results: z.record(z.string(), conformanceResult).nullable(),
  counts: countsSchema.nullable(),
  asOf: time.nullable(),
});

export const conformanceTableSchema = z.object({
  items: z.array(conformanceRowSchema),
  asOf: time,
});

/** For the header of the tab: absent until it was read. */
export const conformanceScoreSchema = countsSchema.extend({ asOf: time });

/** @public */
export type ConformanceEvidence = z.infer<typeof conformanceEvidenceSchema>;
/** @public */
export type ConformanceCheck = z.infer<typeof conformanceCheckSchema>;
/** @public */
export type ConformanceReport = z.infer<typeof conformanceReportSchema>;
/** @public */
export type ConformanceRow = z.infer<typeof conformanceRowSchema>;
/** @public */
export type ConformanceTable = z.infer<typeof conformanceTableSchema>;
/** @public */
export type ConformanceScore = z.infer<typeof conformanceScoreSchema>;
