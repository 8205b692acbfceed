import { pick, seededRandom, type Random } from '../engine';
import { CADENCES, type Cadence } from './cadences';
import { authorOf } from './people';
import { specialEvents } from './specialEvents';
import type { Topic } from './topics';

export const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A commit that will be imported; its sha is known afterwards. */
export interface PlannedCommit {
  branch: string;
  /** Branch it starts from when its own does not exist yet. */
  from: string;
  files: Record<string, string | null>;
  message: () => string;
  author: string;
  at: number;
  sha: string;
}

export interface PlannedPull {
  number: number;
  title: string;
  author: string;
  branch: string;
  base: string;
  openedAt: number;
  commits: PlannedCommit[];
  mergedAt: number | null;
  merge: PlannedCommit | null;
  mergedBy: string;
}

/** Something people or machines do at a time. */
export type PlannedAct = { at: number } & (
  | { kind: 'push'; commit: PlannedCommit; actor: string; fail?: string }
  | { kind: 'open'; pull: PlannedPull }
  | { kind: 'sync'; pull: PlannedPull; commit: PlannedCommit }
  | { kind: 'merge'; pull: PlannedPull }
  | { kind: 'close'; pull: PlannedPull }
  | { kind: 'schedule'; path: string }
  | {
      kind: 'dispatch';
      path: string;
      inputs: Record<string, string>;
      actor: string;
    }
  | { kind: 'odd'; path: string; conclusion: 'action_required' | 'stale' }
  | {
      kind: 'fail';
      workflow: string;
      job: string;
      step?: string;
      hang: boolean;
    }
  | { kind: 'fail-step'; workflow: string; environment: string; step: string }
);

/** Everything that happens in one repository. */
export interface Timeline {
  commits: PlannedCommit[];
  pulls: PlannedPull[];
  acts: PlannedAct[];
}

const isWeekend = (day: number) => [0, 6].includes(new Date(day).getUTCDay());

/** Days people work on, oldest first. */
export function workDays(from: number, until: number): number[] {
  const days: number[] = [];
  for (let day = from; day < until; day += DAY) {
    if (!isWeekend(day)) days.push(day);
  }
  return days;
}

/** Adds changes of one cadence to the timeline of its repository. */
function addCadence(
  timeline: Timeline,
  cadence: Cadence,
  days: number[],
  random: Random,
): void {
  const counts = new Map<Topic, number>();
  for (const day of days) {
    const whole = Math.floor(cadence.perDay);
    const count = whole + (random() < cadence.perDay - whole ? 1 : 0);
    for (let index = 0; index < count; index += 1) {
      const topic = pick(random, cadence.topics);
      const n = (counts.get(topic) ?? 0) + 1;
      counts.set(topic, n);
      const at = day + 8.5 * HOUR + random() * 8 * HOUR;
      const change = {
        title: pick(random, topic.titles),
        files: { [topic.path]: topic.render(n) },
        author: pick(random, cadence.authors),
        at: Math.round(at / 1000) * 1000,
      };
      if (random() < cadence.pullShare) {
        addPull(timeline, cadence, change, random);
      } else addPush(timeline, cadence.base, change);
    }
  }
}

interface Change {
  title: string;
  files: Record<string, string | null>;
  author: string;
  at: number;
  branch?: string;
}

/** A push straight to a branch. */
export function addPush(
  timeline: Timeline,
  branch: string,
  change: Change,
): PlannedCommit {
  const commit: PlannedCommit = {
    branch,
    from: 'main',
    files: change.files,
    message: () => change.title,
    author: change.author,
    at: change.at,
    sha: '',
  };
  timeline.commits.push(commit);
  const { at, author: actor } = change;
  timeline.acts.push({ at, kind: 'push', commit, actor });
  return commit;
}

const slug = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);

/** A pull request: opened, sometimes changed once more, squashed at `change.at` (or closed, or left open). */
export function addPull(
  timeline: Timeline,
  cadence: Pick<Cadence, 'base' | 'reviewer'>,
  change: Change,
  random: Random,
  fate: 'merged' | 'closed' | 'open' = 'merged',
): PlannedPull {
  const openedAt =
    Math.round((change.at - (1 + random() * 5) * HOUR) / 1000) * 1000;
  const branch =
    change.branch ??
    `${slug(change.title)}-${Math.floor(random() * 9000) + 1000}`;
  const first: PlannedCommit = {
    branch,
    from: cadence.base,
    files: change.files,
    message: () => change.title,
    author: change.author,
    at: openedAt - 60_000,
    sha: '',
  };
  const pull: PlannedPull = {
    number: 0,
    title: change.title,
    author: change.author,
    branch,
    base: cadence.base,
    openedAt,
    commits: [first],
    mergedAt: fate === 'merged' ? change.at : null,
    merge: null,
    mergedBy: cadence.reviewer(change.author),
  };
  timeline.pulls.push(pull);
  timeline.commits.push(first);
  timeline.acts.push({ at: openedAt, kind: 'open', pull });
  if (random() < 0.25) {
    const at = openedAt + Math.round((change.at - openedAt) / 2000) * 1000;
    const path = Object.keys(change.files)[0];
    const content = `${change.files[path] ?? ''}${
      path.endsWith('.json') ? '' : '\n'
    }`;
    const commit = {
      ...first,
      files: { [path]: content },
      message: () => 'Answer the review',
      at,
    };
    pull.commits.push(commit);
    timeline.commits.push(commit);
    timeline.acts.push({ at, kind: 'sync', pull, commit });
  }
  if (fate === 'merged') {
    pull.merge = {
      branch: cadence.base,
      from: 'main',
      files: change.files,
      message: () => `${change.title} (#${pull.number})`,
      author: change.author,
      at: change.at,
      sha: '',
    };
    timeline.commits.push(pull.merge);
    timeline.acts.push({ at: change.at, kind: 'merge', pull });
  }
  if (fate === 'closed') {
    timeline.acts.push({ at: change.at, kind: 'close', pull });
  }
  return pull;
}

/** Plans what happens in a repository between two days; `files` is its first commit. */
export function planTimeline(
  slugOfRepo: string,
  files: Record<string, string>,
  span: { from: number; until: number; seed: string },
): Timeline {
  const first: PlannedCommit = {
    branch: 'main',
    from: 'main',
    files,
    message: () => 'Import the repository',
    author: 'pat',
    at: span.from - 30 * DAY,
    sha: '',
  };
  const timeline: Timeline = { commits: [first], pulls: [], acts: [] };
  if (
    CADENCES.some(({ repo, base }) => repo === slugOfRepo && base !== 'main')
  ) {
    // Pull requests start from `develop`: it must be there before them.
    const content = '* @eventflow/events\n';
    timeline.commits.push({
      ...first,
      branch: 'develop',
      files: { '.github/CODEOWNERS': content },
      message: () => 'Name the owners',
      at: first.at + 1000,
    });
  }
  const days = workDays(span.from, span.until);
  for (const cadence of CADENCES.filter(({ repo }) => repo === slugOfRepo)) {
    const random = seededRandom(`${span.seed} ${cadence.component}`);
    addCadence(timeline, cadence, days, random);
  }
  const random = seededRandom(`${span.seed} ${slugOfRepo} special`);
  specialEvents(slugOfRepo, timeline, files, days, random);
  // Stable: what is planned for the same second keeps its order.
  timeline.commits.sort((a, b) => a.at - b.at);
  timeline.acts.sort((a, b) => a.at - b.at);
  timeline.pulls.sort((a, b) => a.openedAt - b.openedAt);
  timeline.pulls.forEach((pull, index) => {
    pull.number = index + 1;
  });
  return timeline;
}

/** What `git fast-import` needs, in order. */
export function importable(timeline: Timeline) {
  return timeline.commits.map(commit => ({
    branch: commit.branch,
    from: commit.from,
    files: commit.files,
    message: commit.message(),
    author: authorOf(commit.author),
    at: commit.at,
  }));
}
