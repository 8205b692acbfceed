import { AwsError } from '../cloud';
import type { AwsPlace, ServiceRecord } from '../records';
import { isActive } from './health';
import type { Parts } from './Parts';
import type { Rollouts } from './Rollouts';
import type { TaskLife } from './TaskLife';
import { isMoving } from './Endings';

/** The parts that incidents touch. */
export interface Touched {
  parts: Parts;
  tasks: TaskLife;
  rollouts: Rollouts;
}

/**
 * Sets an alarm; deployments that watch it fail when it rings.
 * @throws AwsError `ResourceNotFound` when there is no such alarm
 */
export function ringAlarm(
  { parts, rollouts }: Touched,
  place: AwsPlace,
  name: string,
  state: 'OK' | 'ALARM',
  at: number,
): void {
  const alarm = parts.estate.alarm(place, name);
  if (!alarm) {
    throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`, 404);
  }
  if (alarm.state === state) return;
  alarm.state = state;
  alarm.updatedAt = at;
  const beyond = state === 'ALARM' ? 'greater' : 'not greater';
  alarm.reason = `Threshold Crossed: 1 datapoint was ${beyond} than the threshold (${alarm.threshold}).`;
  if (state !== 'ALARM') return;
  for (const service of parts.estate.records.services) {
    const watches =
      service.accountId === place.accountId &&
      service.region === place.region &&
      service.alarms?.names.includes(name);
    if (watches) failByAlarm(rollouts, parts, service, name, at);
  }
}

function failByAlarm(
  rollouts: Rollouts,
  parts: Parts,
  service: ServiceRecord,
  alarm: string,
  at: number,
): void {
  const deployment = parts.estate.current(service);
  if (!deployment || !['PENDING', 'IN_PROGRESS'].includes(deployment.status)) {
    return;
  }
  if (deployment.alarms.status !== 'MONITORING') return;
  deployment.alarms = { status: 'TRIGGERED', triggered: [alarm] };
  const failure = {
    event: 'alarm detected',
    reason: `the CloudWatch alarm ${alarm} went into ALARM`,
    rollback: service.alarms?.rollback ?? false,
  };
  rollouts.endings.fail(service, deployment, failure, at);
  rollouts.advance(service, at);
}

/** Stops the oldest running tasks; ECS starts others a few seconds later. */
export function killTasks(
  { parts, tasks, rollouts }: Touched,
  service: ServiceRecord,
  count: number,
  at: number,
): number {
  const running = parts.estate
    .live(service)
    .filter(task => isActive(task) && task.lastStatus === 'RUNNING')
    .slice(0, Math.max(0, count));
  const cause = { stopCode: 'UserInitiated', reason: 'Task stopped by user' };
  tasks.stop(service, running, cause, at);
  if (running.length > 0) {
    rollouts.pause(service, at, 8);
    rollouts.advance(service, at);
  }
  return running.length;
}

/** Every health check of the balancer fails, or succeeds again; gives the number of targets that turned. */
export function breakTargets(
  { parts, tasks }: Touched,
  service: ServiceRecord,
  how: 'timeout' | 'code' | undefined,
  at: number,
): number {
  if (service.targetGroups.length === 0) return 0;
  const was = service.brokenTargets;
  service.brokenTargets = how ?? null;
  let turned = 0;
  for (const task of parts.estate.live(service).filter(isActive)) {
    const state = task.target?.state;
    if (how && (state === 'healthy' || state === 'unhealthy')) {
      tasks.breakTarget(service, task, at);
      turned += 1;
    } else if (!how && was && state === 'unhealthy') {
      tasks.healTarget(task, at);
      turned += 1;
    }
  }
  return turned;
}

/** Nothing of the service is kept any more; it is INACTIVE when its last task has stopped. */
export function retire(
  { parts, tasks, rollouts }: Touched,
  service: ServiceRecord,
  at: number,
): void {
  const deployment = parts.estate.current(service);
  if (deployment && isMoving(deployment)) {
    const reason =
      'Service deployment stopped because the service was deleted.';
    rollouts.endings.halt(service, deployment, reason, at);
  }
  service.status = 'DRAINING';
  service.desiredCount = 0;
  const cause = {
    stopCode: 'ServiceSchedulerInitiated',
    reason: `Service ${service.name} was deleted`,
  };
  const running = parts.estate.live(service).filter(isActive);
  tasks.stop(service, running, cause, at);
  rollouts.advance(service, at);
}
