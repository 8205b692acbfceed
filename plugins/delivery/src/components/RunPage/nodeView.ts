import type {
  Job,
  JobGraph,
  JobGraphNode,
} from 'backstage-plugin-delivery-common';
import { isBad, isMoving } from '../StatusBadge';

/** What a node of the graph shows, worked out from its jobs. */
export interface NodeView {
  node: JobGraphNode;
  jobs: Job[];
  /** The job that choosing the node chooses: what needs a look first. */
  first: Job | undefined;
  completed: number;
  startedAt?: number;
  /** Present once all its jobs have completed. */
  completedAt?: number;
  expectedAt?: number;
  /** A gate holds it now. */
  gate: boolean;
}

/** The job most worth a look: one that failed, else one that moves, else the first. */
export function mostTelling(jobs: Job[]): Job | undefined {
  return (
    jobs.find(isBad) ??
    jobs.find(job => job.status === 'waiting') ??
    jobs.find(isMoving) ??
    jobs[0]
  );
}

function outer(
  pick: (...values: number[]) => number,
  values: (number | undefined)[],
): number | undefined {
  const present = values.filter((v): v is number => v !== undefined);
  return present.length > 0 ? pick(...present) : undefined;
}

/** Joins a node with its jobs. */
export function nodeView(node: JobGraphNode, all: Job[]): NodeView {
  const jobs = node.jobs.flatMap(id => all.find(job => job.id === id) ?? []);
  const completed = jobs.filter(job => job.status === 'completed').length;
  const done = jobs.length > 0 && completed === jobs.length;
  return {
    node,
    jobs,
    first: mostTelling(jobs),
    completed,
    startedAt: outer(
      Math.min,
      jobs.map(job => job.startedAt),
    ),
    completedAt: done
      ? outer(
          Math.max,
          jobs.map(job => job.completedAt),
        )
      : undefined,
    expectedAt: outer(
      Math.max,
      jobs.filter(isMoving).map(job => job.expectedAt),
    ),
    gate: node.state?.status === 'waiting',
  };
}

/** Jobs of the run that no node of the graph shows. */
export function unplacedJobs(graph: JobGraph, jobs: Job[]): Job[] {
  if (graph.kind !== 'placed') return jobs;
  const placed = new Set(graph.nodes.flatMap(node => node.jobs));
  return jobs.filter(job => !placed.has(job.id));
}
