import type { DeploymentSource } from 'backstage-plugin-delivery-common/domain';
import type { JobRow } from '../../database/rows';
import { line } from './words';

/** Names of steps and jobs that act on an environment; a check counts only after one of them. */
const ACTS =
  /deploy|releas|roll[\s_-]*(?:out|back)|go[\s_-]*back|update[\s_-]*service|\bapply\b|promot|traffic|blue.?green|canary/i;
/** Names of steps and jobs that look whether it works. */
const CHECKS =
  /smoke|verif|health|check|test|probe|prov(?:e|ing)|proof|validat|synthetic|e2e|monitor/i;
/** Names of steps and jobs that put back what ran before. */
const BACK = /roll(?:ed|ing)?[\s_-]*back|\b(?:return|restore|revert)\b/i;

type Step = JobRow['steps'][number];

/** What the jobs of one attempt say of the time after its deployment. */
export interface Afterwards {
  /** Something that looks whether it works failed after it was deployed. */
  checkFailed?: DeploymentSource['checkFailed'];
  /** When it was live, although the job that deployed it failed afterwards. */
  liveAt?: number;
  putBack?: DeploymentSource['putBack'];
  /** A step of the jobs that deploy ran. */
  ran: boolean;
}

/**
 * Looks for a check that failed after the deployment, in its own jobs or in a later job of the same attempt, and for what put the
 * revision before back. A later job that is no check (it tells a channel, or publishes documentation) says nothing about the deployment.
 *
 * @param jobs - all jobs of the attempt
 * @param own - keys of those that deploy
 * @param deployed - the runtime itself says that the deployment was done
 */
export function afterwardsOf(
  jobs: JobRow[],
  own: ReadonlySet<string>,
  deployed: boolean,
): Afterwards {
  const sorted = [...jobs].sort(byStart);
  const mine = sorted.filter(job => own.has(job.jobKey));
  const ran = mine.some(job => job.steps.some(isRun));
  for (const job of mine) {
    const found = within(job, deployed);
    if (found) {
      return {
        ...{ ...found, ran },
        putBack: found.putBack ?? laterBack(laterJobs(sorted, mine)),
      };
    }
  }
  const isGood = mine.length > 0 && mine.every(job => concluded(job.state));
  if (!isGood) return { ran, putBack: backIn(mine) };
  const later = laterJobs(sorted, mine);
  const check = later.find(job => isFailed(job.state) && isCheck(job.name));
  if (!check) return { ran };
  return {
    ran,
    checkFailed: {
      ...{ at: check.completedAt, name: line(check.name, 200) },
      url: check.url,
    },
    putBack: laterBack(later),
  };
}

/** A check that failed inside of the job that deploys. */
function within(
  job: JobRow,
  deployed: boolean,
): Omit<Afterwards, 'ran'> | undefined {
  const steps = [...job.steps].sort((a, b) => a.number - b.number);
  const at = steps.findIndex(step => isFailed(step.state));
  const failed = steps[at];
  if (!failed || !isCheck(failed.name)) return undefined;
  const acted = steps
    .slice(0, at)
    .filter(step => concluded(step.state) && ACTS.test(cut(step.name)));
  if (acted.length === 0 && !deployed) return undefined;
  const back = steps
    .slice(at + 1)
    .findLast(step => isBack(step.name) && isRun(step));
  return {
    checkFailed: {
      at: failed.completedAt ?? job.completedAt,
      ...{ name: line(failed.name, 200), url: job.url },
    },
    liveAt: acted.at(-1)?.completedAt ?? failed.startedAt,
    putBack: back && {
      at: back.completedAt ?? job.completedAt,
      ok: concluded(back.state),
    },
  };
}

/** Of jobs that failed before any check: they may have put the revision before back all the same. */
function backIn(mine: JobRow[]): DeploymentSource['putBack'] {
  for (const job of mine) {
    const failed = job.steps.findIndex(step => isFailed(step.state));
    const back = job.steps
      .slice(failed + 1)
      .findLast(step => isBack(step.name) && isRun(step));
    if (failed >= 0 && back) {
      return {
        at: back.completedAt ?? job.completedAt,
        ok: concluded(back.state),
      };
    }
  }
  return undefined;
}

function laterBack(later: JobRow[]): DeploymentSource['putBack'] {
  const job = later.findLast(
    item =>
      isBack(item.name) && (concluded(item.state) || isFailed(item.state)),
  );
  return job && { at: job.completedAt, ok: concluded(job.state) };
}

/** Jobs after the deployment that name no other environment, until the next job that does: what comes then is about that one. */
function laterJobs(sorted: JobRow[], mine: JobRow[]): JobRow[] {
  const end = Math.max(...mine.map(job => job.completedAt ?? Infinity));
  const names = new Set(mine.map(job => job.environment?.toLowerCase()));
  const after = sorted.filter(
    job => !mine.includes(job) && (job.startedAt ?? -Infinity) >= end,
  );
  const isOther = (job: JobRow) =>
    job.environment !== undefined &&
    !names.has(job.environment.toLowerCase()) &&
    job.state.conclusion !== 'skipped';
  const next = after.findIndex(isOther);
  return next < 0 ? after : after.slice(0, next);
}

function byStart(a: JobRow, b: JobRow): number {
  return (
    (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) ||
    (a.jobKey < b.jobKey ? -1 : 1)
  );
}

function isRun(step: Step): boolean {
  const { conclusion } = step.state;
  return conclusion !== undefined && conclusion !== 'skipped';
}

function concluded({ conclusion }: JobRow['state']): boolean {
  return conclusion === 'success';
}

function isFailed({ conclusion }: JobRow['state']): boolean {
  return conclusion === 'failure' || conclusion === 'timed_out';
}

function isCheck(name: string): boolean {
  return CHECKS.test(cut(name));
}

function isBack(name: string): boolean {
  return BACK.test(cut(name));
}

/** Names come from files that anybody with a branch writes. */
function cut(name: string): string {
  return name.slice(0, 200);
}
