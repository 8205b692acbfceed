import type { JobGraph } from '../../contract';
import type { JobFact } from '../../model';
import { compareText } from '../canonical';
import type { Problem } from './Workflow';

/** What the graph needs to know of a job; a job fact or a row of the store will do. @public */
export type GraphJob = Pick<
  JobFact,
  'jobKey' | 'name' | 'state' | 'environment' | 'createdAt' | 'startedAt'
>;

/** No graph but a plain list, with the reason. @public */
export function flatGraph(jobs: GraphJob[], reason: Problem): JobGraph {
  return {
    kind: 'flat',
    reason: { code: reason.code, message: reason.message },
    nodes: [],
    edges: [],
    groups: [],
    unplaced: byStart(jobs).map(job => job.jobKey),
  };
}

/** In the order they started; what has not started comes last, by creation. @public */
export function byStart<TJob extends GraphJob>(jobs: TJob[]): TJob[] {
  return [...jobs].sort(
    (a, b) =>
      compareTime(a.startedAt, b.startedAt) ||
      compareTime(a.createdAt, b.createdAt) ||
      compareText(a.name, b.name) ||
      compareText(a.jobKey, b.jobKey),
  );
}

function compareTime(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0;
  return (a ?? Infinity) < (b ?? Infinity) ? -1 : 1;
}
