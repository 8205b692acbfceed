import type { RuntimeHealth } from '../../runtime';
import {
  type Boundary,
  boundary,
  type ChainInput,
  fact,
  failedPart,
} from './chainParts';
import { ownAlarms } from './serviceBoundary';
import { targetAdvice } from './targetAdvice';
import { isRunning } from './tasks';
import { counted, plain } from './vendorText';

type Group = RuntimeHealth['targetGroups'][number];
type Target = Group['targets'][number];

/** Target groups that the part of a chain is behind. */
function groupsOf({ part, health, runtime }: ChainInput): Group[] {
  const all = (health?.targetGroups ?? []).filter(group =>
    runtime.service.targetGroups.includes(group.arn),
  );
  const own = all.filter(group => part.targetGroups.includes(group.arn));
  if (own.length > 0) return own;
  const live = all.filter(group => (group.weight ?? 0) > 0);
  return live.length > 0 ? live : all;
}

/** Targets of the tasks of this part, as far as addresses tell them from those of the other one. */
function targetsOf({ part }: ChainInput, groups: Group[]): Target[] {
  const targets = groups
    .flatMap(group => group.targets)
    .filter(target => target.state !== 'draining');
  const addresses = new Set(part.tasks.flatMap(task => task.address ?? []));
  if (part.role === 'current' || addresses.size === 0) return targets;
  const own = targets.filter(target => addresses.has(target.id));
  return own;
}

/** Whether the balancer's health checks reach the tasks. */
export function targetBoundary(input: ChainInput): Boundary {
  const { health, part, runtime, moving } = input;
  if (runtime.service.targetGroups.length === 0) {
    return boundary('target', 'absent', 'No target group');
  }
  const groups = groupsOf(input);
  const problem = failedPart(health, /target/);
  if (groups.length === 0 || problem !== undefined) {
    return boundary('target', 'unknown', 'Targets were not read', {
      facts: fact('Not read', problem),
    });
  }
  const targets = targetsOf(input, groups);
  const good = targets.filter(target => target.state === 'healthy').length;
  const bad = targets.filter(target => isBad(target, part.role));
  const waiting = targets.filter(target => isWaiting(target, part.role));
  const running = part.tasks.filter(isRunning).length;
  const facts = groups.flatMap(factsOf);
  const summary = `${good} of ${targets.length} healthy`;
  if (bad.length > 0) {
    const { cause, advice } = targetAdvice(bad[0].reason);
    const told = plain(bad[0].description, 200);
    return boundary('target', 'unhealthy', summary, {
      cause: told ? `${cause} (${told})` : cause,
      ...{ advice, facts },
    });
  }
  if (
    targets.length === 0 &&
    running > 0 &&
    part.role === 'current' &&
    !moving
  ) {
    return boundary('target', 'unhealthy', 'No target is registered', {
      cause: `${counted(
        running,
        'task',
      )} run, none is registered with the target group.`,
      advice:
        'Check container name and port in the load balancer settings of the service.',
      facts,
    });
  }
  if (waiting.length > 0 || (targets.length === 0 && moving)) {
    const wait =
      waiting.length > 0 ? targetAdvice(waiting[0].reason) : undefined;
    return boundary('target', 'waiting', summary, {
      facts,
      ...(wait && {
        cause: wait.cause,
        advice: waitAdvice(groups[0], wait.advice),
      }),
    });
  }
  return good === targets.length && good > 0
    ? boundary('target', 'healthy', summary, { facts })
    : boundary('target', 'unknown', summary, { facts });
}

function isBad({ state, reason }: Target, role: string): boolean {
  if (state === 'unhealthy') return true;
  // Before traffic is shifted no rule forwards to a new revision.
  return state === 'unused' && role === 'current' && reason !== undefined;
}

function isWaiting({ state }: Target, role: string): boolean {
  return state === 'initial' || (state === 'unused' && role !== 'current');
}

function waitAdvice(
  { intervalSeconds, healthyThreshold }: Group,
  otherwise: string,
): string {
  return intervalSeconds && healthyThreshold
    ? `Wait for about ${
        intervalSeconds * healthyThreshold
      } s (interval × healthy threshold).`
    : otherwise;
}

function factsOf(group: Group): Boundary['facts'] {
  return [
    ...fact('Target group', plain(group.name, 80)),
    ...fact('Port', group.port),
    ...fact('Path', plain(group.path, 120)),
    ...fact('Expected status', plain(group.matcher, 60)),
    ...fact(
      'Weight',
      group.weight === undefined ? undefined : `${group.weight} %`,
    ),
  ];
}

/** Whether the balancer works and sends traffic here. */
export function balancerBoundary(input: ChainInput): Boundary {
  const { health, part, runtime } = input;
  if (runtime.service.targetGroups.length === 0) {
    return boundary('balancer', 'absent', 'No load balancer');
  }
  const groups = groupsOf(input);
  const problem = failedPart(health, /balancer|target/);
  const found = groups.flatMap(group => group.balancer ?? []);
  if (groups.length === 0 || problem !== undefined) {
    return boundary('balancer', 'unknown', 'The load balancer was not read', {
      facts: fact('Not read', problem),
    });
  }
  const facts = [
    ...found.flatMap(item => fact('Load balancer', plain(item.name, 80))),
    ...found.flatMap(item => fact('Address', plain(item.dnsName, 200))),
    ...groups.flatMap(group =>
      fact(
        'Weight',
        group.weight === undefined ? undefined : `${group.weight} %`,
      ),
    ),
    ...(health?.metrics ?? [])
      .filter(({ value }) => value !== undefined)
      .map(({ name, value, unit }) => ({
        label: plain(name, 60),
        value: `${Math.round((value ?? 0) * 1000) / 1000} ${plain(unit, 20)}`,
      })),
  ];
  const sick = found.find(
    item => !['active', 'provisioning'].includes(item.state),
  );
  if (found.length === 0) {
    return boundary('balancer', 'unhealthy', 'No load balancer uses it', {
      cause: 'No load balancer uses the target group of the service.',
      advice: 'Forward a listener rule of a load balancer to the target group.',
      facts,
    });
  }
  if (sick && ['active_impaired', 'failed'].includes(sick.state)) {
    return boundary('balancer', 'unhealthy', plain(sick.state, 40), {
      cause:
        sick.state === 'failed'
          ? 'The load balancer could not be set up.'
          : 'The load balancer cannot get all it needs to scale.',
      advice: 'Check that its subnets have free addresses.',
      facts,
    });
  }
  if (sick) {
    return boundary(
      'balancer',
      'unknown',
      plain(sick.state, 40) || 'Not known',
      {
        facts,
      },
    );
  }
  if (found.some(item => item.state === 'provisioning')) {
    return boundary('balancer', 'waiting', 'provisioning', { facts });
  }
  const traffic = part.traffic ?? sumOf(groups);
  if (traffic === 0 || traffic === undefined) {
    return part.role === 'current'
      ? boundary('balancer', 'unhealthy', 'No traffic', {
          cause: 'No listener rule sends traffic to the target group.',
          advice: 'Give the target group a weight in a listener rule.',
          facts,
        })
      : boundary('balancer', 'waiting', 'No traffic is sent here', { facts });
  }
  return boundary(
    'balancer',
    'healthy',
    `${Math.round(traffic)} % of the traffic`,
    {
      facts,
    },
  );
}

function sumOf(groups: Group[]): number | undefined {
  const weights = groups.flatMap(({ weight }) => weight ?? []);
  return weights.length > 0
    ? Math.min(
        100,
        weights.reduce((a, b) => a + b, 0),
      )
    : undefined;
}

/** What watches the queue of a worker, which has no balancer. */
export function queueBoundary(input: ChainInput): Boundary {
  const alarms = ownAlarms(input);
  if (alarms.length === 0) {
    return boundary('queue', 'absent', 'No alarm watches its queue');
  }
  const firing = alarms.filter(({ state }) => state === 'alarm');
  const good = alarms.filter(({ state }) => state === 'ok');
  const facts = alarms.map(({ name, state }) => ({
    label: plain(name, 120),
    value: state,
  }));
  const summary = `${good.length} of ${counted(alarms.length, 'alarm')} quiet`;
  if (firing.length > 0) {
    return boundary('queue', 'unhealthy', summary, {
      cause: `The alarm ${plain(firing[0].name, 120)} is firing${
        firing[0].reason ? `: ${plain(firing[0].reason, 200)}` : ''
      }.`,
      advice:
        'Look at the age of the oldest message and at the dead-letter queue.',
      facts,
    });
  }
  return boundary(
    'queue',
    good.length === alarms.length ? 'healthy' : 'unknown',
    summary,
    { facts },
  );
}
