import { type Boundary, boundary, type ChainInput, fact } from './chainParts';
import { currentFact } from './isMovingService';
import { targetAdvice } from './targetAdvice';
import { counted, plain } from './vendorText';

const MAX_EVENTS = 5;
const IGNORED = 'ECS will ignore it for the next deployment';

/** The service: as many tasks as wanted, and how its rollout goes. */
export function serviceBoundary(input: ChainInput): Boundary {
  const { runtime, part, moving } = input;
  const { service, deployments } = runtime;
  const current = currentFact(service, deployments);
  const breaker = current?.circuitBreaker;
  const firing = firingOf(input);
  const facts = [
    ...fact('Rollout', current && plain(current.rawStatus, 60)),
    ...fact('Stage', current && plain(current.stage, 60)),
    ...fact('Reason', current && plain(current.statusReason, 300)),
    ...(breaker && breaker.state !== 'disabled'
      ? fact('Circuit breaker', `${breaker.failures} of ${breaker.threshold}`)
      : []),
    ...firing.map(name => ({
      label: 'Alarm',
      value: `${name} is firing: ${IGNORED}.`,
    })),
    ...service.events
      .slice(0, MAX_EVENTS)
      .map(event => ({ label: 'Event', value: plain(event.message, 300) })),
  ];
  const found = stateOf(input);
  const alarm =
    firing.length > 0
      ? {
          summary: `${found.summary}; ${counted(
            firing.length,
            'alarm',
          )} firing`,
          cause: found.cause ?? `The alarm ${firing.join(', ')} is firing.`,
          advice: [
            found.advice,
            `The alarm ${firing.join(', ')} is firing: ${IGNORED}${
              moving
                ? ', if it fired when this one began, also for this one'
                : ''
            }. Clear it before you deploy.`,
          ]
            .filter(Boolean)
            .join(' '),
        }
      : {};
  return { ...found, ...alarm, facts, boundary: 'service' };

  function stateOf({ part: { role } }: ChainInput): Boundary {
    const { desired, running, status } = service;
    if (status === 'missing' || status === 'inactive') {
      return boundary('service', 'unhealthy', 'There is no such service', {
        cause: 'ECS does not know the service any more.',
        advice: 'Create it again, or change the name that the portal reads.',
      });
    }
    const has = role === 'current' ? running : part.tasks.length;
    const wanted = role === 'current' ? desired : part.wanted;
    const summary = `${has} of ${counted(wanted, 'task')}`;
    const failed = Math.max(
      0,
      ...service.deployments.map(it => it.failedTasks),
    );
    if (role === 'new' && current && isBad(current.status)) {
      return boundary('service', 'unhealthy', 'The rollout failed', {
        cause:
          plain(current.rollback?.reason ?? current.statusReason, 300) ||
          'ECS gave the deployment up.',
        advice:
          'The revision before stays or comes back. Mend the cause and deploy again.',
      });
    }
    if (role !== 'current') {
      return moving && has < wanted
        ? boundary(
            'service',
            'waiting',
            failed > 0 && role === 'new'
              ? `${summary}, ${counted(failed, 'task')} failed`
              : summary,
          )
        : boundary('service', 'healthy', summary);
    }
    if (status === 'unknown') {
      return boundary('service', 'unknown', `${summary}, state not known`);
    }
    if (desired <= 0) {
      return boundary('service', 'unknown', 'Nothing runs: desired count is 0');
    }
    if (running >= desired) return boundary('service', 'healthy', summary);
    if (moving) return boundary('service', 'waiting', summary);
    const killed = killedByBalancer(input);
    if (killed) return boundary('service', 'unhealthy', summary, killed);
    return boundary('service', 'unhealthy', summary, {
      cause: `${desired - running} of ${counted(desired, 'task')} ${
        desired - running === 1 ? 'is' : 'are'
      } missing and nothing is being rolled out.`,
      advice:
        'Look at the events of the service and at the last stopped tasks.',
    });
  }
}

/** Tasks that are missing because the balancer's checks failed: the cause lies behind this boundary, so it is told here. */
function killedByBalancer({ health }: ChainInput) {
  const reason = (health?.stopped ?? []).find(task =>
    /failed (elb|.*load balancer) health checks/i.test(
      task.stoppedReason ?? '',
    ),
  )?.stoppedReason;
  if (reason === undefined) return undefined;
  const target = (health?.targetGroups ?? [])
    .flatMap(group => group.targets)
    .find(each => each.state === 'unhealthy');
  const said = [target?.reason, target?.description].filter(Boolean).join(': ');
  return {
    cause: `ECS stopped tasks because the balancer found them unhealthy: ${plain(
      said || reason,
      200,
    )}.`,
    advice: targetAdvice(target?.reason).advice,
  };
}

function isBad(status: string): boolean {
  return ['rolling_back', 'rolled_back', 'failed', 'rollback_failed'].includes(
    status,
  );
}

/** Names of the service's alarms that ring. */
export function firingOf({ runtime, health }: ChainInput): string[] {
  return ownAlarms({ runtime, health })
    .filter(alarm => alarm.state === 'alarm')
    .map(alarm => plain(alarm.name, 120));
}

/** Alarms the service names, as last read. */
export function ownAlarms({
  runtime,
  health,
}: Pick<ChainInput, 'runtime' | 'health'>) {
  const names = new Set(runtime.service.alarmNames);
  const read = (health?.alarms ?? []).filter(({ name }) => names.has(name));
  return read.length > 0
    ? read
    : runtime.alarms.filter(({ name }) => names.has(name));
}
