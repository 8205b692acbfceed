import { createHash } from 'node:crypto';
import { canonical } from 'backstage-plugin-delivery-common/domain';

/** First 24 hex digits of the sha256 of a value's canonical JSON. */
export function shortHash(value: unknown): string {
  return createHash('sha256')
    .update(canonical(value))
    .digest('hex')
    .slice(0, 24);
}

/** Id of the gate that holds one attempt of a run: the same in every replica. Names of environments ignore case. */
export function approvalIdOf(
  runKey: string,
  attempt: number,
  environment: string,
): string {
  return shortHash([runKey, attempt, environment.toLowerCase()]);
}
