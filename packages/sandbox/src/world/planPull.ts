import { mergeMessage } from '../mergeMessage';
import type { Random } from '../engine';
import {
  HOUR,
  MINUTE,
  seconds,
  type Change,
  type PlannedCommit,
  type PlannedPull,
  type PlannedReview,
  type Timeline,
} from './plan';

/** How long people take. Hours as `[least, most]`; most are nearer to the least. */
export interface Pace {
  /** From the first commit until the pull request is opened. */
  coding: [number, number];
  /** From there to the first review. */
  pickup: [number, number];
  /** From there to the merge. */
  review: [number, number];
  /** Most commits before it is opened. */
  commits: number;
}

/** Of what cannot wait. */
export const AT_ONCE: Pace = {
  coding: [0.2, 0.6],
  pickup: [0.1, 0.2],
  review: [0.1, 0.3],
  commits: 1,
};

export interface PullPlan {
  base: string;
  reviewer(author: string): string;
  pace: Pace;
}

const STEPS = ['Make it work', 'Cover it with tests', 'Name things better'];
const REMARKS = [
  'Looks good',
  'Nice and small',
  'One question about the limit',
];

const between = (random: Random, [least, most]: [number, number]) =>
  (least + (most - least) * random() ** 2) * HOUR;

const slug = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);

/** The same content as one of its drafts: empty lines at the end mean nothing in any of the files. */
function drafts(
  files: Change['files'],
  left: number,
): Record<string, string | null> {
  const [path, content] = Object.entries(files)[0];
  return { [path]: content === null ? '' : content + '\n'.repeat(left) };
}

/** A push straight to a branch. */
export function addPush(
  timeline: Timeline,
  branch: string,
  change: Change & Pick<PlannedCommit, 'authoredAt' | 'merge' | 'names'>,
): PlannedCommit {
  const { at, author: actor, files } = change;
  const commit: PlannedCommit = {
    branch,
    from: 'main',
    files,
    message: () => {
      const below = change.body?.();
      return below ? `${change.title}\n\n${below}` : change.title;
    },
    author: actor,
    at,
    authoredAt: change.authoredAt,
    merge: change.merge,
    names: change.names,
    sha: '',
  };
  timeline.commits.push(commit);
  timeline.acts.push({ at, kind: 'push', commit, actor });
  return commit;
}

/** Its own commits; only the last one has what is merged in the end. */
function ownCommits(
  change: Change,
  branch: string,
  base: string,
  times: number[],
): PlannedCommit[] {
  const { title, author, files } = change;
  return times.map((at, index) => {
    const last = index === times.length - 1;
    return {
      branch,
      from: base,
      files: last ? files : drafts(files, times.length - 1 - index),
      message: () => (index === 0 ? title : STEPS[(index - 1) % STEPS.length]),
      author,
      at: seconds(at),
      sha: '',
    };
  });
}

function reviewsOf(
  pull: PlannedPull,
  times: { first: number; answer: number | null; last: number },
  random: Random,
): PlannedReview[] {
  const user = pull.mergedBy;
  const remark = REMARKS[Math.floor(random() * REMARKS.length)];
  const approved = { user, state: 'APPROVED' as const };
  if (times.answer === null) {
    return [{ ...approved, at: seconds(times.first), body: remark }];
  }
  return [
    {
      at: seconds(times.first),
      user,
      state: 'CHANGES_REQUESTED',
      body: 'Please name the limit',
    },
    { ...approved, at: seconds(times.last), body: 'Thank you' },
  ];
}

/** What reaches the base branch, in order; the last one is what GitHub calls the merge commit. */
function merged(
  timeline: Timeline,
  pull: PlannedPull,
  change: Change,
): PlannedCommit[] {
  const { method, owner } = timeline;
  const paths = Object.keys(change.files);
  const common = {
    branch: pull.base,
    from: 'main',
    at: change.at,
    byGitHub: true as const,
    sha: '',
  };
  if (method === 'rebase') {
    return pull.commits.map(commit => ({
      ...common,
      files: commit.files,
      message: commit.message,
      names: commit.names,
      author: commit.author,
      authoredAt: commit.at,
      pushed: paths,
    }));
  }
  return [
    {
      ...common,
      files: change.files,
      message: () =>
        mergeMessage(
          method,
          { ...pull, owner },
          pull.commits.map(({ message }) => message()),
        ),
      names: pull.commits[0].names,
      author: method === 'merge' ? pull.mergedBy : change.author,
      ...(method === 'merge' ? { merge: pull.branch } : {}),
    },
  ];
}

/** A pull request that is merged (as its repository merges), closed or left open at `change.at`. */
export function addPull(
  timeline: Timeline,
  plan: PullPlan,
  change: Change,
  random: Random,
  fate: 'merged' | 'closed' | 'open' = 'merged',
): PlannedPull {
  const { pace } = plan;
  const { at: end, author } = change;
  const reviewing = between(random, pace.review);
  const pickup = between(random, pace.pickup);
  const wanted = end - reviewing - pickup;
  const openedAt = seconds(
    Math.min(Math.max(wanted, timeline.since), end - 10 * MINUTE),
  );
  const firstReview =
    openedAt + (end - openedAt) * (pickup / (pickup + reviewing));
  const start = openedAt - MINUTE - between(random, pace.coding);
  const count = 1 + Math.floor(random() * pace.commits);
  const times = Array.from(
    { length: count },
    (_, index) =>
      start + ((openedAt - MINUTE - start) * index) / Math.max(1, count - 1),
  );
  const answered = random() < 0.25 && pace.commits > 1;
  const answer = answered ? firstReview + (end - firstReview) / 2 : null;
  const branch =
    change.branch ??
    `${slug(change.title)}-${Math.floor(random() * 9000) + 1000}`;
  const commits = ownCommits(change, branch, plan.base, [
    ...times,
    ...(answer === null ? [] : [answer]),
  ]);
  if (answer !== null) {
    commits[commits.length - 1].message = () => 'Answer the review';
  }
  const pull: PlannedPull = {
    number: 0,
    title: change.title,
    body: change.body ?? (() => null),
    labels: change.labels ?? [],
    author,
    branch,
    base: plan.base,
    openedAt,
    commits,
    mergedAt: fate === 'merged' ? end : null,
    merge: null,
    mergedBy: plan.reviewer(author),
  };
  timeline.pulls.push(pull);
  timeline.commits.push(...commits);
  const head = commits[count - 1];
  timeline.acts.push({ at: openedAt, kind: 'open', pull, commit: head });
  if (answer !== null) {
    const commit = commits[commits.length - 1];
    timeline.acts.push({ at: commit.at, kind: 'sync', pull, commit });
  }
  if (fate !== 'open') {
    const last = end - MINUTE;
    for (const review of reviewsOf(
      pull,
      { first: firstReview, answer, last },
      random,
    )) {
      timeline.acts.push({ at: review.at, kind: 'review', pull, review });
    }
  }
  if (fate === 'merged') {
    const landed = merged(timeline, pull, change);
    timeline.commits.push(...landed);
    pull.merge = landed[landed.length - 1];
    timeline.acts.push({ at: end, kind: 'merge', pull });
  }
  if (fate === 'closed') timeline.acts.push({ at: end, kind: 'close', pull });
  return pull;
}
