import type { Merged } from './merged';
import type { RuntimeStep } from './RuntimeSteps';

/** What ran in an environment so far. */
interface Past {
  /** By identity, with when it was first seen: the higher, the newer. */
  seen: Map<string, number>;
  ran: Set<string>;
  /** What runs at this point of the past. */
  current?: Merged;
}

/**
 * Says of every deployment whether it brought something new, the same again, or something from before; and that what was taken back
 * was not healthy.
 *
 * @param merged - oldest first; changed in place
 */
export function tellKinds(
  merged: Merged[],
  steps: RuntimeStep[],
  completeSince: number | undefined,
): void {
  const past: Past = { seen: new Map(), ran: new Set() };
  for (const { identity } of steps.at(0)?.sources ?? []) {
    past.seen.set(identity, past.seen.size);
    past.ran.add(identity);
  }
  for (const item of merged) {
    const { deployment, group } = item;
    const kind = kindOf(item, past);
    if (group) deployment.kind = kind;
    else if (deployment.startedAt < (completeSince ?? -Infinity)) {
      deployment.kind = 'unknown';
    }
    if (deployment.status === 'waiting') continue;
    if (!past.seen.has(item.identity)) {
      past.seen.set(item.identity, past.seen.size);
    }
    if (!item.took) continue;
    if (kind === 'rollback' && past.current) {
      past.current.deployment.ranHealthy = false;
    }
    past.ran.add(item.identity);
    past.current = item;
  }
}

function kindOf(
  { identity, group, matched }: Merged,
  { seen, ran, current }: Past,
): 'regular' | 'redeploy' | 'rollback' {
  const onlyBack = group?.isRollback === true && matched.own.length === 0;
  if (!seen.has(identity)) return onlyBack ? 'rollback' : 'regular';
  const isNewest = seen.get(identity) === seen.size - 1;
  if (isNewest || current?.identity === identity) return 'redeploy';
  return ran.has(identity) ? 'rollback' : 'redeploy';
}
