import type { RuntimeTask } from '../../runtime';
import type { RuntimeState } from './facts';
import { plain } from './vendorText';

/** True for a task that serves. */
export function isRunning(task: RuntimeTask): boolean {
  return (
    task.lastStatus.toUpperCase() === 'RUNNING' &&
    task.desiredStatus.toUpperCase() !== 'STOPPED'
  );
}

/** Stopped tasks by their reason, the newest first. */
export function groupStopped(
  tasks: RuntimeTask[],
): { reason: string; count: number; at: number }[] {
  const byReason = new Map<
    string,
    { reason: string; count: number; at: number }
  >();
  for (const task of tasks) {
    const reason = stoppedReasonOf(task);
    const at = task.stoppedAt ?? task.startedAt ?? 0;
    const known = byReason.get(reason);
    byReason.set(reason, {
      reason,
      count: (known?.count ?? 0) + 1,
      at: Math.max(known?.at ?? 0, at),
    });
  }
  return [...byReason.values()].sort(
    (a, b) =>
      b.at - a.at || b.count - a.count || (a.reason < b.reason ? -1 : 1),
  );
}

/** Why a task stopped, without what differs from task to task. */
function stoppedReasonOf({ stoppedReason, stopCode, containers }: RuntimeTask) {
  const text = plain(stoppedReason ?? stopCode, 400) || 'No reason is told';
  const exit = containers.find(
    ({ exitCode }) => exitCode !== undefined && exitCode !== 0,
  );
  const reason = text.replace(/\b[0-9a-f]{16,}\b/g, '…').slice(0, 300);
  const also = exit?.reason ? `: ${plain(exit.reason, 120)}` : '';
  return exit
    ? `${reason} (${plain(exit.name, 60)} exited with code ${
        exit.exitCode
      }${also})`
    : reason;
}

/** True when a health check is part of the service's task definition; undefined when that was not read. */
export function hasHealthCheck({
  service,
  taskDefinitions,
}: RuntimeState): boolean | undefined {
  const definition =
    service?.taskDefinition && taskDefinitions.get(service.taskDefinition);
  if (!definition) return undefined;
  return definition.containers.some(
    ({ essential, healthCheck }) => essential && healthCheck,
  );
}
