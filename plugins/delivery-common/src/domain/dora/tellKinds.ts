import type { DoraKind } from '../../contract';
import { canonical } from '../canonical';
import type { History } from './history';
import type { DoraDeployment } from './linked';
import { byMoment } from './mergeSources';

/** What ran at one place so far. */
interface Past {
  /** Each SHA that ran, with how new it was when it first did. */
  ages: Map<string, number>;
  live?: string;
  newest: number;
}

/**
 * Tells what each deployment was for (reference 1.3): `redeploy` brings the commit that is live, `rollback` one from before it (an
 * ancestor of it, or one that ran and is older), everything else is `regular`, also what comes back after a rollback. What says that it
 * is a rollback is one; without a SHA nothing else is known.
 *
 * @param options - `perEnvironment`: each environment has a past of its own
 * @returns in the order of `mergeSources`
 */
export function tellKinds(
  deployments: DoraDeployment[],
  history: History,
  options: { perEnvironment?: boolean } = {},
): DoraDeployment[] {
  const pasts = new Map<string, Past>();
  return [...deployments].sort(byMoment).map(deployment => {
    const { service, environment } = deployment;
    const name = canonical([service, options.perEnvironment && environment]);
    const past = pasts.get(name) ?? { ages: new Map(), newest: 0 };
    pasts.set(name, past);
    const kind = kindOf(deployment, past, history);
    remember(deployment, kind, past);
    return { ...deployment, kind };
  });
}

function kindOf(
  { sha, hints }: DoraDeployment,
  { live, ages }: Past,
  history: History,
): DoraKind {
  if (hints.isRollback) return 'rollback';
  if (sha === undefined || live === undefined) return 'regular';
  if (sha === live) return 'redeploy';
  if (history.isAncestor(sha, live) === true) return 'rollback';
  const [age, liveAge] = [ages.get(sha), ages.get(live)];
  if (age === undefined || liveAge === undefined || age > liveAge) {
    return 'regular';
  }
  return history.isAncestor(live, sha) === true ? 'regular' : 'rollback';
}

function remember(
  { sha, outcome, finishedAt, hints }: DoraDeployment,
  kind: DoraKind,
  past: Past,
): void {
  // What was put back at once was never what later ones are compared with.
  if (outcome !== 'succeeded' || hints.putBack?.ok) return;
  if (sha === undefined || finishedAt === undefined) return;
  if (!past.ages.has(sha)) {
    const liveAge = past.live && past.ages.get(past.live);
    const older = kind === 'rollback' && typeof liveAge === 'number';
    past.newest += 1;
    past.ages.set(sha, older ? liveAge - 0.5 : past.newest);
  }
  past.live = sha;
}
