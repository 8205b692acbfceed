import type { DoraSettings } from '../../contract';
import type { ChangeFact, CommitFact, Instant } from './facts';
import type { DoraChange, LeadStages } from './linked';

/** A first commit that is older than this when the pull request is opened was taken from elsewhere, or lay about. */
const OLD_MS = 90 * 86_400_000;

type Lead = Pick<
  DoraChange,
  'leadStartAt' | 'leadMs' | 'commitLeadsMs' | 'stages' | 'warnings'
>;

/**
 * How long a change took until it was deployed (reference 1.4), by `settings.leadTimeStart`. A negative time is told as it is, without
 * stages: it is not counted. Without a start nothing is told.
 *
 * @param deployedAt - undefined: not yet
 * @param commits - for dates that the change itself does not have
 */
export function leadOf(
  change: ChangeFact,
  deployedAt: Instant | undefined,
  settings: DoraSettings,
  commits: ReadonlyMap<string, CommitFact>,
): Lead {
  const dates = datesOf(change, commits);
  const { start, warnings } = startOf(change, dates, settings);
  if (start === undefined) return { warnings };
  if (deployedAt === undefined) return { leadStartAt: start, warnings };
  const leadMs = deployedAt - start;
  return {
    ...{ leadStartAt: start, leadMs, warnings },
    ...(settings.leadTimeStart === 'commit' && {
      commitLeadsMs: dates
        .flatMap(({ authored, committed }) => authored ?? committed ?? [])
        .map(at => deployedAt - at)
        .sort((a, b) => a - b),
    }),
    ...(leadMs >= 0 && {
      stages: stagesOf(change, start, deployedAt, settings),
    }),
  };
}

interface Dates {
  authored?: Instant;
  committed?: Instant;
}

function datesOf(
  { kind, mergeSha, commits: own }: ChangeFact,
  commits: ReadonlyMap<string, CommitFact>,
): Dates[] {
  const told: NonNullable<ChangeFact['commits']> =
    own ?? (kind === 'commit' ? [{ sha: mergeSha }] : []);
  return told.map(({ sha, authoredAt, committedAt }) => ({
    authored: time(authoredAt ?? commits.get(sha)?.authoredAt),
    committed: time(committedAt ?? commits.get(sha)?.committedAt),
  }));
}

function startOf(
  { kind, openedAt, mergedAt }: ChangeFact,
  dates: Dates[],
  { leadTimeStart }: DoraSettings,
): { start?: Instant; warnings: string[] } {
  const authored = least(dates.map(each => each.authored ?? each.committed));
  const committed = least(dates.map(each => each.committed ?? each.authored));
  if (leadTimeStart === 'pr_opened' || leadTimeStart === 'pr_merged') {
    const told = leadTimeStart === 'pr_opened' ? openedAt : mergedAt;
    // A direct commit is opened and merged when it is made.
    const start = time(told) ?? (kind === 'commit' ? committed : undefined);
    return { start, warnings: [] };
  }
  const opened = time(openedAt);
  if (authored === undefined || opened === undefined) {
    return { start: authored, warnings: [] };
  }
  if (leadTimeStart === 'first_commit' && authored > opened) {
    return { start: committed, warnings: ['author_date_after_opening'] };
  }
  const isOld = opened - authored > OLD_MS;
  return { start: authored, warnings: isOld ? ['first_commit_is_old'] : [] };
}

/** Parts of the way that add up to it: each begins where the one before ended, and none goes past the deployment. */
function stagesOf(
  { openedAt, firstReviewAt, mergedAt }: ChangeFact,
  start: Instant,
  deployedAt: Instant,
  { leadTimeStart }: DoraSettings,
): LeadStages {
  const stages: LeadStages = {};
  let at = start;
  const until = (moment: Instant): number => {
    const end = Math.min(Math.max(moment, at), deployedAt);
    const length = end - at;
    at = end;
    return length;
  };
  const [opened, merged] = [time(openedAt), time(mergedAt)];
  const review = time(firstReviewAt);
  const fromCommit =
    leadTimeStart === 'first_commit' || leadTimeStart === 'commit';
  if (fromCommit && opened !== undefined) stages.coding = until(opened);
  if (merged !== undefined && leadTimeStart !== 'pr_merged') {
    // A review after the merge kept nobody waiting.
    if (opened !== undefined && review !== undefined && review <= merged) {
      stages.pickup = until(review);
    }
    if (opened !== undefined) stages.review = until(merged);
    else if (fromCommit) stages.coding = until(merged);
  }
  stages.deploy = until(deployedAt);
  return stages;
}

function time(at: Instant | undefined): Instant | undefined {
  return Number.isFinite(at) ? at : undefined;
}

function least(values: (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined);
  return known.length === 0
    ? undefined
    : known.reduce((a, b) => Math.min(a, b));
}
