import type { Environment, MatrixCell } from '../../contract';
import { isMovingStatus } from './RuntimeSteps';
import { plain, plainOrNone } from './vendorText';

/** Longest name of an environment that is compared with a pattern. */
const MAX_NAME = 255;

/**
 * Says of every environment how far it is behind the nearest earlier one whose commit is known.
 *
 * @param environments - in their order on the way to production
 * @param count - commits that `head` has and `base` does not; undefined: not counted yet
 */
export function placeBehind(
  environments: Environment[],
  count: (
    base: string,
    head: string,
  ) => { commits: number; oldestAt?: number } | undefined,
): Environment[] {
  let previous: Environment | undefined;
  return environments.map(environment => {
    const { behind: _, ...rest } = environment;
    const base = environment.commit?.sha;
    if (!base) return rest;
    const head = previous?.commit?.sha;
    const name = previous?.name;
    previous = environment;
    if (!head || name === undefined || head === base) return rest;
    const counted = count(base, head);
    return counted?.commits === 0
      ? rest
      : { ...rest, behind: { environment: name, ...counted } };
  });
}

/** How many commits production lacks, all steps of the way together; what is not counted yet counts as one. */
export function lagOf(environments: Environment[]): number {
  const at = environments.findLastIndex(item => item.tier === 'production');
  return (at < 0 ? environments : environments.slice(0, at + 1)).reduce(
    (sum, { behind }) => sum + (behind ? behind.commits ?? 1 : 0),
    0,
  );
}

/** An environment made small for the matrix. */
export function matrixCellOf(environment: Environment): MatrixCell {
  const { basis, commit, since, health, rollout, behind } = environment;
  const moving = isMoving(environment);
  const fresh = rollout?.new;
  return {
    ...{ basis, since, sha: commit?.sha, health: health.state },
    progress:
      moving && fresh && fresh.requested > 0
        ? Math.round(100 * Math.min(1, fresh.running / fresh.requested))
        : undefined,
    flags: flagsOf(environment, moving),
    note: noteOf(environment),
    behind: behind?.commits,
  };
}

function isMoving({ rollout, newest }: Environment): boolean {
  return (
    (rollout !== undefined && isMovingStatus(rollout.status)) ||
    newest?.status === 'in_progress'
  );
}

function flagsOf(
  environment: Environment,
  moving: boolean,
): MatrixCell['flags'] {
  const { newest, deployment, rollout, alarmsFiring } = environment;
  const status = (newest ?? deployment)?.status;
  const isFailed =
    status === 'failed' ||
    (!newest && ['failed', 'rollback_failed'].includes(rollout?.status ?? ''));
  const isBack =
    status === 'rolled_back' || (!newest && rollout?.status === 'rolled_back');
  const all: [MatrixCell['flags'][number], boolean][] = [
    ['moving', moving],
    ['waiting', environment.waiting !== undefined],
    ['failed', isFailed],
    ['rolled_back', isBack],
    ['drift', environment.drift.length > 0],
    ['alarm', alarmsFiring.length > 0],
    ['problem', environment.problem !== undefined],
    ['behind', environment.behind !== undefined],
  ];
  return all.filter(([, is]) => is).map(([flag]) => flag);
}

/** The sentence of the loudest. */
function noteOf(environment: Environment): string | undefined {
  const { drift, alarmsFiring, health, newest, problem } = environment;
  if (drift.length > 0) return drift[0].message;
  if (alarmsFiring.length > 0) {
    return `Alarm: ${alarmsFiring.map(name => plain(name, 80)).join(', ')}.`;
  }
  if (newest && ['failed', 'rolled_back'].includes(newest.status)) {
    return newest.message;
  }
  if (problem) return plainOrNone(problem.message, 300);
  return ['unhealthy', 'degraded'].includes(health.state)
    ? health.message
    : undefined;
}

/**
 * True when a vendor's name of an environment is one of these patterns; `*` stands for anything, capital letters for small ones. Takes
 * time in proportion to the name for every piece of a pattern.
 */
export function matchesEnvironment(
  match: string[],
  vendorName: string,
): boolean {
  if (vendorName.length > MAX_NAME) return false;
  const name = vendorName.toLowerCase();
  return match.some(pattern => fits(pattern.toLowerCase(), name));
}

function fits(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0];
  const last = pieces[pieces.length - 1];
  if (pieces.length === 1) return name === pattern;
  if (name.length < first.length + last.length) return false;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let from = first.length;
  // The first place that fits leaves the most for the rest: nothing has to be tried twice.
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
