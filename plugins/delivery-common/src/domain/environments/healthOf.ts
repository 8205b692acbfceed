import type { EnvironmentHealth } from '../../contract';
import type { EnvironmentFacts, RuntimeState } from './facts';
import { isMovingService } from './isMovingService';
import { hasHealthCheck, isRunning } from './tasks';
import { counted, plain } from './vendorText';

const health = (
  state: EnvironmentHealth['state'],
  code: string,
  message: string,
): EnvironmentHealth => ({ state, code, message });

/**
 * How an environment is. Unknown is never green, and neither is what runs no task; what could not be read again keeps its last state.
 */
export function healthOf({
  place: { runtime },
  pipeline,
}: EnvironmentFacts): EnvironmentHealth {
  if (!runtime) {
    return pipeline.length > 0
      ? health(
          'none',
          'declared',
          'Declared, not observed: no runtime is read for this environment.',
        )
      : health('none', 'never_deployed', 'Nothing was deployed here yet.');
  }
  if (!runtime.service) {
    return health(
      'unknown',
      'not_read',
      `The service ${plain(runtime.ref.service, 80)} was not read yet.`,
    );
  }
  const own = ofService(runtime, runtime.service);
  const firing = firingAlarms(runtime);
  if (firing.length === 0 || !['healthy', 'unknown'].includes(own.state)) {
    return own;
  }
  return health(
    'degraded',
    'alarm',
    `${firing.length === 1 ? 'The alarm' : 'The alarms'} ${firing.join(', ')} ${
      firing.length === 1 ? 'is' : 'are'
    } firing.`,
  );
}

/** Names of the service's own alarms that ring. */
export function firingAlarms({ service, alarms }: RuntimeState): string[] {
  const own = new Set(service?.alarmNames);
  return alarms
    .filter(alarm => alarm.state === 'alarm' && own.has(alarm.name))
    .map(alarm => plain(alarm.name, 120))
    .sort();
}

function ofService(
  runtime: RuntimeState,
  service: NonNullable<RuntimeState['service']>,
): EnvironmentHealth {
  const { desired, running, status } = service;
  if (status === 'missing' || status === 'inactive') {
    const { service: name, cluster } = runtime.ref;
    return health(
      'none',
      'service_missing',
      `There is no service ${plain(name, 80)} in cluster ${plain(
        cluster,
        80,
      )} any more. Create it again, or change the name that the portal reads.`,
    );
  }
  if (desired <= 0) {
    return running > 0
      ? health(
          'degraded',
          'stopping',
          `Desired count is 0; ${counted(running, 'task')} still ${
            running === 1 ? 'runs' : 'run'
          }.`,
        )
      : health('none', 'nothing_runs', 'Nothing runs: desired count is 0.');
  }
  const moving = isMovingService(service, runtime.deployments);
  const failed = Math.max(
    0,
    ...service.deployments
      .filter(item => item.role === 'primary')
      .map(item => item.failedTasks),
  );
  const count = `${running} of ${counted(desired, 'task')} ${
    running === 1 ? 'runs' : 'run'
  }`;
  if (running <= 0) {
    return moving && failed === 0
      ? health('unknown', 'starting', `${count}; a rollout is under way.`)
      : health(
          'unhealthy',
          'no_tasks',
          `${count}${
            failed > 0 ? `; ${counted(failed, 'new task')} failed` : ''
          }. Look at the last stopped tasks.`,
        );
  }
  if (status === 'draining') {
    return health('degraded', 'draining', `The service is deleted; ${count}.`);
  }
  const tasks = ofTasks(runtime, count);
  if (tasks.state === 'unhealthy') return tasks;
  if (moving && failed > 0) {
    return health(
      'degraded',
      'tasks_failing',
      `${count}; ${counted(failed, 'new task')} failed during the rollout.`,
    );
  }
  if (running < desired && !moving) {
    return health(
      'degraded',
      'tasks_missing',
      `${count} and nothing is being rolled out. Look at the events of the service.`,
    );
  }
  return status === 'unknown' && tasks.state === 'healthy'
    ? health(
        'unknown',
        'status_unknown',
        `The state of the service is not known; ${count}.`,
      )
    : tasks;
}

function ofTasks(runtime: RuntimeState, count: string): EnvironmentHealth {
  const tasks = runtime.tasks?.tasks.filter(isRunning) ?? [];
  const bad = tasks.filter(task => task.health === 'unhealthy').length;
  const good = tasks.filter(task => task.health === 'healthy').length;
  if (bad > 0 && bad === tasks.length) {
    return health(
      'unhealthy',
      'tasks_unhealthy',
      'No task passes its health check.',
    );
  }
  if (bad > 0) {
    return health(
      'degraded',
      'tasks_unhealthy',
      `${bad} of ${counted(tasks.length, 'task')} ${
        bad === 1 ? 'does' : 'do'
      } not pass the health check.`,
    );
  }
  if (hasHealthCheck(runtime) === false) {
    return health(
      'unknown',
      'no_health_check',
      `No health check is defined in the task definition; ${count}.`,
    );
  }
  if (tasks.length === 0) {
    return health(
      'unknown',
      'tasks_not_read',
      `${count}; their health was not read yet.`,
    );
  }
  if (good === tasks.length) return health('healthy', 'tasks_run', `${count}.`);
  return good === 0 && hasHealthCheck(runtime) === undefined
    ? health(
        'unknown',
        'no_health_check',
        `No health check is defined; ${count}.`,
      )
    : health(
        'unknown',
        'checking',
        `${good} of ${counted(
          tasks.length,
          'task',
        )} passed the health check yet.`,
      );
}
