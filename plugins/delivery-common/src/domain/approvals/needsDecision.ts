import type { Tier } from '../../contract';
import type { GateReading } from './facts';

/**
 * Whether running these jobs can bring something into production that no gate holds: then the rules of an approval hold for the act itself.
 * A gate that lets whoever starts a run approve it holds nothing.
 *
 * @param targets - environments of the jobs; a gate that is undefined: no such environment, or not protected
 */
export function needsDecision(
  targets: {
    environment: string;
    tier: Tier;
    gate: GateReading | undefined;
  }[],
): boolean {
  return targets.some(
    ({ tier, gate }) =>
      tier === 'production' &&
      !(gate && gate.reviewers.length > 0 && gate.preventSelfReview === true),
  );
}
