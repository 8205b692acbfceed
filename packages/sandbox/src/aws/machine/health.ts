import type {
  RevisionRecord,
  ServiceRecord,
  TaskDefinitionRecord,
  TaskRecord,
} from '../records';
import type { Estate } from './Estate';

/** What the target of a task says when its health check fails. */
export const UNHEALTHY = {
  timeout: { reason: 'Target.Timeout', description: 'Request timed out' },
  code: {
    reason: 'Target.ResponseCodeMismatch',
    description: 'Health checks failed with these codes: [503]',
  },
} as const;

/** Counts as one of the desired: runs, and everything that looks at its health is content. */
export const isReady = (task: TaskRecord) =>
  task.lastStatus === 'RUNNING' &&
  task.desiredStatus === 'RUNNING' &&
  task.nextAt === null;

/** Meant to run: not told to stop. */
export const isActive = (task: TaskRecord) => task.desiredStatus === 'RUNNING';

/** Container health checks of the essential containers; a Dockerfile's own one would not count. */
export const hasCheck = (definition: TaskDefinitionRecord | undefined) =>
  definition?.containers.some(
    ({ essential, healthCheck }) => essential && healthCheck !== null,
  ) ?? false;

/** What the tasks of a revision suffer from. */
export function ailmentOf(
  estate: Estate,
  task: TaskRecord,
): 'image' | 'crash' | 'health' | null {
  if (task.revision === null) return task.digest === '' ? 'image' : null;
  const bad = estate.deploymentOf(task.revision)?.plan.bad ?? null;
  if (bad !== 'health') return bad;
  const checked =
    task.target !== null ||
    hasCheck(estate.definitions.get(task.taskDefinition));
  const group = estate.revision(task.revision).targetGroup;
  // Nothing would ever notice a worker without a check: it has to fall over.
  return checked || group !== null ? 'health' : 'crash';
}

/** How the balancer's health check of the task fails now; undefined: it succeeds. */
export function failingCheck(
  estate: Estate,
  service: ServiceRecord,
  task: TaskRecord,
): (typeof UNHEALTHY)[keyof typeof UNHEALTHY] | undefined {
  if (service.brokenTargets) return UNHEALTHY[service.brokenTargets];
  return ailmentOf(estate, task) === 'health' ? UNHEALTHY.code : undefined;
}

/** Digest of the container that the service is about; empty when it cannot be pulled. */
export function mainDigest(
  images: RevisionRecord['images'],
  container: string | undefined,
): string {
  const main = images.find(image => image.container === container);
  return (main ?? images[0]).digest;
}
