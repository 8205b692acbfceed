import type { RunFact } from '../model';

/**
 * Class of runs whose durations can be compared: the same pipeline does other work for a pull request than for a push to the default
 * branch. Values: `default-branch push`, `branch push`, otherwise the event's own name (`pull_request`, `schedule`).
 *
 * @param defaultBranch - of the repository; while it is not known, `main` and `master` count as it
 * @public
 */
export function runClass(
  run: Pick<RunFact, 'event' | 'branch'>,
  defaultBranch?: string,
): string {
  if (run.event !== 'push') return run.event;
  const isDefault = defaultBranch
    ? run.branch === defaultBranch
    : run.branch === 'main' || run.branch === 'master';
  return isDefault ? 'default-branch push' : 'branch push';
}
