import type { DoraDeployment } from 'backstage-plugin-delivery-common/domain';

/** Two commits whose difference a deployment brought, or took back. */
export interface Pair {
  base: string;
  head: string;
}

/**
 * What has to be known between the deployments of one service that succeeded: from the last one before that was no rollback (what it
 * brought), and from what was live (whether it went back). Newest first, each once.
 */
export function pairsOf(
  deployments: DoraDeployment[],
  options: { perEnvironment: boolean },
): Pair[] {
  const chains = new Map<string, DoraDeployment[]>();
  for (const item of deployments) {
    if (item.outcome !== 'succeeded' || item.sha === undefined) continue;
    const key = options.perEnvironment ? item.environment : '';
    const chain = chains.get(key);
    if (chain) chain.push(item);
    else chains.set(key, [item]);
  }
  const found = new Map<string, Pair & { at: number }>();
  for (const chain of chains.values()) {
    let base: string | undefined;
    let live: string | undefined;
    for (const item of chain.sort(byFinish)) {
      const head = item.sha as string;
      for (const from of item.kind === 'rollback' ? [live] : [base, live]) {
        if (from === undefined || from === head) continue;
        const at = item.finishedAt ?? 0;
        found.set(`${from} ${head}`, { base: from, head, at });
      }
      live = head;
      if (item.kind !== 'rollback') base = head;
    }
  }
  return [...found.values()]
    .sort((a, b) => b.at - a.at)
    .map(({ base, head }) => ({ base, head }));
}

function byFinish(a: DoraDeployment, b: DoraDeployment): number {
  return (a.finishedAt ?? 0) - (b.finishedAt ?? 0) || (a.id < b.id ? -1 : 1);
}
