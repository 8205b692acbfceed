import type { Random } from '../engine';
import {
  HOUR,
  seconds,
  type Change,
  type PlannedCommit,
  type PlannedIncident,
  type PlannedPull,
  type Timeline,
} from './plan';
import { addPull, AT_ONCE, type PullPlan } from './planPull';

/** An issue that says production has trouble. */
export function addIncident(
  timeline: Timeline,
  what: {
    title: string;
    author: string;
    /** Label of the component, in a repository of several. */
    label?: string;
    at: number;
    /** Hours until it is closed; never closed when absent. */
    hours?: number;
    names?: PlannedIncident['names'];
  },
): PlannedIncident {
  const openedAt = seconds(what.at);
  const closedAt =
    what.hours === undefined ? null : seconds(openedAt + what.hours * HOUR);
  const incident: PlannedIncident = {
    number: 0,
    title: what.title,
    author: what.author,
    labels: ['incident', ...(what.label ? [what.label] : [])],
    openedAt,
    closedAt,
    names: what.names ?? null,
  };
  timeline.incidents.push(incident);
  timeline.acts.push({ at: openedAt, kind: 'incident', incident });
  if (closedAt !== null) {
    const actor = what.author;
    timeline.acts.push({ at: closedAt, kind: 'resolve', incident, actor });
  }
  return incident;
}

type Where = Pick<PullPlan, 'base' | 'reviewer'>;

/** A repair that could not wait, merged at `change.at`. */
export function addHotfix(
  timeline: Timeline,
  where: Where,
  change: Omit<Change, 'branch' | 'labels' | 'body'>,
  random: Random,
  fixes?: PlannedIncident,
): PlannedPull {
  const slug = change.title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const pull = addPull(
    timeline,
    { ...where, pace: AT_ONCE },
    {
      ...change,
      branch: `hotfix/${slug}-${timeline.pulls.length}`,
      labels: ['hotfix'],
      body: () => (fixes ? `Fixes #${fixes.number}` : 'Cannot wait.'),
    },
    random,
  );
  if (pull.merge) timeline.certain.add(pull.merge);
  return pull;
}

/** Takes a merged pull request back, as GitHub words it. `change.files`: what there was before. */
export function addRevert(
  timeline: Timeline,
  where: Where,
  of: PlannedPull,
  change: Pick<Change, 'files' | 'author' | 'at'> & { repo: string },
  random: Random,
): PlannedPull {
  const title = () => `Revert "${of.title} (#${of.number})"`;
  const pull = addPull(
    timeline,
    { ...where, pace: AT_ONCE },
    {
      ...change,
      title: `Revert "${of.title}"`,
      branch: `revert-${timeline.pulls.length}-${of.branch}`,
      body: () => `Reverts ${change.repo}#${of.number}`,
    },
    random,
  );
  const target = of.merge as PlannedCommit;
  const [first] = pull.commits;
  first.names = target;
  first.message = () => `${title()}\n\nThis reverts commit ${target.sha}.`;
  if (pull.merge) {
    pull.merge.names = target;
    timeline.certain.add(pull.merge);
  }
  timeline.afterNumbers.push(() => {
    pull.title = title();
  });
  return pull;
}

/** Somebody starts `rollback.yml` for production, back to what ran before. */
export function addRollback(
  timeline: Timeline,
  what: { service: string; reason: string; actor: string; at: number },
): void {
  const { at, ...rest } = what;
  timeline.acts.push({ at: seconds(at), kind: 'roll-back', ...rest });
}

/** The pipeline of the commit, which is pushed at `commit.at`, goes wrong; nobody runs it again. */
export function addFailure(
  timeline: Timeline,
  commit: PlannedCommit,
  what: { workflow: string; job: string; step?: string },
): void {
  const at = commit.at - 1000;
  timeline.lost.add(commit);
  timeline.acts.push({ at, kind: 'fail', hang: false, ...what });
}
