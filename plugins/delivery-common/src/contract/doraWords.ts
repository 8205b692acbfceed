/** `regular` brings something new; `auto_rollback` was done by the runtime and is no deployment of its own. */
export const DORA_KINDS = [
  'regular',
  'rollback',
  'redeploy',
  'unknown',
] as const;
/** @public */
export type DoraKind = (typeof DORA_KINDS)[number];

export const DORA_OUTCOMES = [
  'succeeded',
  'failed_in_production',
  'failed_before_production',
  'cancelled',
  'superseded',
  'in_progress',
  'unknown',
] as const;
/** @public */
export type DoraOutcome = (typeof DORA_OUTCOMES)[number];

/** E1 to E8 in this order, then the word of a person. */
export const EVIDENCE_CODES = [
  'runtime_rollback',
  'check_failed',
  'rolled_back',
  'incident_named',
  'reverted',
  'hotfixed',
  'incident_by_time',
  'deployment_failed',
  'marked_failed',
  'marked_not_failed',
] as const;
/** @public */
export type EvidenceCode = (typeof EVIDENCE_CODES)[number];

/** Why something that was seen is not counted. */
export const EXCLUSION_REASONS = [
  // Deployments
  'not_production',
  'no_environment',
  'set_up',
  'in_progress',
  'waiting',
  'cancelled',
  'skipped',
  'superseded',
  'failed_before_production',
  'failed_in_production',
  'rollback',
  'auto_rollback',
  'redeploy',
  'unknown_outcome',
  'no_finish',
  'not_recovered',
  // Changes
  'no_base',
  'not_deployed',
  'other_paths',
  'commits_unknown',
  'list_incomplete',
  'no_start',
  'negative_lead',
  'bot',
  // Incidents
  'no_service',
  'no_deployment_before',
  'too_long_after',
  'no_time',
  // Any
  'malformed',
  'future',
  'negative_span',
  'duplicate',
  'before_data',
  'unknown_deployment',
] as const;
/** @public */
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];
