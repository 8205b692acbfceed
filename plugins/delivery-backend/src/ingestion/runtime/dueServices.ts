import { createHash } from 'node:crypto';
import type { RuntimeReadState } from '../../database/EnvironmentStore';
import type { Cluster } from './clusters';

/** The scheduler is never on time to the millisecond, and a read missed would come a whole tick later. */
const SOON = 0.75;

/**
 * Which services of a cluster are to be read now: those that move or are about to every `movingMs`, the others once in each stretch of `steadyMs`. Where
 * the stretches of a cluster begin is derived from its name: services of a cluster are read together, clusters at different
 * moments.
 */
export function dueServices(
  cluster: Cluster,
  states: ReadonlyMap<string, RuntimeReadState>,
  every: {
    movingMs: number;
    steadyMs: number;
    now: number;
    isExpected?: (runtimeKey: string) => boolean;
  },
): Cluster['services'] {
  const { movingMs, steadyMs, now } = every;
  const offset = phaseOf(cluster.key, steadyMs);
  const stretch = (at: number) => Math.floor((at - offset) / steadyMs);
  return cluster.services.filter(({ runtimeKey }) => {
    const state = states.get(runtimeKey);
    const asked = Math.max(state?.observedAt ?? 0, state?.problem?.at ?? 0);
    if (asked === 0 || asked > now) return true;
    const moves = state?.moving || every.isExpected?.(runtimeKey);
    if (moves && now - asked >= movingMs * SOON) return true;
    return stretch(now) > stretch(asked);
  });
}

function phaseOf(key: string, steadyMs: number): number {
  return createHash('sha1').update(key).digest().readUInt32BE(0) % steadyMs;
}
