import type { FailureEvidence } from './linked';

/** Evidence with the deployment that it is of. */
export interface Finding {
  deploymentId: string;
  evidence: FailureEvidence;
  /** When somebody or something knew of the failure, as far as the evidence tells. Epoch milliseconds. */
  noticedAt?: number;
}
