import type { RuntimeTask } from '../../runtime';
import {
  type Boundary,
  boundary,
  type ChainInput,
  fact,
  failedPart,
} from './chainParts';
import { groupStopped, hasHealthCheck, isRunning } from './tasks';
import { counted, lastPart, plain } from './vendorText';

type Container = RuntimeTask['containers'][number];

const NO_CHECK =
  'Define a healthCheck for the container in the task definition; ECS does not see a HEALTHCHECK of a Dockerfile.';
const MAX_REASONS = 3;

/** Containers of the tasks: their own health checks, and how they ended. */
export function containerBoundary(input: ChainInput): Boundary {
  const { part, health } = input;
  const crashed = part.stopped.filter(isCrashed);
  const containers = part.tasks
    .filter(isRunning)
    .flatMap(task => essentialOf(input, task));
  const bad = containers.filter(item => item.health === 'unhealthy');
  const facts = [
    ...stoppedFacts(part.stopped),
    ...fact('Not read', failedPart(health, /^tasks$/)),
  ];
  if (isShort(input) && crashed.length > 0) {
    return boundary('container', 'unhealthy', 'Containers end by themselves', {
      ...crashOf(crashed[0]),
      facts,
    });
  }
  if (bad.length > 0) {
    const { name, reason } = bad[0];
    return boundary(
      'container',
      'unhealthy',
      `${containers.length - bad.length} of ${containers.length} healthy`,
      {
        cause: `The health check of container ${plain(name, 60)} fails${
          reason ? `: ${plain(reason)}` : ''
        }.`,
        advice:
          'Look at the log of the container, and run the command of its health check in it.',
        facts,
      },
    );
  }
  if (containers.length === 0) return nothing('container', input, facts);
  const good = containers.filter(item => item.health === 'healthy').length;
  if (good === containers.length) {
    return boundary('container', 'healthy', `${good} of ${good} healthy`, {
      facts,
    });
  }
  if (hasHealthCheck(input.runtime) === true) {
    return boundary(
      'container',
      'waiting',
      `${good} of ${containers.length} passed the health check yet`,
      { facts },
    );
  }
  return boundary('container', 'unknown', 'No health check is defined', {
    advice: NO_CHECK,
    facts,
  });
}

/** Tasks: whether they start, run, and are well. */
export function taskBoundary(input: ChainInput): Boundary {
  const { part, health } = input;
  const failed = part.stopped.filter(isNotStarted);
  const running = part.tasks.filter(isRunning);
  const facts = [
    ...fact(
      'Task definition',
      part.taskDefinition && lastPart(part.taskDefinition),
    ),
    ...stoppedFacts(part.stopped),
    ...fact('Not read', failedPart(health, /tasks/)),
  ];
  const summary = `${running.length} of ${part.wanted} run`;
  if (isShort(input) && failed.length > 0) {
    return boundary('task', 'unhealthy', summary, {
      ...notStarted(failed[0]),
      facts,
    });
  }
  const bad = running.filter(task => task.health === 'unhealthy').length;
  if (bad > 0) {
    return boundary(
      'task',
      'unhealthy',
      `${bad} of ${running.length} unhealthy`,
      {
        cause: `${counted(
          bad,
          'task',
        )} failed the health check of an essential container.`,
        advice: 'Look at the containers of these tasks and their logs.',
        facts,
      },
    );
  }
  if (part.tasks.length === 0) return nothing('task', input, facts);
  if (running.length < part.tasks.length && running.length < part.wanted) {
    return boundary('task', 'waiting', `${summary}, others start`, { facts });
  }
  const good = running.filter(task => task.health === 'healthy').length;
  if (good === running.length && good > 0) {
    return boundary('task', 'healthy', summary, { facts });
  }
  return boundary('task', 'unknown', `${summary}, health not known`, {
    facts,
    advice: hasHealthCheck(input.runtime) === true ? undefined : NO_CHECK,
  });
}

function nothing(
  name: 'container' | 'task',
  { part, health, moving }: ChainInput,
  facts: Boundary['facts'],
): Boundary {
  if (failedPart(health, /tasks/) !== undefined) {
    return boundary(name, 'unknown', 'Tasks could not be read', { facts });
  }
  if (part.wanted <= 0) {
    return boundary(
      name,
      'unknown',
      part.role === 'current'
        ? 'Nothing runs: desired count is 0'
        : 'No task is wanted',
      { facts },
    );
  }
  if (moving) return boundary(name, 'waiting', 'No task runs yet', { facts });
  return name === 'task'
    ? boundary(name, 'unhealthy', `0 of ${part.wanted} run`, {
        cause: 'No task runs.',
        advice:
          'Look at the events of the service and at the last stopped tasks.',
        facts,
      })
    : boundary(name, 'unknown', 'No container runs', { facts });
}

function isShort({ part }: ChainInput): boolean {
  return part.tasks.filter(isRunning).length < part.wanted;
}

function isCrashed(task: RuntimeTask): boolean {
  return (
    !isNotStarted(task) &&
    (task.stopCode === 'EssentialContainerExited' ||
      /container health check|essential container/i.test(
        task.stoppedReason ?? '',
      ))
  );
}

function isNotStarted(task: RuntimeTask): boolean {
  return (
    task.stopCode === 'TaskFailedToStart' ||
    /cannotpull|resourceinitialization|cannotstart|outofmemory.*start/i.test(
      task.stoppedReason ?? '',
    )
  );
}

function crashOf(task: RuntimeTask): Pick<Boundary, 'cause' | 'advice'> {
  const exited = task.containers.find(
    ({ exitCode }) => exitCode !== undefined && exitCode !== 0,
  );
  const why = plain(exited?.reason ?? task.stoppedReason);
  const what = exited
    ? `Container ${plain(exited.name, 60)} exited with code ${exited.exitCode}`
    : 'An essential container ended';
  const oom = exited?.exitCode === 137 || /outofmemory/i.test(why);
  return {
    cause: `${what}${why ? ` (${why})` : ''}.`,
    advice: oom
      ? 'Code 137 is a kill, mostly for want of memory: give the task more, or find what uses it.'
      : 'Look at the last lines of its log, and at variables and secrets of the task definition.',
  };
}

function notStarted(task: RuntimeTask): Pick<Boundary, 'cause' | 'advice'> {
  const why = plain(task.stoppedReason, 300) || 'The task could not be started';
  const image = /cannotpull|image/i.test(why);
  const secret = /secret|parameter|resourceinitialization/i.test(why);
  const other = secret
    ? 'Let the execution role read the secrets the task definition names, and give the subnets a way to reach them.'
    : 'Look at the events of the service: capacity, subnets, or the execution role.';
  return {
    cause: why,
    advice: image
      ? 'Check that the image is still in the registry, and that the execution role and the network may pull it.'
      : other,
  };
}

function stoppedFacts(stopped: RuntimeTask[]): Boundary['facts'] {
  return groupStopped(stopped)
    .slice(0, MAX_REASONS)
    .map(({ reason, count }) => ({
      label: `Stopped ${count}×`,
      value: reason,
    }));
}

function essentialOf(
  { runtime, part }: ChainInput,
  task: RuntimeTask,
): Container[] {
  const arn = task.taskDefinition ?? part.taskDefinition;
  const definition = arn ? runtime.taskDefinitions.get(arn) : undefined;
  const essential = new Set(
    definition?.containers.filter(it => it.essential).map(it => it.name),
  );
  const found = task.containers.filter(({ name }) => essential.has(name));
  return found.length > 0 ? found : task.containers;
}
