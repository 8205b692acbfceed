import type {
  Commit,
  Environment,
  Rollout,
} from 'backstage-plugin-delivery-common';
import type { T } from '../../translation/deliveryTranslationRef';
import { isRolling } from './looks';

/** Which commit an environment shows, and which one it replaces while it rolls out. */
export function shownCommits(environment: Environment): {
  now: Commit | undefined;
  old?: Commit;
} {
  const { commit, newest, rollout } = environment;
  if (!rollout || !isRolling(rollout)) return { now: commit };
  const coming = rollout.new?.commit ?? newest?.commit ?? commit;
  const leaving = rollout.old?.commit ?? commit;
  // A new configuration of the same commit replaces nothing one could name.
  const old = leaving?.sha === coming?.sha ? undefined : leaving;
  return { now: coming, old };
}

/**
 * How far a rollout is, 0 to 1: of the tasks that come, or while it goes back, of those that come back; where traffic is shifted, never
 * further than that.
 */
export function progressOf(rollout: Rollout): number | undefined {
  const part = rollout.status === 'rolling_back' ? rollout.old : rollout.new;
  if (!part || part.requested <= 0) return undefined;
  const tasks = Math.min(1, Math.max(0, part.running / part.requested));
  return part.traffic === undefined
    ? tasks
    : Math.min(tasks, Math.max(0, part.traffic / 100));
}

/** Counts of a rollout in words: tasks, traffic. */
export function rolloutCounts(rollout: Rollout, t: T): string[] {
  const back = rollout.status === 'rolling_back';
  const part = back ? rollout.old : rollout.new;
  if (!part) return [];
  const counts = { running: `${part.running}`, requested: `${part.requested}` };
  const words: string[] = [
    back ? t('rollout.oldTasks', counts) : t('rollout.newTasks', counts),
  ];
  const traffic = rollout.new?.traffic;
  if (traffic !== undefined) {
    words.push(t('rollout.traffic', { percent: `${Math.round(traffic)}` }));
  }
  return words;
}
