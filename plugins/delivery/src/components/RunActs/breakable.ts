import type { ActOperation } from 'backstage-plugin-delivery-common';

/** Refusals of the rules for production. Everything else (whose token it is, what changed meanwhile) no glass helps against. */
const RULES = [
  'self_review',
  'self_review_unknown',
  'unknown_author',
  'would_downgrade',
  'freeze',
  'soak',
  'check_missing',
  'check_failed',
  'check_pending',
  // Of an act that begun: the permission to do it was there, the one to decide was not.
  'permission_missing',
];

/** Whether a rule for production said no, which somebody with the permission may go past. */
export function isBreakable(operation: ActOperation | undefined): boolean {
  return (
    operation?.state === 'refused' &&
    RULES.includes(operation.outcome?.code ?? '')
  );
}
